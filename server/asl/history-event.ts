import type { Json } from "./json.ts";

/** AWS's HistoryEventType values that this engine writes, and its own: of the Message state, of pauses. */
export type HistoryEventType =
  | "ActivityFailed"
  | "ActivityScheduled"
  | "ActivityScheduleFailed"
  | "ActivityStarted"
  | "ActivitySucceeded"
  | "ActivityTimedOut"
  | "ChoiceStateEntered"
  | "ChoiceStateExited"
  | "EvaluationFailed"
  | "ExecutionAborted"
  | "ExecutionFailed"
  | "ExecutionPaused"
  | "ExecutionRedriven"
  | "ExecutionResumed"
  | "ExecutionStarted"
  | "ExecutionSucceeded"
  | "ExecutionTimedOut"
  | "FailStateEntered"
  | "LambdaFunctionFailed"
  | "LambdaFunctionScheduled"
  | "LambdaFunctionScheduleFailed"
  | "LambdaFunctionStarted"
  | "LambdaFunctionStartFailed"
  | "LambdaFunctionSucceeded"
  | "LambdaFunctionTimedOut"
  | "MapIterationAborted"
  | "MapIterationFailed"
  | "MapIterationStarted"
  | "MapIterationSucceeded"
  | "MapRunAborted"
  | "MapRunFailed"
  | "MapRunRedriven"
  | "MapRunStarted"
  | "MapRunSucceeded"
  | "MapStateAborted"
  | "MapStateEntered"
  | "MapStateExited"
  | "MapStateFailed"
  | "MapStateStarted"
  | "MapStateSucceeded"
  | "MessageReceived"
  | "MessageStateAborted"
  | "MessageStateEntered"
  | "MessageStateExited"
  | "MessageWaitStarted"
  | "MessageWaitTimedOut"
  | "ParallelStateAborted"
  | "ParallelStateEntered"
  | "ParallelStateExited"
  | "ParallelStateFailed"
  | "ParallelStateStarted"
  | "ParallelStateSucceeded"
  | "PassStateEntered"
  | "PassStateExited"
  | "SucceedStateEntered"
  | "SucceedStateExited"
  | "TaskFailed"
  | "TaskScheduled"
  | "TaskStarted"
  | "TaskStartFailed"
  | "TaskStateAborted"
  | "TaskStateEntered"
  | "TaskStateExited"
  | "TaskSubmitFailed"
  | "TaskSubmitted"
  | "TaskSucceeded"
  | "TaskTimedOut"
  | "WaitStateAborted"
  | "WaitStateEntered"
  | "WaitStateExited";

/**
 * One entry of an execution's record, in AWS's shape (GetExecutionHistory): ids are dense from 1,
 * `previousEventId` is the event before it on the same branch, or 0.
 *
 * The whole record is stored as JSON; its form is a promise to readers of old executions.
 */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds since the epoch, database time; never decreases within an execution. */
  readonly timestampMs: number;
  readonly type: HistoryEventType;
  /** AWS's details of this type, payloads as JSON text; absent where AWS has none. */
  readonly details?: { readonly [key: string]: Json };
  /** The state it concerns. Absent for Execution* events. */
  readonly stateName?: string;
  /** The branch or item it happened in, `/States/Each[3]/` like prefix of the state's path; absent at the root. */
  readonly within?: string;
  /** Which try of a task, from 1; on task events. */
  readonly attempt?: number;
  /** Who took the task; on Started events, unless AWS's details (`workerName`) say it. */
  readonly worker?: string;
}
