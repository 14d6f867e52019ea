/** What a turn wants done once it is committed. Imperative; carried out in order. */
import type { Json } from "./json.ts";
import type { Pause } from "./pause.ts";
import type { Failure } from "./states-error.ts";

export type Effect =
  | ScheduleTask
  | CancelTask
  | StartMapRun
  | RedriveMapRun
  | { readonly type: "EndMapRun"; readonly mapRunId: string; readonly status: MapRunEnd }
  | {
      readonly type: "StartTimer";
      readonly timerId: number;
      readonly scopeId: number;
      readonly dueAtMs: number;
    }
  | { readonly type: "CancelTimer"; readonly timerId: number }
  | AwaitMessage
  /** The message has come, or is no longer waited for. */
  | { readonly type: "EndMessageWait"; readonly waitId: number }
  /** A chained execution starts; its input was waited for. JSON text. */
  | { readonly type: "TakeInput"; readonly input: string }
  /** A chained execution has ended before it got its input. */
  | { readonly type: "GiveUpInput" }
  /** The execution is paused from now on, or, without `pause`, no longer. */
  | { readonly type: "SetPause"; readonly pause?: Pause }
  /** The turn was cut short (transitionsPerTurnMax); send a `Turn` event soon. Wants a durable wake row. */
  | { readonly type: "RequestTurn" };

/** Offer a task to workers. Durable before it is offered. */
export interface ScheduleTask {
  readonly type: "ScheduleTask";
  /** Id of its Scheduled event: unique within the execution for ever. */
  readonly taskId: number;
  readonly scopeId: number;
  /** The name workers register; see TaskResource.queue. */
  readonly queue: string;
  /** The Resource as the definition has it. */
  readonly resource: string;
  /** JSON text of the effective input. */
  readonly input: string;
  readonly stateName: string;
  /** `/States/Each[3]/Charge`. */
  readonly statePath: string;
  /** From 1; grows with Retry. */
  readonly attempt: number;
  /** Stable over all attempts of one visit of the state: `<statePath>#<id of its Entered event>`. */
  readonly visit: string;
  /** TimeoutSeconds, counted from now. Absent: none set. */
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
  /** Why the attempt before this one failed. */
  readonly lastFailure?: Failure;
  /** What the attempts before this one said last in a heartbeat. */
  readonly lastHeartbeatDetails?: string;
}

/** Let messages with this key and value find the execution. */
export interface AwaitMessage {
  readonly type: "AwaitMessage";
  /** Id of its MessageWaitStarted event. */
  readonly waitId: number;
  readonly statePath: string;
  readonly correlationKey: string;
  readonly correlationValue: Json;
  /** When it gives up; a timer of the same id says so, too. */
  readonly dueAtMs?: number;
}

/** A distributed Map begins: its run becomes durable together with the task that carries it out. */
export interface StartMapRun {
  readonly type: "StartMapRun";
  /** The UUID at the end of its ARN. */
  readonly mapRunId: string;
  readonly mapRunArn: string;
  readonly taskId: number;
  /** 0: no bound but the server's own. */
  readonly maxConcurrency: number;
  readonly tolerance: Tolerance;
  /** Absent while a reader has not counted them. */
  readonly itemCount?: number;
}

/** A Map Run goes on: its children that did not succeed, and those that were not begun. */
export interface RedriveMapRun {
  readonly type: "RedriveMapRun";
  readonly mapRunId: string;
  /** The new task that carries it out. */
  readonly taskId: number;
}

export type MapRunEnd = "SUCCEEDED" | "FAILED" | "ABORTED";

/** How much failure a Map puts up with; what is absent was not said. */
export interface Tolerance {
  /** Items. */
  readonly toleratedFailureCount?: number;
  /** Of all items, from 0 to 100. */
  readonly toleratedFailurePercentage?: number;
}

export interface CancelTask {
  readonly type: "CancelTask";
  readonly taskId: number;
  readonly reason:
    | "ExecutionStopped"
    | "BranchFailed"
    | "TimedOut"
    | "HeartbeatTimedOut"
    | "ExecutionTimedOut"
    | "Lost";
}
