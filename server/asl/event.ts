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
  | { readonly type: "TimerDue"; readonly timerId: number }
  | MessageReceived
  /** The execution's own TimeoutSeconds has passed. */
  | { readonly type: "ExecutionTimedOut" }
  | { readonly type: "Stopped"; readonly failure: Failure }
  | Redriven
  /** A turn that ended early (`RequestTurn`) goes on. */
  | { readonly type: "Turn" };

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

export interface TaskFailed {
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

export interface TaskTimedOut {
  readonly type: "TaskTimedOut";
  readonly taskId: number;
  readonly reason: "Timeout" | "Heartbeat";
  readonly start?: TaskStart;
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
 * Whether an event still concerned the execution. `Stale`: its task, timer or wait is no longer open.
 * `Submitted`: the worker has done its part, and the task waits for the report under its token.
 */
export type Verdict = "Applied" | "Stale" | "Submitted";
