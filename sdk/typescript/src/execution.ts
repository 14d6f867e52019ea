import { durationMs, timestampDate } from "@bufbuild/protobuf/wkt";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { enumName, namesOf } from "./enum-name.ts";
import type { ErrorValue } from "./gen/pawl/v1/common_pb.ts";
import {
  ActiveStateKind as Kind,
  EventType,
  ExecutionStatus as Status,
} from "./gen/pawl/v1/execution_service_pb.ts";
import type * as proto from "./gen/pawl/v1/execution_service_pb.ts";
import { parseJsonText } from "./json.ts";
import { pauseOf } from "./pause.ts";
import type { Pause } from "./pause.ts";
import type { Json } from "./json.ts";

/** Where an execution stands. */
export type ExecutionStatus = keyof typeof Status;

/** One run of a state machine. */
export interface Execution {
  /** UUIDv7. */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly stateMachine: string;
  /** The version it was started with; 0: the head. */
  readonly stateMachineVersion: number;
  /** The alias it was started through; empty without one. */
  readonly stateMachineAlias: string;
  readonly revisionId: string;
  readonly status: ExecutionStatus;
  readonly startTime: Date | undefined;
  /** Absent while it runs. */
  readonly endTime: Date | undefined;
  /** Parsed; absent when it was not asked for, or cut off. */
  readonly input: Json | undefined;
  /** The text itself, which keeps every digit of large numbers; empty when it was not asked for. */
  readonly inputText: string;
  /** Parsed; absent unless SUCCEEDED, or when it was not asked for, or cut off. */
  readonly output: Json | undefined;
  readonly outputText: string;
  /** What a FAILED, TIMED_OUT or ABORTED execution failed with. */
  readonly error: ExecutionError | undefined;
  /** What it is doing now; empty once it has closed. */
  readonly activeStates: readonly ActiveState[];
  readonly eventCount: number;
  /** How often it was redriven. */
  readonly redriveCount: number;
  /** When it was redriven last; absent: never. */
  readonly redriveTime: Date | undefined;
  /** Whether `redriveExecution` would be accepted. */
  readonly redrivable: boolean;
  /** Why not; empty while it would. */
  readonly redriveReason: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who paused it, when and why; only while it is PAUSED. */
  readonly pause: Pause | undefined;
}

/** The ASL error pair. */
export interface ExecutionError {
  /** For example `States.Timeout`, or a worker's own name. */
  readonly error: string;
  /** Free text, or JSON text. */
  readonly cause: string;
}

/** Why an execution is where it is. */
export interface ActiveState {
  /** For example `/States/Pay` or `/States/Each[3]/Charge`. */
  readonly path: string;
  readonly type: string;
  readonly kind: ActiveStateKind;
  /** From 1. */
  readonly attempt: number;
  readonly since: Date | undefined;
  /** The next retry, timer or timeout. */
  readonly nextTime: Date | undefined;
  readonly lastError: ExecutionError | undefined;
  readonly worker: string;
  readonly resource: string;
  /** How often its task was delivered to a worker; more than 1 when one was lost. */
  readonly deliveries: number;
}

/** `NO_WORKER`: queued, and no connected worker serves the resource. */
export type ActiveStateKind = keyof typeof Kind;

/** One event of an execution's history. */
export interface ExecutionEvent {
  /** Dense from 1. */
  readonly id: number;
  readonly previousId: number;
  readonly time: Date | undefined;
  readonly type: ExecutionEventType;
  /** AWS's HistoryEventType, for example `LambdaFunctionScheduled`. */
  readonly awsType: string;
  readonly statePath: string;
  readonly stateName: string;
  readonly stateType: string;
  readonly input: Json | undefined;
  readonly inputText: string;
  readonly output: Json | undefined;
  readonly outputText: string;
  readonly error: ExecutionError | undefined;
  /** From 1; 0 where an event has no attempt. */
  readonly attempt: number;
  /** Until the next try, or of a Wait. */
  readonly delayMs: number | undefined;
  readonly resource: string;
  readonly worker: string;
  /** Of a Map's item or a Parallel's branch. */
  readonly index: number;
  /** AWS's details of `awsType`. */
  readonly details: Json | undefined;
}

export type ExecutionEventType = keyof typeof EventType;

/** What the server answered to a start. */
export interface StartedExecution {
  readonly execution: Execution;
  /** False: an execution of that name and input was there already. */
  readonly created: boolean;
}

const statusNames = namesOf(Status);
const kindNames = namesOf(Kind);
const eventTypeNames = namesOf(EventType);

export function executionOf(message: proto.Execution): Execution {
  return {
    id: message.id,
    name: message.name,
    arn: message.arn,
    stateMachine: message.stateMachine,
    stateMachineVersion: Number(message.stateMachineVersion),
    stateMachineAlias: message.stateMachineAlias,
    revisionId: message.revisionId,
    status: enumName(statusNames, message.status),
    startTime: dateOf(message.startTime),
    endTime: dateOf(message.endTime),
    input: parseJsonText(message.input, message.inputTruncated),
    inputText: message.input,
    output: parseJsonText(message.output, message.outputTruncated),
    outputText: message.output,
    error: errorOf(message.error),
    activeStates: message.activeStates.map(activeStateOf),
    eventCount: Number(message.eventCount),
    redriveCount: message.redriveCount,
    redriveTime: dateOf(message.redriveTime),
    redrivable: message.redrivable,
    redriveReason: message.redriveReason,
    labels: message.labels,
    pause: message.pause && pauseOf(message.pause),
  };
}

/** True once nothing will change any more. */
export function isTerminal(status: ExecutionStatus): boolean {
  return (
    status === "SUCCEEDED" || status === "FAILED" || status === "TIMED_OUT" || status === "ABORTED"
  );
}

export function executionEventOf(message: proto.ExecutionEvent): ExecutionEvent {
  return {
    id: Number(message.id),
    previousId: Number(message.previousId),
    time: dateOf(message.time),
    type: enumName(eventTypeNames, message.type),
    awsType: message.awsType,
    statePath: message.statePath,
    stateName: message.stateName,
    stateType: message.stateType,
    input: parseJsonText(message.input, message.payloadTruncated),
    inputText: message.input,
    output: parseJsonText(message.output, message.payloadTruncated),
    outputText: message.output,
    error: errorOf(message.error),
    attempt: message.attempt,
    delayMs: message.delay === undefined ? undefined : durationMs(message.delay),
    resource: message.resource,
    worker: message.worker,
    index: Number(message.index),
    details: parseJsonText(message.details),
  };
}

export function errorOf(message: ErrorValue | undefined): ExecutionError | undefined {
  return message === undefined ? undefined : { error: message.error, cause: message.cause };
}

export function dateOf(time: Timestamp | undefined): Date | undefined {
  return time === undefined ? undefined : timestampDate(time);
}

function activeStateOf(message: proto.ActiveState): ActiveState {
  return {
    path: message.path,
    type: message.type,
    kind: enumName(kindNames, message.kind),
    attempt: message.attempt,
    since: dateOf(message.since),
    nextTime: dateOf(message.nextTime),
    lastError: errorOf(message.lastError),
    worker: message.worker,
    resource: message.resource,
    deliveries: message.deliveries,
  };
}
