import type { Failure } from "../asl/index.ts";
import type {
  CancelReason,
  OutcomeAck,
  SessionSink,
  Task,
  TaskOutcome,
  WorkerHello,
  WorkerSession,
} from "./engine.ts";
import { keyOf } from "./dispatch.ts";
import { newUuid } from "./ids.ts";
import type { TaskTokenFacts, TaskTokens } from "./task-token.ts";

/** A task that Pawl does itself. */
export interface NativeTask {
  readonly task: Task;
  /**
   * Aborts when the task is this worker's no longer; what the handler returns or throws after that is
   * not looked at. The reason is a CancelReason. LEASE_LOST: the task lives on and is delivered again,
   * maybe elsewhere. Any other: it was withdrawn, and what was begun for it should end.
   */
  readonly signal: AbortSignal;
  /** The work was begun and goes on elsewhere: writes TaskSubmitted, once. Resolves after COMMIT. */
  readonly submitted: (output: string) => Promise<void>;
}

/**
 * Does one task. May wait as long as it likes. A task is delivered again when its server has died or
 * has left, so a handler must find what an earlier delivery began. What it throws is a defect.
 */
export type NativeHandler = (task: NativeTask) => Promise<TaskOutcome["result"]>;

/** By queue name. */
export type NativeHandlers = ReadonlyMap<string, NativeHandler>;

export interface NativeWorkerOptions {
  readonly handlers: NativeHandlers;
  readonly open: (hello: WorkerHello, sink: SessionSink) => Promise<WorkerSession>;
  readonly submitted: (taskToken: Uint8Array, output: string) => Promise<void>;
  /** Those of the tasks that are still open, with their latest deliveries. */
  readonly openTasks: (tasks: readonly TaskTokenFacts[]) => Promise<readonly TaskTokenFacts[]>;
  readonly tokens: Pick<TaskTokens, "open">;
  readonly onError: (error: unknown, message: string) => void;
}

/** What is held is compared with the rows this often: another server may have closed it. */
const lookMs = 2_000;
const reopenMs = 500;
const repeatMs = 1_000;

/**
 * The worker in the server's own process: does the tasks that Pawl knows how to do.
 *
 * A worker like any other, with a session, deliveries and outcomes, so its tasks survive the server:
 * they have a row, a lease, and go to another server's native worker when this one dies. It is not
 * shown among the workers, and no other worker is given its tasks.
 */
export class NativeWorker {
  readonly #options: NativeWorkerOptions;
  readonly #workerId = newUuid();
  /** By task; of a task that was delivered twice, the later delivery. */
  readonly #held = new Map<string, Held>();
  #session: WorkerSession | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: NativeWorkerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#open();
    this.#lookLater();
  }

  /** Takes no more. What it holds goes back, for another server's. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const held = [...this.#held.values()];
    for (const each of held) this.#drop(each, "LEASE_LOST");
    void this.#session?.drain();
    this.#session?.release(held.map(({ task }) => task.taskToken));
    this.#session?.close(true);
  }

  async #open(): Promise<void> {
    const held = [...this.#held.values()];
    const hello = this.#hello(held.map(({ task }) => task.taskToken));
    const session = await this.#options.open(hello, this.#sink());
    this.#session = session;
    for (const [at, each] of held.entries()) {
      const state = session.held[at];
      if (state === "ACTIVE") this.#report(each);
      else this.#drop(each, state === "CANCEL_REQUESTED" ? "EXECUTION_STOPPED" : "LEASE_LOST");
    }
    session.demand({ [poolName]: Number.MAX_SAFE_INTEGER });
  }

  #hello(heldTaskTokens: readonly Uint8Array[]): WorkerHello {
    const resources = [...this.#options.handlers.keys()];
    return {
      workerId: this.#workerId,
      sessionIndex: 0,
      identity: "",
      isNative: true,
      pools: [{ name: poolName, resources, slots: 0 }],
      labels: {},
      runtime: {},
      buildId: "",
      heldTaskTokens,
      maxInlineInputBytes: Number.MAX_SAFE_INTEGER,
      remoteAddress: "",
    };
  }

  #sink(): SessionSink {
    return {
      tasks: (tasks) => {
        this.#session?.accept(tasks.map(({ taskToken }) => taskToken));
        for (const task of tasks) void this.#run(task);
      },
      outcomeAcks: (acks) => {
        for (const ack of acks) this.#acknowledged(ack);
      },
      heartbeatReplies: () => undefined,
      cancel: (taskTokens, reason) => {
        for (const held of taskTokens.map((token) => this.#find(token)))
          if (held !== undefined) this.#drop(held, reason);
      },
      serverDrain: () => this.stop(),
      end: () => void this.#reopen(),
    };
  }

  async #run(task: Task): Promise<void> {
    const earlier = this.#held.get(task.taskId);
    if (earlier !== undefined) this.#drop(earlier, "LEASE_LOST");
    const held: Held = { task, controller: new AbortController(), result: undefined };
    this.#held.set(task.taskId, held);
    const { signal } = held.controller;
    const { handlers, onError } = this.#options;
    const submitted = (output: string): Promise<void> =>
      this.#options.submitted(task.taskToken, output);
    try {
      held.result = await handlers.get(task.resource)!({ task, signal, submitted });
    } catch (error) {
      if (signal.aborted) return;
      onError(error, `${task.resource} met a defect; its task failed`);
      held.result = { kind: "Failed", failure: defectOf(task) };
    }
    if (!signal.aborted) this.#report(held);
  }

  #report({ task: { taskToken }, result }: Held): void {
    if (result !== undefined) this.#session?.report([{ taskToken, result }]);
  }

  #acknowledged({ taskToken, status }: OutcomeAck): void {
    const held = this.#find(taskToken);
    if (held === undefined) return;
    if (status !== "RETRY") this.#held.delete(held.task.taskId);
    else setTimeout(() => held.controller.signal.aborted || this.#report(held), repeatMs).unref();
  }

  #drop({ task, controller }: Held, reason: CancelReason): void {
    this.#held.delete(task.taskId);
    controller.abort(reason);
  }

  #find(taskToken: Uint8Array): Held | undefined {
    const { executionId, taskId } = this.#options.tokens.open(taskToken)!;
    const held = this.#held.get(keyOf(executionId, taskId));
    return held && Buffer.compare(held.task.taskToken, taskToken) === 0 ? held : undefined;
  }

  /** The session was given up (the database was away): a new one takes over what is held. */
  async #reopen(): Promise<void> {
    this.#session = undefined;
    while (!this.#isStopped && this.#session === undefined) {
      await new Promise((resolve) => setTimeout(resolve, reopenMs));
      if (!this.#isStopped) await this.#open().catch(() => undefined);
    }
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => {
      this.#look()
        .catch((error: unknown) => this.#options.onError(error, "could not look for withdrawals"))
        .finally(() => this.#isStopped || this.#lookLater());
    }, lookMs);
    this.#timer.unref();
  }

  /** A task whose row is gone was withdrawn by a server that could not say so here. */
  async #look(): Promise<void> {
    const { openTasks, tokens } = this.#options;
    const suspects = [...this.#held.values()].filter(({ result }) => result === undefined);
    if (suspects.length === 0) return;
    const rows = await openTasks(suspects.map(({ task }) => tokens.open(task.taskToken)!));
    const epochs = new Map(rows.map((row) => [keyOf(row.executionId, row.taskId), row.epoch]));
    for (const held of suspects) {
      if (held.result !== undefined) continue; // its own outcome closed it
      const epoch = epochs.get(held.task.taskId);
      if (epoch === undefined) this.#drop(held, "EXECUTION_STOPPED");
      else if (epoch > tokens.open(held.task.taskToken)!.epoch) this.#drop(held, "LEASE_LOST");
    }
  }
}

const poolName = "native";

interface Held {
  readonly task: Task;
  readonly controller: AbortController;
  /** Its outcome, until that is acknowledged. */
  result: TaskOutcome["result"] | undefined;
}

function defectOf({ resource }: Task): Failure {
  return { error: "States.Runtime", cause: `internal error in ${resource}` };
}
