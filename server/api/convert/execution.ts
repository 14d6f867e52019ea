import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { qualifierOf } from "../../engine/arns.ts";
import type { Execution as EngineExecution } from "../../engine/engine.ts";
import type { ExecutionStatus as EngineStatus, Failure } from "../../asl/index.ts";
import type { ErrorValue, PayloadView, TraceContext } from "../../gen/pawl/v1/common_pb.ts";
import {
  ActiveStateKind,
  ExecutionStatus,
  type ActiveState,
  type Execution,
  type ExecutionOrigin,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { auditStampOf } from "./audit-stamp.ts";
import { viewed } from "./payload.ts";
import { timestampOf } from "./time.ts";

/** An execution as the contract shows it. A literal, not `create`: watches make one per message. */
export function executionOf(execution: EngineExecution, view: PayloadView): Execution {
  const { stateMachineVersionArn, stateMachineAliasArn } = execution;
  const input = viewed(execution.input, view);
  const output = viewed(execution.output, view);
  return {
    $typeName: "pawl.v1.Execution",
    id: execution.id,
    name: execution.name,
    arn: execution.arn,
    stateMachine: execution.stateMachineName,
    stateMachineVersion:
      stateMachineVersionArn === undefined ? 0n : BigInt(qualifierOf(stateMachineVersionArn)),
    stateMachineAlias:
      stateMachineAliasArn === undefined ? "" : String(qualifierOf(stateMachineAliasArn)),
    revisionId: execution.revisionId,
    status: execution.pause ? ExecutionStatus.PAUSED : ExecutionStatus[execution.status],
    startTime: timestampOf(execution.startedAtMs),
    endTime: optionalTime(execution.stoppedAtMs),
    input: input.text,
    inputTruncated: input.isTruncated,
    output: output.text,
    outputTruncated: output.isTruncated,
    error: execution.failure && errorValueOf(execution.failure),
    activeStates: (execution.activeStates ?? []).map(activeStateOf),
    eventCount: BigInt(execution.eventCount),
    redriveCount: execution.redrive.count,
    redriveTime: optionalTime(execution.redrive.timeMs),
    redrivable: execution.redrive.refusal === undefined,
    redriveReason: execution.redrive.refusal ?? "",
    labels: { ...execution.labels },
    trace: execution.trace === undefined ? undefined : traceContextOf(execution.trace),
    priority: 0,
    origin: originOf(execution),
    pause: execution.pause && auditStampOf(execution.pause),
  };
}

/** What started it, when that was not a client. */
function originOf({ parent, chain, mapRun }: EngineExecution): ExecutionOrigin | undefined {
  if (parent === undefined && chain === undefined && mapRun === undefined) return undefined;
  return {
    $typeName: "pawl.v1.ExecutionOrigin",
    parentExecution: parent?.executionArn ?? "",
    parentState: parent?.stateName ?? "",
    sourceExecution: chain?.execution ?? "",
    sourceState: chain?.state ?? "",
    batch: "",
    batchIndex: 0n,
    mapRun: mapRun?.arn ?? "",
  };
}

function optionalTime(ms: number | undefined): Timestamp | undefined {
  return ms === undefined ? undefined : timestampOf(ms);
}

/** A failure of the workflow in the contract's words. */
export function errorValueOf(failure: Failure): ErrorValue {
  return {
    $typeName: "pawl.v1.ErrorValue",
    error: failure.error ?? "",
    cause: failure.cause ?? "",
  };
}

export function failureOf(error: ErrorValue | undefined): Failure {
  return {
    ...(error !== undefined && error.error !== "" && { error: error.error }),
    ...(error !== undefined && error.cause !== "" && { cause: error.cause }),
  };
}

export function traceContextOf(traceparent: string): TraceContext {
  return { $typeName: "pawl.v1.TraceContext", traceparent, tracestate: "", baggage: "" };
}

/** A status that an execution can have as the engine knows it: a paused one is RUNNING. */
export interface EngineStatusFilter {
  readonly status: EngineStatus;
  readonly isPaused?: boolean;
}

/** By the contract's name. */
export const engineStatuses: Readonly<Record<string, EngineStatusFilter>> = {
  RUNNING: { status: "RUNNING", isPaused: false },
  PAUSED: { status: "RUNNING", isPaused: true },
  SUCCEEDED: { status: "SUCCEEDED" },
  FAILED: { status: "FAILED" },
  TIMED_OUT: { status: "TIMED_OUT" },
  ABORTED: { status: "ABORTED" },
};

function activeStateOf(state: NonNullable<EngineExecution["activeStates"]>[number]): ActiveState {
  return {
    $typeName: "pawl.v1.ActiveState",
    path: state.path,
    type: state.type,
    kind: kindOf(state),
    attempt: state.attempt,
    since: timestampOf(state.sinceMs),
    nextTime: optionalTime(state.nextTimeMs),
    lastError: state.lastFailure && errorValueOf(state.lastFailure),
    worker: state.worker ?? "",
    resource: state.resource ?? "",
    deliveries: state.deliveries ?? 0,
  };
}

function kindOf(state: NonNullable<EngineExecution["activeStates"]>[number]): ActiveStateKind {
  switch (state.kind) {
    case "Task":
      if (state.type === "Map") return ActiveStateKind.WAITING_CHILDREN;
      if (state.awaitsCallback === true) return ActiveStateKind.WAITING_TOKEN;
      if (state.hasNoWorker === true) return ActiveStateKind.NO_WORKER;
      return state.isQueued === true ? ActiveStateKind.QUEUED : ActiveStateKind.RUNNING;
    case "Retry":
      return ActiveStateKind.BACKING_OFF;
    case "Wait":
      return ActiveStateKind.WAITING_TIMER;
    case "Message":
      return ActiveStateKind.WAITING_MESSAGE;
    case "Children":
      return ActiveStateKind.WAITING_CHILDREN;
    case "Turn":
      return ActiveStateKind.RUNNING;
  }
}
