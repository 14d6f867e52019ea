import { hostname } from "node:os";
import { create } from "@bufbuild/protobuf";
import { Channel } from "./channel.ts";
import { PawlError } from "./errors.ts";
import {
  GetTaskInputRequestSchema,
  HelloSchema,
  WorkerService,
} from "./gen/pawl/v1/worker_service_pb.ts";
import type { Hello } from "./gen/pawl/v1/worker_service_pb.ts";
import { GrpcTransport } from "./grpc-transport.ts";
import { stderrLog } from "./log.ts";
import type { Log } from "./log.ts";
import { withRetry } from "./retry.ts";
import { SessionLink } from "./session-link.ts";
import { SlotPool } from "./slot-pool.ts";
import type { TaskRun } from "./task-run.ts";
import { TaskRuns } from "./task-runs.ts";
import { uniqueId } from "./unique-id.ts";
import { sdkVersion } from "./version.ts";
import type { CloseOptions, TaskHandler, TaskOptions, WorkerOptions } from "./worker-options.ts";

/** Tasks at one time where nothing else is said. */
const concurrencyDefault = 100;

/**
 * Works on tasks over one stream to a server.
 *
 * ```ts
 * const worker = new Worker({ address: "localhost:7300" });
 * worker.task("process:order", async (input: Order, ctx) => ({ total: total(input) }));
 * await worker.run();
 * ```
 *
 * Each attempt's outcome is sent until the server has recorded or finally refused it, over as many
 * connections as that takes. A task may still run more than once (a worker dies, a lease is lost): act
 * once by `ctx.idempotencyKey`.
 */
export class Worker {
  /** Of this process's worker, on all its sessions. */
  readonly workerId: string = uniqueId();
  readonly #options: WorkerOptions;
  readonly #log: Log;
  readonly #channel: Channel;
  readonly #pools = new Map<string, SlotPool>();
  readonly #runs: TaskRuns;
  readonly #link: SessionLink;
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: WorkerOptions = {}) {
    this.#options = options;
    this.#log = options.log ?? stderrLog;
    this.#channel = new Channel(options);
    const transport = new GrpcTransport(this.#channel);
    this.#runs = new TaskRuns(this.#log, this.#pools, async (taskToken) => {
      const request = create(GetTaskInputRequestSchema, { taskToken });
      const { input } = await withRetry(
        (call) => transport.unary(WorkerService.method.getTaskInput, request, call),
        {
          timeoutMs: 30_000,
        },
      );
      return input;
    });
    this.#runs.onReported = options.onOutcome;
    this.#link = new SessionLink({
      log: this.#log,
      runs: this.#runs,
      pools: this.#pools,
      openStream: () => this.#channel.duplex(WorkerService.method.work),
      renewConnection: () => this.#channel.renew(),
      hello: (sessionIndex, held) => this.#hello(sessionIndex, held),
    });
  }

  /**
   * Registers the handler of a resource: a name, an ARN, or a prefix with `*` (`payments:*`). Before `start`.
   *
   * @throws PawlError INVALID_ARGUMENT for a resource that is registered already
   */
  task<Input = unknown, Output = unknown>(
    resource: string,
    handler: TaskHandler<Input, Output>,
  ): this;
  task<Input = unknown, Output = unknown>(
    resource: string,
    options: TaskOptions,
    handler: TaskHandler<Input, Output>,
  ): this;
  task<Input, Output>(
    resource: string,
    optionsOrHandler: TaskOptions | TaskHandler<Input, Output>,
    maybeHandler?: TaskHandler<Input, Output>,
  ): this {
    const [options, handler] =
      typeof optionsOrHandler === "function"
        ? [{}, optionsOrHandler]
        : [optionsOrHandler, maybeHandler as TaskHandler<Input, Output>];
    if (this.#running !== undefined)
      throw new PawlError("FAILED_PRECONDITION", `task ${resource} comes after the worker's start`);
    if (resource === "") throw new PawlError("INVALID_ARGUMENT", "a task's resource is empty");
    for (const pool of this.#pools.values()) {
      if (pool.resources.includes(resource))
        throw new PawlError("INVALID_ARGUMENT", `task ${resource} is registered twice`);
    }
    const pool = this.#poolOf(resource, options);
    pool.registrations.push({ resource, options, handler });
    return this;
  }

  /** Connects, and keeps connecting for ever; resolves once a server has welcomed the worker. */
  async start(): Promise<void> {
    if (this.#pools.size === 0)
      throw new PawlError("FAILED_PRECONDITION", "the worker has no tasks");
    if (this.#running === undefined) {
      this.#running = this.#link.run();
      this.#running.catch(() => this.#channel.close());
    }
    await this.#link.connected;
  }

  /** Starts, and works until `close` is called or the process gets SIGINT or SIGTERM, which drain the worker. */
  async run(options: CloseOptions = {}): Promise<void> {
    const onSignal = (): void => void this.close(options);
    const signals = ["SIGINT", "SIGTERM"] as const;
    for (const signal of signals) process.once(signal, onSignal);
    try {
      await this.start().catch((error: unknown) => {
        if (this.#closing === undefined) throw error;
      });
      await this.#running;
      await this.#closing;
    } finally {
      for (const signal of signals) process.off(signal, onSignal);
    }
  }

  /**
   * Takes no more tasks, lets running handlers finish, and leaves once every outcome is acknowledged.
   *
   * After the grace period handlers are aborted (`WORKER_CLOSED`) and their tasks handed back, attempt not
   * counted.
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options.graceMs ?? 30_000);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(graceMs: number): Promise<void> {
    const graceEndsAt = performance.now() + graceMs;
    this.#runs.isRefusing = true;
    await this.#link.drain(graceMs);
    if (!(await this.#runs.idleWithin(graceEndsAt - performance.now()))) {
      this.#runs.cancelAll("WORKER_CLOSED");
      await this.#runs.idleWithin(1_000);
    }
    this.#runs.releaseAll();
    await this.#link.close();
    await this.#running?.catch(() => undefined);
    this.#channel.close();
  }

  #poolOf(resource: string, options: TaskOptions): SlotPool {
    const name = options.pool ?? resource;
    let pool = this.#pools.get(name);
    if (pool === undefined) {
      const shared = options.pool === undefined ? undefined : this.#options.pools?.[options.pool];
      const concurrency =
        shared?.concurrency ??
        options.concurrency ??
        this.#options.concurrency ??
        concurrencyDefault;
      pool = new SlotPool(name, concurrency);
      this.#pools.set(name, pool);
    }
    return pool;
  }

  #hello(sessionIndex: number, held: Iterable<TaskRun>): Hello {
    return create(HelloSchema, {
      protocolVersion: 1,
      workerId: this.workerId,
      sessionIndex,
      identity: this.#options.identity ?? `${process.pid}@${hostname()}`,
      pools: [...this.#pools.values()].map(({ name, resources, concurrency }) => ({
        name,
        resources,
        slots: concurrency,
      })),
      buildId: this.#options.buildId ?? "",
      labels: { ...this.#options.labels },
      runtime: {
        sdkName: "@pawl/sdk",
        sdkVersion,
        language: "node",
        languageVersion: process.versions.node,
        os: process.platform,
      },
      heldTaskTokens: Array.from(held, ({ task }) => task.taskToken),
      maxInlineInputBytes: this.#options.maxInlineInputBytes ?? 64 * 1024,
    });
  }
}
