import type {
  CancelReason,
  HeartbeatReply,
  OutcomeAck,
  SessionSink,
  Task,
  TaskHeartbeat,
  TaskOutcome,
  TaskTokenState,
  WorkerHello,
  WorkerInfo,
  WorkerSession,
} from "./engine.ts";
import type { Delivery, Dispatcher, Pool, Recipient } from "./dispatch.ts";
import type { TaskTokens } from "./task-token.ts";
import { queueName } from "../asl/index.ts";

export interface LiveSessionOptions {
  readonly sessionId: string;
  readonly serverId: string;
  readonly hello: Omit<WorkerHello, "heldTaskTokens">;
  readonly sink: SessionSink;
  readonly held: readonly TaskTokenState[];
  readonly warnings: readonly string[];
  readonly dispatcher: Dispatcher;
  readonly tokens: TaskTokens;
  readonly nowMs: () => number;
  readonly onAccepted: (delivery: Delivery) => void;
  readonly report: (outcomes: readonly TaskOutcome[], onAck: (ack: OutcomeAck) => void) => void;
  readonly heartbeat: (beats: readonly TaskHeartbeat[]) => Promise<readonly HeartbeatReply[]>;
  readonly onClosed: (session: LiveSession, clean: boolean) => void;
  readonly onError: (error: unknown, message: string) => void;
}

const drainLookMs = 20;

/** One worker's stream, as the engine sees it: its credit, its deliveries, its life. */
export class LiveSession implements WorkerSession, Recipient {
  readonly #options: LiveSessionOptions;
  readonly pools: readonly Pool[];
  readonly connectedAtMs: number;
  lastSeenAtMs: number;
  isOpen = true;
  isDraining = false;
  readonly acceptsOnDelivery = false;

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    this.connectedAtMs = options.nowMs();
    this.lastSeenAtMs = this.connectedAtMs;
    this.pools = options.hello.pools.map(({ name, resources }) => newPool(this, name, resources));
  }

  get sessionId(): string {
    return this.#options.sessionId;
  }

  get workerName(): string {
    return this.#options.hello.identity;
  }

  get isNative(): boolean {
    return this.#options.hello.isNative ?? false;
  }

  get maxInlineInputBytes(): number {
    return this.#options.hello.maxInlineInputBytes;
  }

  get held(): readonly TaskTokenState[] {
    return this.#options.held;
  }

  get warnings(): readonly string[] {
    return this.#options.warnings;
  }

  get hello(): Omit<WorkerHello, "heldTaskTokens"> {
    return this.#options.hello;
  }

  // ---- from the worker ----

  demand(limits: Readonly<Record<string, number>>): void {
    if (this.isDraining) return;
    for (const pool of this.pools) {
      const limit = limits[pool.name];
      if (limit === undefined || limit <= pool.limit) continue;
      pool.limit = limit;
      this.#options.dispatcher.wake(pool);
    }
  }

  accept(taskTokens: readonly Uint8Array[]): void {
    for (const token of taskTokens) {
      const delivery = this.#own(token);
      if (delivery !== undefined && delivery.acceptedAtMs === undefined)
        this.#options.onAccepted(delivery);
    }
  }

  release(taskTokens: readonly Uint8Array[], redeliverAfterMs = 0): void {
    const released = taskTokens
      .map((token) => this.#own(token))
      .filter((delivery) => delivery !== undefined);
    const release = (): void => void this.#options.dispatcher.release(released);
    if (redeliverAfterMs > 0)
      setTimeout(release, Math.min(redeliverAfterMs, redeliverAfterMaxMs)).unref();
    else release();
  }

  heartbeat(beats: readonly TaskHeartbeat[]): void {
    this.#options.heartbeat(beats).then(
      (replies) => this.isOpen && this.#options.sink.heartbeatReplies(replies),
      (error: unknown) => this.#options.onError(error, "could not answer heartbeats"),
    );
  }

  report(outcomes: readonly TaskOutcome[]): void {
    this.#options.report(outcomes, (ack) => {
      if (this.isOpen) this.#options.sink.outcomeAcks([ack]);
    });
  }

  async drain(): Promise<number> {
    this.isDraining = true;
    for (const pool of this.pools) pool.limit = 0;
    while (this.isOpen && this.#isAwaitingTasks) await drainLook();
    return this.pools.reduce((sum, { delivered }) => sum + delivered, 0);
  }

  /** Whether tasks are being committed for it that have not been sent. */
  get #isAwaitingTasks(): boolean {
    return this.pools.some(({ sent, delivered }) => sent > delivered);
  }

  touch(): void {
    this.lastSeenAtMs = this.#options.nowMs();
  }

  tasksSent(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.pools.map(({ name, delivered }) => [name, delivered]));
  }

  close(clean: boolean): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#options.onClosed(this, clean);
  }

  // ---- to the worker ----

  send(task: Task): void {
    this.#options.sink.tasks([task]);
  }

  cancel(delivery: Delivery, reason: CancelReason): void {
    if (this.isOpen) this.#options.sink.cancel([delivery.token], reason);
  }

  serverDrain(reason: string, deadlineMs: number): void {
    if (this.isOpen) this.#options.sink.serverDrain(reason, deadlineMs);
  }

  end(error: Error): void {
    if (this.isOpen) this.#options.sink.end(error);
    this.close(false);
  }

  info(): WorkerInfo {
    const { hello, serverId, sessionId } = this.#options;
    const running: Record<string, number> = Object.fromEntries(
      hello.pools.map(({ name }) => [name, 0]),
    );
    for (const { pool } of this.#options.dispatcher.deliveries()) {
      if (pool.session === this) running[pool.name] = (running[pool.name] ?? 0) + 1;
    }
    return {
      workerId: hello.workerId,
      identity: hello.identity,
      sessionId,
      serverId,
      status: this.isDraining ? "DRAINING" : "CONNECTED",
      pools: hello.pools,
      runtime: hello.runtime,
      labels: hello.labels,
      buildId: hello.buildId,
      connectedAtMs: this.connectedAtMs,
      lastSeenAtMs: this.lastSeenAtMs,
      remoteAddress: hello.remoteAddress,
      running,
    };
  }

  /** The delivery a token of this session stands for, if it is still open. */
  #own(token: Uint8Array): Delivery | undefined {
    const facts = this.#options.tokens.open(token);
    if (facts === undefined) return undefined;
    const delivery = this.#options.dispatcher.find(facts.executionId, facts.taskId);
    return delivery?.epoch === facts.epoch && delivery.pool.session === this ? delivery : undefined;
  }
}

export const redeliverAfterMaxMs = 24 * 60 * 60 * 1000;

/** @param resources queue names in any spelling, or prefixes ending in `*`. */
/** A moment, while something drains. */
export function drainLook(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, drainLookMs));
}

export function newPool(session: Recipient, name: string, resources: readonly string[]): Pool {
  const exact = resources.filter((resource) => !resource.endsWith("*"));
  const prefixes = resources
    .filter((resource) => resource.endsWith("*"))
    .map((resource) => resource.slice(0, -1));
  return {
    name,
    session,
    queues: new Set(exact.map(queueName)),
    prefixes,
    limit: 0,
    sent: 0,
    delivered: 0,
  };
}
