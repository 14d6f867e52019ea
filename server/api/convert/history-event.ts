import type { HistoryEvent, HistoryEventType, Json } from "../../asl/index.ts";
import { PayloadView } from "../../gen/pawl/v1/common_pb.ts";
import { EventType, type ExecutionEvent } from "../../gen/pawl/v1/execution_service_pb.ts";
import { auditStampOf } from "./audit-stamp.ts";
import { viewed } from "./payload.ts";
import { timestampOf } from "./time.ts";

/**
 * One entry of the record in the contract's folded form: AWS's 60-odd types become 30 or so, the state's
 * path says where. `aws_type` and `details` keep what folding drops.
 */
export function executionEventOf(event: HistoryEvent, view: PayloadView): ExecutionEvent {
  const details = event.details ?? noDetails;
  const input = viewed(textOf(details["input"]) ?? textOf(details["parameters"]), view);
  const output = viewed(textOf(details["output"]), view);
  const error = textOf(details["error"]);
  const cause = textOf(details["cause"]);
  return {
    $typeName: "pawl.v1.ExecutionEvent",
    id: BigInt(event.id),
    previousId: BigInt(event.previousEventId),
    time: timestampOf(event.timestampMs),
    type: foldedType[event.type],
    statePath: statePathOf(event),
    stateName: event.stateName ?? "",
    stateType: stateTypeOf(event.type),
    input: input.text,
    output: output.text,
    payloadTruncated: input.isTruncated || output.isTruncated,
    error:
      error === undefined && cause === undefined
        ? undefined
        : { $typeName: "pawl.v1.ErrorValue", error: error ?? "", cause: cause ?? "" },
    attempt: event.attempt ?? 0,
    resource: textOf(details["resource"]) ?? "",
    worker: event.worker ?? textOf(details["workerName"]) ?? "",
    assignedVariables: view === PayloadView.NONE ? "" : jsonTextOf(details["assignedVariables"]),
    index: BigInt(numberOf(details["index"]) ?? 0),
    ...actorOf(event),
    traceId: "",
    spanId: "",
    awsType: event.type,
    details: event.details === undefined ? "" : detailsTextOf(event.details, view),
  };
}

/** Who paused or resumed it. */
function actorOf({ type, details, timestampMs }: HistoryEvent): Pick<ExecutionEvent, "actor"> {
  if (type !== "ExecutionPaused" && type !== "ExecutionResumed") return {};
  return { actor: auditStampOf({ ...details, timeMs: timestampMs }) };
}

const noDetails: NonNullable<HistoryEvent["details"]> = {};

/** `/States/Each[3]/Charge`; "" for events of the whole execution. */
function statePathOf(event: HistoryEvent): string {
  if (event.stateName === undefined) return "";
  if (event.within === undefined) return `/States/${event.stateName}`;
  return event.within.endsWith("/")
    ? event.within + event.stateName
    : `${event.within}/${event.stateName}`;
}

/** The state's type where the event's type tells it. */
function stateTypeOf(type: HistoryEventType): string {
  const [, stateType] = stateTypePattern.exec(type) ?? [];
  if (stateType === "Iteration") return "Map";
  if (stateType !== undefined) return stateType;
  return taskEventPattern.test(type) ? "Task" : "";
}

const stateTypePattern =
  /^(Pass|Task|Choice|Wait|Succeed|Fail|Parallel|Map|Message)(?:State|Iteration|Wait|Received)/;
const taskEventPattern = /^(?:Task|Activity|LambdaFunction)[A-Z]/;

/** Payloads are the bulk of the details; they follow the view as the fields do. */
function detailsTextOf(details: NonNullable<HistoryEvent["details"]>, view: PayloadView): string {
  if (view === PayloadView.FULL) return JSON.stringify(details);
  const shown = Object.entries(details).flatMap(([key, value]): [string, Json][] => {
    if (!payloadKeys.has(key)) return [[key, value]];
    const text = textOf(value);
    return view === PayloadView.NONE || text === undefined ? [] : [[key, viewed(text, view).text]];
  });
  return JSON.stringify(Object.fromEntries(shown));
}

const payloadKeys = new Set(["input", "output", "parameters", "assignedVariables"]);

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function jsonTextOf(value: Json | undefined): string {
  return value === undefined || value === null
    ? ""
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

const foldedType = {
  ActivityFailed: EventType.TASK_FAILED,
  ActivityScheduled: EventType.TASK_SCHEDULED,
  ActivityScheduleFailed: EventType.TASK_FAILED,
  ActivityStarted: EventType.TASK_STARTED,
  ActivitySucceeded: EventType.TASK_SUCCEEDED,
  ActivityTimedOut: EventType.TASK_TIMED_OUT,
  ChoiceStateEntered: EventType.STATE_ENTERED,
  ChoiceStateExited: EventType.STATE_EXITED,
  EvaluationFailed: EventType.EVALUATION_FAILED,
  ExecutionAborted: EventType.EXECUTION_ABORTED,
  ExecutionFailed: EventType.EXECUTION_FAILED,
  ExecutionPaused: EventType.EXECUTION_PAUSED,
  ExecutionRedriven: EventType.EXECUTION_REDRIVEN,
  ExecutionResumed: EventType.EXECUTION_RESUMED,
  ExecutionStarted: EventType.EXECUTION_STARTED,
  ExecutionSucceeded: EventType.EXECUTION_SUCCEEDED,
  ExecutionTimedOut: EventType.EXECUTION_TIMED_OUT,
  FailStateEntered: EventType.STATE_ENTERED,
  LambdaFunctionFailed: EventType.TASK_FAILED,
  LambdaFunctionScheduled: EventType.TASK_SCHEDULED,
  LambdaFunctionScheduleFailed: EventType.TASK_FAILED,
  LambdaFunctionStarted: EventType.TASK_STARTED,
  LambdaFunctionStartFailed: EventType.TASK_FAILED,
  LambdaFunctionSucceeded: EventType.TASK_SUCCEEDED,
  LambdaFunctionTimedOut: EventType.TASK_TIMED_OUT,
  MapIterationAborted: EventType.MAP_ITERATION_ABORTED,
  MapIterationFailed: EventType.MAP_ITERATION_FAILED,
  MapIterationStarted: EventType.MAP_ITERATION_STARTED,
  MapIterationSucceeded: EventType.MAP_ITERATION_SUCCEEDED,
  MapRunAborted: EventType.MAP_RUN_ABORTED,
  MapRunFailed: EventType.MAP_RUN_FAILED,
  MapRunRedriven: EventType.MAP_RUN_REDRIVEN,
  MapRunStarted: EventType.MAP_RUN_STARTED,
  MapRunSucceeded: EventType.MAP_RUN_SUCCEEDED,
  MapStateAborted: EventType.STATE_ABORTED,
  MapStateEntered: EventType.STATE_ENTERED,
  MapStateExited: EventType.STATE_EXITED,
  MapStateFailed: EventType.STATE_FAILED,
  MapStateStarted: EventType.MAP_STARTED,
  MapStateSucceeded: EventType.MAP_SUCCEEDED,
  MessageReceived: EventType.MESSAGE_RECEIVED,
  MessageStateAborted: EventType.STATE_ABORTED,
  MessageStateEntered: EventType.STATE_ENTERED,
  MessageStateExited: EventType.STATE_EXITED,
  MessageWaitStarted: EventType.MESSAGE_WAIT_STARTED,
  MessageWaitTimedOut: EventType.MESSAGE_WAIT_TIMED_OUT,
  ParallelStateAborted: EventType.STATE_ABORTED,
  ParallelStateEntered: EventType.STATE_ENTERED,
  ParallelStateExited: EventType.STATE_EXITED,
  ParallelStateFailed: EventType.STATE_FAILED,
  ParallelStateStarted: EventType.PARALLEL_STARTED,
  ParallelStateSucceeded: EventType.PARALLEL_SUCCEEDED,
  PassStateEntered: EventType.STATE_ENTERED,
  PassStateExited: EventType.STATE_EXITED,
  SucceedStateEntered: EventType.STATE_ENTERED,
  SucceedStateExited: EventType.STATE_EXITED,
  TaskFailed: EventType.TASK_FAILED,
  TaskScheduled: EventType.TASK_SCHEDULED,
  TaskStarted: EventType.TASK_STARTED,
  TaskStartFailed: EventType.TASK_FAILED,
  TaskStateAborted: EventType.STATE_ABORTED,
  TaskStateEntered: EventType.STATE_ENTERED,
  TaskStateExited: EventType.STATE_EXITED,
  TaskSubmitFailed: EventType.TASK_FAILED,
  TaskSubmitted: EventType.TASK_STARTED,
  TaskSucceeded: EventType.TASK_SUCCEEDED,
  TaskTimedOut: EventType.TASK_TIMED_OUT,
  WaitStateAborted: EventType.STATE_ABORTED,
  WaitStateEntered: EventType.STATE_ENTERED,
  WaitStateExited: EventType.STATE_EXITED,
} satisfies Record<HistoryEventType, EventType>;
