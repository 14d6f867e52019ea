import { JsonText, stderrLog, TaskCancelledError, TaskError, Worker } from "@pawl/sdk";
import type { TaskContext } from "@pawl/sdk";
import type {
  DriverEvent,
  HandlerName,
  OpenWorker,
  RegisteredTask,
  ReleaseTask,
} from "../../support/protocol.ts";
import { handlers, type HandlerInput } from "./handlers.ts";

/** Inputs up to this size are told in task.start. */
const toldInputBytesMax = 2_048;

/** The workers that the suite has opened, and the tasks that wait for its word. */
export class DriverWorkers {
  readonly #say: (event: DriverEvent) => void;
  readonly #workers = new Map<string, Worker>();
  readonly #held = new Map<string, PromiseWithResolvers<unknown>>();

  constructor(say: (event: DriverEvent) => void) {
    this.#say = say;
  }

  open(command: OpenWorker): object {
    const { worker: name, pools = {}, tasks, concurrency, maxInlineInputBytes, identity } = command;
    const worker = new Worker({
      address: command.address,
      log: stderrLog,
      pools: Object.fromEntries(
        Object.entries(pools).map(([pool, slots]) => [pool, { concurrency: slots }]),
      ),
      ...(command.headers !== undefined && { headers: command.headers }),
      ...(concurrency !== undefined && { concurrency }),
      ...(maxInlineInputBytes !== undefined && { maxInlineInputBytes }),
      ...(identity !== undefined && { identity }),
      ...(command.quiet !== true && {
        onOutcome: ({ execution, resource, status }) =>
          this.#say({ event: "outcome", worker: name, execution, resource, status }),
      }),
    });
    for (const task of tasks) this.#register(worker, command, task);
    this.#workers.set(name, worker);
    worker.start().catch((error: unknown) => console.error(error));
    return {};
  }

  async close(command: { readonly worker: string; readonly graceMs?: number }): Promise<object> {
    const { worker: name, graceMs } = command;
    const worker = this.#workers.get(name);
    if (worker === undefined) throw new Error(`no worker is named ${name}`);
    await worker.close(graceMs === undefined ? {} : { graceMs });
    this.#workers.delete(name);
    return {};
  }

  release({ taskId, output, error, cause }: ReleaseTask): object {
    const held = this.#held.get(taskId);
    if (held === undefined) throw new Error(`no task ${taskId} is held`);
    if (error === undefined) held.resolve(new JsonText(output ?? "null"));
    else held.reject(new TaskError(error, cause));
    return {};
  }

  #register(worker: Worker, { worker: name, quiet }: OpenWorker, task: RegisteredTask): void {
    const { resource, handler, ...options } = task;
    const run = handler === "hold" ? this.#hold.bind(this) : handlers[handler];
    worker.task<HandlerInput>(resource, options, (input, ctx) =>
      quiet === true ? run(input, ctx) : this.#told({ name, handler, run }, input, ctx),
    );
  }

  /** Runs a handler between its two events. */
  async #told(
    { name, handler, run }: { name: string; handler: HandlerName; run: Handler },
    input: HandlerInput,
    ctx: TaskContext,
  ): Promise<unknown> {
    const { taskId, resource, execution, attempt, inputText } = ctx;
    this.#say({
      event: "task.start",
      worker: name,
      handler,
      resource,
      taskId,
      execution,
      attempt,
      ...(Buffer.byteLength(inputText) < toldInputBytesMax && { input: inputText }),
      ...(handler === "token" && { taskToken: Buffer.from(ctx.taskToken).toString("base64") }),
    });
    const end = { event: "task.end", worker: name, taskId } as const;
    try {
      const output = await run(input, ctx);
      this.#say({ ...end, as: "output" });
      return output;
    } catch (error) {
      const reason: unknown = ctx.signal.aborted ? ctx.signal.reason : undefined;
      this.#say(
        reason instanceof TaskCancelledError
          ? { ...end, as: "cancelled", reason: reason.reason }
          : { ...end, as: "error" },
      );
      throw error;
    }
  }

  async #hold({ details }: HandlerInput, ctx: TaskContext): Promise<unknown> {
    const held = Promise.withResolvers<unknown>();
    this.#held.set(ctx.taskId, held);
    ctx.signal.addEventListener("abort", () => held.reject(ctx.signal.reason));
    if (details !== undefined) ctx.heartbeat(new JsonText(details));
    try {
      return await held.promise;
    } finally {
      if (this.#held.get(ctx.taskId) === held) this.#held.delete(ctx.taskId);
    }
  }
}

type Handler = (input: HandlerInput, ctx: TaskContext) => unknown;
