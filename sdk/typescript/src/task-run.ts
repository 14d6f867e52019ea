import { create } from "@bufbuild/protobuf";
import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { TaskCancelledError } from "./errors.ts";
import type { TaskCancelReason } from "./errors.ts";
import { TaskHeartbeatSchema } from "./gen/pawl/v1/worker_service_pb.ts";
import type { Task, TaskHeartbeat, TaskOutcome } from "./gen/pawl/v1/worker_service_pb.ts";
import { toJsonText } from "./json.ts";
import type { Log } from "./log.ts";
import type { Session } from "./session.ts";
import type { Registration, SlotPool } from "./slot-pool.ts";
import { HandlerContext } from "./task-context.ts";
import type { TaskContextHost } from "./task-context.ts";
import { cancelledOutcome, failed, succeeded } from "./task-outcome.ts";
import type { Timed } from "./task-clock.ts";

/** What a run needs of its worker. */
export interface TaskRunHost {
  readonly log: Log;
  /** Milliseconds that the server's clock is ahead of `performance.now()`. */
  readonly serverClockOffsetMs: number;
  fetchInput(taskToken: Uint8Array): Promise<string>;
  onBeat(run: TaskRun): void;
  /** The handler is over; `undefined`: there is nothing to tell the server. */
  onOutcome(run: TaskRun, outcome: TaskOutcome | undefined): void;
  /** Something is due earlier than before. */
  onDueChanged(run: TaskRun): void;
}

/** Least time between two heartbeats of one task. */
const beatGapMsMax = 1_000;

/** One task from its arrival until the server has acknowledged its outcome. */
export class TaskRun implements Timed, TaskContextHost {
  readonly key: string;
  readonly task: Task;
  readonly pool: SlotPool;
  /** Where its frames go while that session lives. */
  session: Session;
  outcome: TaskOutcome | undefined;
  /** When the outcome was last sent, by `performance.now()`; 0: not yet. */
  outcomeSentAt = 0;
  /** How often the server asked for the outcome again. */
  retries = 0;
  dueAt: number = Infinity;
  inputText: string;
  readonly #host: TaskRunHost;
  readonly #registration: Registration;
  readonly #heartbeatMs: number | undefined;
  #deadlineAt = Infinity;
  #beatAt = Infinity;
  #beatSentAt = -Infinity;
  #details = "";
  #progress = 0;
  #cancelReason: TaskCancelReason | undefined;
  #controller: AbortController | undefined;

  constructor(
    host: TaskRunHost,
    session: Session,
    task: Task,
    place: { key: string; pool: SlotPool; registration: Registration },
  ) {
    this.#host = host;
    this.session = session;
    this.task = task;
    this.key = place.key;
    this.pool = place.pool;
    this.#registration = place.registration;
    this.inputText = task.input;
    this.#heartbeatMs =
      task.heartbeatTimeout === undefined ? undefined : durationMs(task.heartbeatTimeout);
    if (task.deadline !== undefined)
      this.#deadlineAt = timestampMs(task.deadline) - host.serverClockOffsetMs;
    if (this.#heartbeatMs !== undefined && this.#isAutomatic)
      this.#beatAt = performance.now() + this.#heartbeatMs / 3;
    this.dueAt = Math.min(this.#deadlineAt, this.#beatAt);
  }

  get log(): Log {
    return this.#host.log;
  }

  /** Made when a handler first asks for it: most never do. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#cancelReason !== undefined)
      this.#controller.abort(new TaskCancelledError(this.#cancelReason));
    return this.#controller.signal;
  }

  /** Another attempt owns the task, or nobody: its result is worth nothing. */
  get isLost(): boolean {
    return this.#cancelReason === "LEASE_LOST";
  }

  get isCancelled(): boolean {
    return this.#cancelReason !== undefined;
  }

  get isRunning(): boolean {
    return this.outcome === undefined;
  }

  /** Runs the handler; never rejects. */
  async run(): Promise<void> {
    const context = new HandlerContext(this);
    let outcome: TaskOutcome | undefined;
    try {
      if (this.task.inputOmitted) this.inputText = await this.#host.fetchInput(this.task.taskToken);
      const input = (this.inputText === "" ? {} : JSON.parse(this.inputText)) as never;
      const output = await this.#registration.handler(input, context);
      if (!this.isLost)
        outcome = succeeded(this.task.taskToken, toJsonText(output), context.logLines);
    } catch (error) {
      outcome = this.#outcomeOfError(error, context);
    }
    this.dueAt = Infinity;
    this.#host.onOutcome(this, outcome);
  }

  /** Tells the handler to stop; what it returns all the same is reported, except for a lost lease. */
  cancel(reason: TaskCancelReason): void {
    if (this.#cancelReason !== undefined && reason !== "LEASE_LOST") return;
    this.#cancelReason = reason;
    this.#controller?.abort(new TaskCancelledError(reason));
  }

  heartbeat(details: unknown, progress: number | undefined): void {
    if (details !== undefined) this.#details = toJsonText(details);
    if (progress !== undefined) this.#progress = progress;
    const gapMs = Math.min(beatGapMsMax, (this.#heartbeatMs ?? Infinity) / 3);
    const at = this.#beatSentAt + gapMs;
    if (at <= performance.now()) this.#beat(performance.now());
    else if (at < this.#beatAt) this.#beatAt = at;
    this.#reckon();
  }

  /** The next beat goes out at once: after a reconnect the server has missed some. */
  beatSoon(): void {
    if (this.#heartbeatMs === undefined || !this.#isAutomatic) return;
    this.#beat(performance.now());
    this.#reckon();
  }

  onDue(now: number): void {
    if (now >= this.#deadlineAt) {
      this.#deadlineAt = Infinity;
      this.cancel("TASK_TIMED_OUT");
    }
    if (now >= this.#beatAt) this.#beat(now);
    this.dueAt = this.isRunning ? Math.min(this.#deadlineAt, this.#beatAt) : Infinity;
  }

  get beatMessage(): TaskHeartbeat {
    return create(TaskHeartbeatSchema, {
      taskToken: this.task.taskToken,
      details: this.#details,
      progress: this.#progress,
    });
  }

  get #isAutomatic(): boolean {
    return this.#registration.options.autoHeartbeat !== false;
  }

  #beat(now: number): void {
    this.#beatSentAt = now;
    this.#beatAt =
      this.#heartbeatMs !== undefined && this.#isAutomatic ? now + this.#heartbeatMs / 3 : Infinity;
    this.#host.onBeat(this);
  }

  #reckon(): void {
    const dueAt = this.isRunning ? Math.min(this.#deadlineAt, this.#beatAt) : Infinity;
    const isEarlier = dueAt < this.dueAt;
    this.dueAt = dueAt;
    if (isEarlier) this.#host.onDueChanged(this);
  }

  /** A handler that throws after it was told to stop acknowledges that; at a worker's end its task goes back. */
  #outcomeOfError(error: unknown, context: HandlerContext): TaskOutcome | undefined {
    if (this.isLost || this.#cancelReason === "WORKER_CLOSED") return undefined;
    if (this.#cancelReason !== undefined)
      return cancelledOutcome(this.task.taskToken, context.logLines);
    return failed(this.task.taskToken, error, context.logLines);
  }
}
