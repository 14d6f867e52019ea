import { isDeepStrictEqual } from "node:util";
import { compileDefinition, validateState } from "../asl/index.ts";
import type { Diagnostic, Failure } from "../asl/index.ts";
import {
  finishDeletions,
  insertStateMachine,
  markDeleting,
  updateStateMachine,
} from "../store/control/state-machines.ts";
import type { Store } from "../store/open-store.ts";
import { listRunning } from "../store/reads/executions.ts";
import { findStateMachine, listStateMachines } from "../store/reads/state-machines.ts";
import type { StateMachineContent, StateMachineRecord } from "../store/reads/state-machines.ts";
import { doesNotExist, unlessUnknown } from "./arns.ts";
import type { Arns } from "./arns.ts";
import { checkDefinition } from "./check-definition.ts";
import { checkStorable } from "./check-storable.ts";
import type { Clock } from "./clock.ts";
import type { Definitions } from "./definitions.ts";
import type {
  Control,
  CreateStateMachine,
  DefinitionFormat,
  StateMachine,
  StateMachineType,
  UpdateStateMachine,
} from "./engine.ts";
import { EngineError } from "./errors.ts";
import { checkEtag } from "./etag.ts";
import { newUuidV7 } from "./ids.ts";
import { checkLabels } from "./labels.ts";
import { checkName } from "./names.ts";
import { pageSizeOf } from "./page-token.ts";
import type { PageTokens } from "./page-token.ts";

type StateMachineControl = Pick<
  Control,
  | "createStateMachine"
  | "updateStateMachine"
  | "listStateMachines"
  | "deleteStateMachine"
  | "validateDefinition"
>;

export interface StateMachineControlOptions {
  readonly store: Pick<Store, "orm" | "pool">;
  readonly arns: Arns;
  readonly definitions: Pick<Definitions, "put">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly pageTokens: PageTokens;
  /** For `force` deletes. Absent: they are refused. */
  readonly stopExecution?: (executionId: string, failure: Failure) => Promise<unknown>;
}

/**
 * Definitions: made, changed, shown, removed.
 *
 * A machine in deletion goes as soon as somebody looks at it after its last execution has ended; until
 * then its name is taken and nothing starts.
 */
export function stateMachineControl(options: StateMachineControlOptions): StateMachineControl {
  return {
    createStateMachine: (request) => create(options, request),
    updateStateMachine: (request) => update(options, request),
    listStateMachines: (query) => list(options, query),
    deleteStateMachine: (reference, settings) => remove(options, reference, settings ?? {}),
    validateDefinition: ({ definition, type, format, isState }) =>
      isState === true
        ? validateState(definition, format)
        : compileDefinition(definition, {
            type: type ?? "STANDARD",
            ...(format !== undefined && { format }),
          }).diagnostics,
  };
}

async function create(
  options: StateMachineControlOptions,
  request: CreateStateMachine,
): ReturnType<Control["createStateMachine"]> {
  const { store, clock } = options;
  checkName(request.name);
  checkSettings(request);
  checkLabels(request.labels ?? {}, options.arns.stateMachine(request.name));
  const type = request.type ?? "STANDARD";
  const { definition, format, warnings } = checkDefinition(
    request.definition,
    type,
    request.format,
  );
  const content: StateMachineContent = {
    definition: request.definition,
    format,
    roleArn: request.roleArn ?? "",
    description: request.description ?? "",
    labels: request.labels ?? {},
    logging: request.logging,
    tracing: request.tracing,
    encryption: request.encryption,
  };
  const nowMs = clock.nowMs();
  const made = {
    ...content,
    id: newUuidV7(nowMs),
    name: request.name,
    type,
    revisionId: newUuidV7(nowMs),
  };
  const isCreated =
    request.validateOnly !== true && (await insertStateMachine(store.orm, made)) === "Created";
  if (isCreated) options.definitions.put(made.revisionId, definition, made.definition);
  const present = await findMachine(options, request.name);
  if (present === undefined) {
    if (request.validateOnly !== true) return create(options, request); // deleted between the two statements
    const draft: StateMachineRecord = {
      ...made,
      status: "ACTIVE",
      routingId: made.id,
      updateCount: 0,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    return { stateMachine: stateMachineOf(options, draft), created: false, warnings };
  }
  if (!isCreated) checkIsSame(options, present, made);
  return { stateMachine: stateMachineOf(options, present), created: isCreated, warnings };
}

function checkSettings(request: CreateStateMachine | UpdateStateMachine): void {
  const { roleArn, description, logging, tracing, encryption } = request;
  checkStorable({ role_arn: roleArn, description, logging, tracing, encryption });
}

/** AWS's rule: the same name, text, type and settings make the same machine; role and labels do not count and are not changed. */
function checkIsSame(
  options: StateMachineControlOptions,
  present: StateMachineRecord,
  asked: StateMachineContent & { type: StateMachineType },
): void {
  checkNotDeleting(options, present);
  const compared = ["definition", "type", "logging", "tracing", "encryption"] as const;
  const different = compared.filter(
    (field) => !isDeepStrictEqual(asJson(present[field]), asJson(asked[field])),
  );
  if (different.length === 0) return;
  const arn = options.arns.stateMachine(present.name);
  throw new EngineError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`, {
    metadata: { different: different.join(", "), revision_id: present.revisionId },
    resource: { type: "StateMachine", name: arn },
  });
}

async function update(
  options: StateMachineControlOptions,
  request: UpdateStateMachine,
): ReturnType<Control["updateStateMachine"]> {
  const name = options.arns.parseStateMachine(request.reference);
  checkSettings(request);
  checkLabels(request.labels ?? {}, options.arns.stateMachine(name));
  let warnings: readonly Diagnostic[] = [];
  const changed = await updateStateMachine(options.store.orm, name, (present) => {
    checkNotDeleting(options, present);
    checkEtag("state machine", present.revisionId, request.etag);
    if (request.type !== undefined && request.type !== present.type) throw fixedType(present);
    const checked =
      request.definition === undefined
        ? undefined
        : checkDefinition(request.definition, present.type, request.format);
    warnings = checked?.warnings ?? [];
    const content = contentAfter(present, request, checked?.format);
    if (isDeepStrictEqual(asJson(content), asJson(contentOf(present)))) return undefined;
    return { revisionId: newUuidV7(options.clock.nowMs()), content };
  });
  if (changed !== undefined) return { stateMachine: stateMachineOf(options, changed), warnings };
  if (request.allowMissing !== true)
    throw doesNotExist("StateMachineDoesNotExist", request.reference);
  const { definition, reference: _, etag: __, allowMissing: ___, ...settings } = request;
  if (definition === undefined) throw missingDefinition();
  return create(options, { ...settings, name, definition });
}

async function list(
  options: StateMachineControlOptions,
  query: { pageSize?: number; pageToken?: string },
): ReturnType<Control["listStateMachines"]> {
  const { store, pageTokens } = options;
  const size = pageSizeOf(query.pageSize);
  const bound = { list: "StateMachines" };
  const after = pageTokens.open(bound, query.pageToken)?.[0];
  await finishDeletions(store.orm);
  const records = await listStateMachines(store.orm, {
    afterName: after === undefined ? undefined : String(after),
    limit: size + 1,
  });
  const items = records.slice(0, size);
  return {
    items: items.map((record) => stateMachineOf(options, record)),
    ...(records.length > size && { nextPageToken: pageTokens.seal(bound, [items.at(-1)!.name]) }),
  };
}

async function remove(
  options: StateMachineControlOptions,
  reference: string,
  { etag, force = false }: { etag?: string; force?: boolean },
): Promise<StateMachine | undefined> {
  const { store, stopExecution } = options;
  const name = unlessUnknown("StateMachineDoesNotExist", () =>
    options.arns.parseStateMachine(reference),
  );
  if (name === undefined) return undefined;
  if (force && stopExecution === undefined) {
    throw new EngineError("NotImplemented", "deleting with force is not built yet");
  }
  const marked = await markDeleting(store.orm, name, (present) =>
    checkEtag("state machine", present.revisionId, etag),
  );
  if (marked === undefined) return undefined;
  if (force && stopExecution !== undefined) await stopAll(options.store, marked, stopExecution);
  await finishDeletions(store.orm, marked.id);
  return stateMachineOf(options, marked);
}

type StopExecution = NonNullable<StateMachineControlOptions["stopExecution"]>;

async function stopAll(
  store: Pick<Store, "pool">,
  machine: StateMachineRecord,
  stopExecution: StopExecution,
): Promise<void> {
  const failure = {
    error: "StateMachineDeleted",
    cause: `state machine ${machine.name} was deleted with force`,
  };
  for (
    let ids = await listRunning(store.pool, machine.id);
    ids.length > 0;
    ids = await listRunning(store.pool, machine.id)
  ) {
    // One that ended by itself meanwhile is as good.
    const ended = await Promise.allSettled(ids.map((id) => stopExecution(id, failure)));
    const failed = ended.find(
      (one) =>
        one.status === "rejected" &&
        !(one.reason instanceof EngineError && one.reason.code === "ExecutionNotRunning"),
    );
    if (failed?.status === "rejected") throw failed.reason;
  }
}

/** The machine, unless it is in deletion and could go now. */
export async function findMachine(
  { store }: { readonly store: Pick<Store, "orm"> },
  name: string,
): Promise<StateMachineRecord | undefined> {
  const record = await findStateMachine(store.orm, name);
  if (record?.status !== "DELETING") return record;
  await finishDeletions(store.orm, record.id);
  return findStateMachine(store.orm, name);
}

export function stateMachineOf(
  { arns }: { readonly arns: Arns },
  record: StateMachineRecord,
): StateMachine {
  const { format, logging, tracing, encryption, routingId: _, ...rest } = record;
  const { name, version } = record;
  return {
    ...rest,
    arn: version === undefined ? arns.stateMachine(name) : arns.qualified(name, version),
    definitionFormat: format,
    ...(logging !== undefined && { logging }),
    ...(tracing !== undefined && { tracing }),
    ...(encryption !== undefined && { encryption }),
  };
}

function contentOf({
  definition,
  format,
  roleArn,
  description,
  labels,
  logging,
  tracing,
  encryption,
}: StateMachineRecord): StateMachineContent {
  return { definition, format, roleArn, description, labels, logging, tracing, encryption };
}

function contentAfter(
  present: StateMachineRecord,
  request: UpdateStateMachine,
  format: DefinitionFormat | undefined,
): StateMachineContent {
  return {
    definition: request.definition ?? present.definition,
    format: format ?? present.format,
    roleArn: request.roleArn ?? present.roleArn,
    description: request.description ?? present.description,
    labels: request.labels ?? present.labels,
    logging: request.logging ?? present.logging,
    tracing: request.tracing ?? present.tracing,
    encryption: request.encryption ?? present.encryption,
  };
}

/** As it comes back from the database: without undefined. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** @throws EngineError StateMachineDeleting */
export function checkNotDeleting(
  { arns }: { readonly arns: Arns },
  { status, name }: Pick<StateMachineRecord, "status" | "name">,
): void {
  if (status !== "DELETING") return;
  const arn = arns.stateMachine(name);
  throw new EngineError("StateMachineDeleting", `State Machine Deleting: '${arn}'`, {
    resource: { type: "StateMachine", name: arn },
  });
}

function fixedType({ type }: StateMachineRecord): EngineError {
  return new EngineError(
    "ValidationException",
    `the type of a state machine can not be changed; it is ${type}`,
    {
      reason: "TYPE_FIXED",
      violations: [
        { field: "type", description: `can not be changed; it is ${type}`, reason: "TYPE_FIXED" },
      ],
    },
  );
}

function missingDefinition(): EngineError {
  return new EngineError(
    "ValidationException",
    "definition is required to create a state machine",
    {
      reason: "DEFINITION_EMPTY",
      violations: [{ field: "definition", description: "is required", reason: "DEFINITION_EMPTY" }],
    },
  );
}
