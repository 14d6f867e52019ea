import { create } from "@bufbuild/protobuf";
import { taskResources, type Diagnostic as AslDiagnostic } from "../../asl/index.ts";
import type {
  DefinitionFormat as EngineFormat,
  StateMachine as EngineStateMachine,
  StateMachineAlias as EngineAlias,
  StateMachineType as EngineType,
} from "../../engine/engine.ts";
import {
  DefinitionFormat,
  DiagnosticSchema,
  Severity,
  StateMachineAliasSchema,
  StateMachineSchema,
  StateMachineState,
  StateMachineType,
  TaskLossPolicy,
  type Diagnostic,
  type StateMachine,
  type StateMachineAlias,
} from "../../gen/pawl/v1/state_machine_service_pb.ts";
import { durationOf, timestampOf } from "./time.ts";

/** A state machine as the contract shows it; in lists without its definition and resources. */
export function stateMachineOf(
  machine: EngineStateMachine,
  options: { readonly withDefinition: boolean },
): StateMachine {
  return create(StateMachineSchema, {
    name: machine.name,
    uid: machine.id,
    arn: machine.arn,
    type: StateMachineType[machine.type],
    definition: options.withDefinition ? machine.definition : "",
    definitionFormat: DefinitionFormat[machine.definitionFormat],
    revisionId: machine.revisionId,
    version: BigInt(machine.version ?? 0),
    description: machine.description,
    labels: { ...machine.labels },
    state: StateMachineState[machine.status],
    createTime: timestampOf(machine.createdAtMs),
    updateTime: timestampOf(machine.updatedAtMs),
    etag: machine.revisionId,
    ...(machine.retentionSeconds !== undefined && {
      retention: durationOf(machine.retentionSeconds * 1_000),
    }),
    onTaskLost: TaskLossPolicy[machine.onTaskLost ?? "REDELIVER"],
    maxTaskDeliveries: machine.maxTaskDeliveries ?? 0,
    resources: options.withDefinition
      ? [...taskResources(machine.definition, machine.definitionFormat)]
      : [],
  });
}

export function stateMachineAliasOf(alias: EngineAlias): StateMachineAlias {
  return create(StateMachineAliasSchema, {
    stateMachine: alias.stateMachineName,
    name: alias.name,
    description: alias.description,
    routes: alias.routes.map(({ version, weight }) => ({ version: BigInt(version), weight })),
    etag: alias.etag,
    updateTime: timestampOf(alias.updatedAtMs),
  });
}

export function diagnosticOf(diagnostic: AslDiagnostic): Diagnostic {
  return create(DiagnosticSchema, {
    severity: Severity[diagnostic.severity],
    code: diagnostic.code,
    message: diagnostic.message,
    location: diagnostic.pointer,
    line: diagnostic.line,
    column: diagnostic.column,
    suggestion: diagnostic.suggestion ?? "",
  });
}

/** Undefined: the caller leaves it open. */
export function engineFormatOf(format: DefinitionFormat): EngineFormat | undefined {
  if (format === DefinitionFormat.JSON) return "JSON";
  return format === DefinitionFormat.YAML ? "YAML" : undefined;
}

export function engineTypeOf(type: StateMachineType): EngineType | undefined {
  if (type === StateMachineType.STANDARD) return "STANDARD";
  return type === StateMachineType.EXPRESS ? "EXPRESS" : undefined;
}
