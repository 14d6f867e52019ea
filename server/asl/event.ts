/** What can happen to an execution. The engine brings events; `step` takes them in order. */
import type { Failure } from "./states-error.ts";

export type Event =
  | { readonly type: "Started" }
  | Chained
  | TaskStarted
  | TaskSubmitted
  | TaskSucceeded
  | TaskFailed
  | TaskTimedOut
  | TaskLost
  | { readonly type: "TimerDue"; readonly timerId: number }
  | MessageReceived
  /** The execution's own TimeoutSeconds has passed. */
  | ({ readonly type: "ExecutionTimedOut" } & OfAttempt)
  | ({ readonly type: "Stopped"; readonly failure: Failure } & OfAttempt)
  | Redriven
  | ({ readonly type: "Paused" } & Audit)
  | ({ readonly type: "Resumed" } & Audit)
  /** A turn that ended early (`RequestTurn`) goes on. */
  | { readonly type: "Turn" };

/** What is meant for an execution as it stands, and not for what a redrive makes of it meanwhile. */
interface OfAttempt {
  /** When the execution was started, or redriven last, as far as the sender knows; absent: whatever goes on is meant. */
  readonly begunAtMs?: number;
}

/** The first event of a chained execution whose input is not known yet. */
export interface Chained {
  readonly type: "Chained";
  /** The source's output as JSON text, which a worker is to transform; absent: the source still runs. */
  readonly output?: string;
}

/** A STANDARD execution that did not succeed goes on. */
export interface Redriven {
  readonly type: "Redriven";
  /** Where the root thread begins, and its input as JSON text; absent: whatever did not succeed is taken up again. */
  readonly from?: { readonly stateName: string; readonly input: string };
}

export type TaskEvent = Extract<Event, { readonly taskId: number }>;

/** A worker has taken the task. */
export interface TaskStarted {
  readonly type: "TaskStarted";
  /** Id of the task's Scheduled event. */
  readonly taskId: number;
  readonly start: TaskStart;
}

/** When and by whom a task was taken. */
export interface TaskStart {
  readonly atMs: number;
  /** AWS's workerName; absent if the worker gave none. */
  readonly workerName?: string;
}

/** The worker has begun something that goes on elsewhere; the task is not over. */
export interface TaskSubmitted {
  readonly type: "TaskSubmitted";
  readonly taskId: number;
  /** JSON text, already checked to be JSON. */
  readonly output: string;
  readonly start?: TaskStart;
}

export interface TaskSucceeded {
  readonly type: "TaskSucceeded";
  readonly taskId: number;
  /** JSON text as the worker sent it, already checked to be JSON. May exceed the payload limit. */
  readonly output: string;
  /** `output` is all that the resource answers, not only what its function does: nothing is put around it. */
  readonly isWhole?: boolean;
  /** Known to the engine if the start is not in the history yet; `step` then writes it first. */
  readonly start?: TaskStart;
  /** Reported under the task's token rather than by the worker that was given the task. */
  readonly isCallback?: boolean;
}

/** An attempt has come to nothing. */
interface AttemptEnd {
  /** What it said in its last heartbeat; absent: nothing. */
  readonly lastHeartbeatDetails?: string;
}

export interface TaskFailed extends AttemptEnd {
  readonly type: "TaskFailed";
  readonly taskId: number;
  readonly failure: Failure;
  readonly start?: TaskStart;
  readonly isCallback?: boolean;
  /** Skips Retry, still reaches Catch. */
  readonly nonRetryable?: boolean;
  /** Overrides the retry interval once. */
  readonly retryAfterMs?: number;
}

export interface TaskTimedOut extends AttemptEnd {
  readonly type: "TaskTimedOut";
  readonly taskId: number;
  readonly reason: "Timeout" | "Heartbeat";
  readonly start?: TaskStart;
}

/** The worker that had the task is gone, and by its machine's policy the task is not just offered again. */
export interface TaskLost extends AttemptEnd {
  readonly type: "TaskLost";
  readonly taskId: number;
  readonly policy: TaskLossPolicy;
  /** How often it was delivered. */
  readonly deliveries: number;
  readonly start: TaskStart;
}

/**
 * What a lost task means. `RETRY_AS_TIMEOUT`: a timeout, for Retry and Catch. `FAIL`: a failure that is not
 * retried. `PAUSE`: the execution pauses, and the task is offered again when it goes on. `SKIP`: the state's
 * input is its output.
 */
export type TaskLossPolicy = "RETRY_AS_TIMEOUT" | "FAIL" | "PAUSE" | "SKIP";

/** Who does something to an execution, and why: free texts for the record. */
export interface Audit {
  readonly operator?: string;
  readonly reason?: string;
}

/** A message that a Message state waits for. */
export interface MessageReceived {
  readonly type: "MessageReceived";
  readonly waitId: number;
  /** JSON text, checked to be JSON and within the payload limit. */
  readonly data: string;
  /** Of a message that is kept until it has been received. */
  readonly messageId?: string;
}

/**
 * Whether an event still concerned the execution. `Stale`: its task, timer or wait is no longer open, or it
 * was meant for an earlier attempt. `Submitted`: the worker has done its part, and the task waits for the
 * report under its token. `StillOpen`: the task that was lost is to be offered again.
 */
export type Verdict = "Applied" | "Stale" | "Submitted" | "StillOpen";
