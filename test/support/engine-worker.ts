import type {
  CancelReason,
  Engine,
  HeartbeatReply,
  OutcomeAck,
  Task,
  TaskOutcome,
  WorkerHello,
  WorkerSession,
} from "../../server/engine/engine.ts";
import { until } from "./engines.ts";

type Result = TaskOutcome["result"];

export interface WorkerOptions {
  readonly workerId?: string;
  readonly pools?: WorkerHello["pools"];
  readonly heldTaskTokens?: readonly Uint8Array[];
  /** How many tasks of each pool it asks for at once; 0: none yet. */
  readonly credit?: number;
  /** Accepts each task and reports this; each outcome brings new credit. Absent: the test does it. */
  readonly work?: (task: Task) => Result | Promise<Result>;
}

/** A worker's session on an engine, as the doors drive it. Keeps all it is told. */
export class EngineWorker {
  readonly tasks: Task[] = [];
  readonly acks: OutcomeAck[] = [];
  readonly cancels: { readonly token: string; readonly reason: CancelReason }[] = [];
  readonly heartbeatReplies: HeartbeatReply[] = [];
  readonly ended: Error[] = [];
  session!: WorkerSession;
  #credit = 0;

  static async open(
    engine: Engine,
    resources: readonly string[],
    options: WorkerOptions = {},
  ): Promise<EngineWorker> {
    const worker = new EngineWorker();
    const pools = options.pools ?? [{ name: "default", resources, slots: 10 }];
    const { work } = options;
    worker.session = await engine.openSession(
      {
        workerId: options.workerId ?? `worker-${(workers += 1)}`,
        sessionIndex: 0,
        identity: "a worker",
        pools,
        labels: {},
        runtime: {},
        buildId: "",
        heldTaskTokens: options.heldTaskTokens ?? [],
        maxInlineInputBytes: 1_048_576,
        remoteAddress: "",
      },
      {
        tasks: (tasks) => {
          worker.tasks.push(...tasks);
          if (work !== undefined) for (const task of tasks) void worker.#work(task, work);
        },
        outcomeAcks: (acks) => worker.acks.push(...acks),
        heartbeatReplies: (replies) => worker.heartbeatReplies.push(...replies),
        cancel: (tokens, reason) =>
          worker.cancels.push(...tokens.map((token) => ({ token: textOf(token), reason }))),
        serverDrain: () => undefined,
        end: (error) => worker.ended.push(error),
      },
    );
    worker.addCredit(options.credit ?? 10, pools);
    return worker;
  }

  addCredit(
    more: number,
    pools: WorkerHello["pools"] = [{ name: "default", resources: [], slots: 0 }],
  ): void {
    this.#credit += more;
    this.session.demand(Object.fromEntries(pools.map(({ name }) => [name, this.#credit])));
  }

  async #work(task: Task, work: NonNullable<WorkerOptions["work"]>): Promise<void> {
    this.session.accept([task.taskToken]);
    const result = await work(task);
    this.session.report([{ taskToken: task.taskToken, result }]);
    this.addCredit(1);
  }

  /** The next task not yet taken by this method. */
  #taken = 0;
  async nextTask(withinMs = 10_000): Promise<Task> {
    await until(() => this.tasks.length > this.#taken, withinMs);
    return this.tasks[this.#taken++]!;
  }

  /** Reports and waits for the verdict. */
  async report(
    task: Task,
    result: Result = { kind: "Succeeded", output: "{}" },
  ): Promise<OutcomeAck> {
    const before = this.acks.length;
    this.session.report([{ taskToken: task.taskToken, result }]);
    return until(() =>
      this.acks.slice(before).find(({ taskToken }) => textOf(taskToken) === textOf(task.taskToken)),
    );
  }

  wasCancelled(task: Task): CancelReason | undefined {
    return this.cancels.find(({ token }) => token === textOf(task.taskToken))?.reason;
  }
}

let workers = 0;

export function succeed(output: unknown = {}): Result {
  return { kind: "Succeeded", output: JSON.stringify(output) };
}

export function failWith(error: string, cause = ""): Result {
  return { kind: "Failed", failure: { error, cause } };
}

function textOf(token: Uint8Array): string {
  return Buffer.from(token).toString("hex");
}
