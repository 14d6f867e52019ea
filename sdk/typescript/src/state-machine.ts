import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { dateOf } from "./execution.ts";
import { enumName, namesOf } from "./enum-name.ts";
import {
  DefinitionFormat as Format,
  Severity as SeverityNumber,
  StateMachineState as State,
  StateMachineType as Type,
  TaskLossPolicy as LossPolicy,
} from "./gen/pawl/v1/state_machine_service_pb.ts";
import type * as proto from "./gen/pawl/v1/state_machine_service_pb.ts";

/** STANDARD: every transition is durable. EXPRESS: durable at start and end only. */
export type StateMachineType = "STANDARD" | "EXPRESS";
export type DefinitionFormat = "JSON" | "YAML";

/** A definition under a name. */
export interface StateMachine {
  readonly name: string;
  /** UUIDv7. */
  readonly uid: string;
  readonly arn: string;
  readonly type: StateMachineType | "UNSPECIFIED";
  /** Exactly the text the author sent; empty in lists. */
  readonly definition: string;
  readonly definitionFormat: DefinitionFormat | "UNSPECIFIED";
  readonly revisionId: string;
  /** 0: the head. */
  readonly version: number;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: "ACTIVE" | "DELETING" | "UNSPECIFIED";
  readonly createTime: Date | undefined;
  readonly updateTime: Date | undefined;
  /** For optimistic locking: give it back with an update or delete. */
  readonly etag: string;
  /** What its Tasks name, each once. */
  readonly resources: readonly string[];
  /** How long closed executions are kept; undefined: for ever. */
  readonly retentionSeconds: number | undefined;
  readonly onTaskLost: TaskLossPolicy | "UNSPECIFIED";
  /** How often a task is delivered before `onTaskLost` applies; 0: once. */
  readonly maxTaskDeliveries: number;
}

/**
 * What becomes of a task whose worker was lost. REDELIVER: it is offered again, for ever.
 * RETRY_AS_TIMEOUT: it has timed out, for Retry and Catch. FAIL: it fails with `Pawl.TaskLost`, which is
 * caught but not retried. PAUSE: the execution pauses. SKIP: the state's input is its output.
 */
export type TaskLossPolicy = "REDELIVER" | "RETRY_AS_TIMEOUT" | "FAIL" | "PAUSE" | "SKIP";

/** A state machine and what the server warns of. */
export interface StateMachineResult {
  readonly stateMachine: StateMachine;
  readonly warnings: readonly Diagnostic[];
}

/** One finding about a definition. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING" | "HINT" | "UNSPECIFIED";
  /** For example `MISSING_TRANSITION_TARGET`. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer, for example `/States/Pay/Next`. */
  readonly location: string;
  /** From 1, in the text that was sent; 0: unknown. */
  readonly line: number;
  readonly column: number;
  /** For example `did you mean "Paid"?`; may be empty. */
  readonly suggestion: string;
}

/** What validation found. */
export interface ValidationResult {
  /** No diagnostic is an ERROR. */
  readonly valid: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** There were more. */
  readonly truncated: boolean;
}

/** A new or changed state machine. */
export interface StateMachineInput {
  readonly name: string;
  /** JSON or YAML text, or the definition as an object. */
  readonly definition: string | object;
  /** Default: seen from the text. */
  readonly format?: DefinitionFormat;
  /** Default STANDARD. */
  readonly type?: StateMachineType;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** How long closed executions are kept, whole seconds; 0: for ever. */
  readonly retentionSeconds?: number;
  /** Default REDELIVER. */
  readonly onTaskLost?: TaskLossPolicy;
  /** How often a task is delivered before `onTaskLost` applies, but for REDELIVER; 0: once. */
  readonly maxTaskDeliveries?: number;
}

/** A name that routes starts to one or two versions of a state machine. */
export interface StateMachineAlias {
  readonly stateMachine: string;
  readonly name: string;
  readonly description: string;
  readonly routes: readonly StateMachineRoute[];
  /** For optimistic locking: give it back with a put or delete. */
  readonly etag: string;
  readonly updateTime: Date | undefined;
}

/** A version and the share of the starts it gets. */
export interface StateMachineRoute {
  /** From 1. */
  readonly version: number;
  /** Percent; the weights of an alias make 100. */
  readonly weight: number;
}

/** The whole of a new or changed alias. */
export interface StateMachineAliasInput {
  readonly stateMachine: string;
  /** Letters, digits, `_`, `-` and `.`; not digits only. */
  readonly name: string;
  readonly description?: string;
  /** One or two. */
  readonly routes: readonly StateMachineRoute[];
  /** Refuse (ABORTED) unless the alias still has this etag. */
  readonly etag?: string;
}

const typeNames = namesOf(Type);
const formatNames = namesOf(Format);
const stateNames = namesOf(State);
const lossPolicyNames = namesOf(LossPolicy);
const severityNames = namesOf(SeverityNumber);

export function stateMachineOf(message: proto.StateMachine | undefined): StateMachine {
  if (message === undefined) throw new TypeError("the server's answer has no state machine");
  return {
    name: message.name,
    uid: message.uid,
    arn: message.arn,
    type: enumName(typeNames, message.type),
    definition: message.definition,
    definitionFormat: enumName(formatNames, message.definitionFormat),
    revisionId: message.revisionId,
    version: Number(message.version),
    description: message.description,
    labels: message.labels,
    state: enumName(stateNames, message.state),
    createTime: dateOf(message.createTime),
    updateTime: dateOf(message.updateTime),
    etag: message.etag,
    resources: message.resources,
    retentionSeconds:
      message.retention === undefined ? undefined : durationMs(message.retention) / 1_000,
    onTaskLost: enumName(lossPolicyNames, message.onTaskLost),
    maxTaskDeliveries: message.maxTaskDeliveries,
  };
}

export function stateMachineAliasOf(
  message: proto.StateMachineAlias | undefined,
): StateMachineAlias {
  if (message === undefined) throw new TypeError("the server's answer has no alias");
  const { stateMachine, name, description, routes, etag, updateTime } = message;
  return {
    stateMachine,
    name,
    description,
    routes: routes.map(({ version, weight }) => ({ version: Number(version), weight })),
    etag,
    updateTime: dateOf(updateTime),
  };
}

export function diagnosticOf(message: proto.Diagnostic): Diagnostic {
  const { code, message: text, location, line, column, suggestion } = message;
  return {
    severity: enumName(severityNames, message.severity),
    code,
    message: text,
    location,
    line,
    column,
    suggestion,
  };
}

/** What `create(StateMachineSchema)` takes for an input. */
export function stateMachineInit(
  input: Partial<StateMachineInput> & { name: string; etag?: string },
): {
  name: string;
  definition: string;
  definitionFormat: proto.DefinitionFormat;
  type: proto.StateMachineType;
  description: string;
  labels: Record<string, string>;
  etag: string;
  onTaskLost: proto.TaskLossPolicy;
  maxTaskDeliveries: number;
  retention?: Duration;
} {
  return {
    name: input.name,
    definition: definitionText(input.definition ?? ""),
    definitionFormat: formatNumber(input.format),
    type: typeNumber(input.type),
    description: input.description ?? "",
    labels: { ...input.labels },
    etag: input.etag ?? "",
    onTaskLost: LossPolicy[input.onTaskLost ?? "UNSPECIFIED"],
    maxTaskDeliveries: input.maxTaskDeliveries ?? 0,
    ...(input.retentionSeconds !== undefined && {
      retention: durationFromMs(input.retentionSeconds * 1_000),
    }),
  };
}

export function definitionText(definition: string | object): string {
  return typeof definition === "string" ? definition : JSON.stringify(definition);
}

export function typeNumber(type: StateMachineType | undefined): proto.StateMachineType {
  return Type[type ?? "UNSPECIFIED"];
}

export function formatNumber(format: DefinitionFormat | undefined): proto.DefinitionFormat {
  return Format[format ?? "UNSPECIFIED"];
}
