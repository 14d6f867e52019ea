import { isDeepStrictEqual } from "node:util";
import { changeAlias, deleteAlias, type AliasContent } from "../store/control/aliases.ts";
import { findAlias, listAliases, type AliasRecord } from "../store/reads/aliases.ts";
import { doesNotExist } from "./arns.ts";
import { checkStorable } from "./check-storable.ts";
import type { Control, Page, PageQuery, Route, StateMachineAlias } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { checkEtag } from "./etag.ts";
import { newUuid } from "./ids.ts";
import { checkAliasName } from "./names.ts";
import { pageSizeOf } from "./page-token.ts";
import { checkNotDeleting, findMachine } from "./state-machines.ts";
import type { VersionControlOptions } from "./versions.ts";

/** As at AWS. */
const aliasesMax = 100;
const routesMax = 2;

type AliasControl = Pick<
  Control,
  | "createStateMachineAlias"
  | "updateStateMachineAlias"
  | "describeStateMachineAlias"
  | "listStateMachineAliases"
  | "deleteStateMachineAlias"
>;

/** Aliases: names that route starts to one or two versions of a machine. */
export function aliasControl(options: VersionControlOptions): AliasControl {
  const { store, arns } = options;
  const parse = (reference: string): { machineName: string; name: string } => {
    const { name: machineName, qualifier } = arns.parseQualified(reference);
    if (typeof qualifier !== "string") throw noSuchAlias(reference);
    return { machineName, name: qualifier };
  };
  return {
    createStateMachineAlias: ({ description = "", routes, ...key }) =>
      change(options, key, (present) => {
        if (present === undefined) return { description, routes };
        if (isDeepStrictEqual({ description, routes }, contentOf(present))) return undefined;
        throw new EngineError(
          "ConflictException",
          "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
          { reason: "ALIAS_ALREADY_EXISTS" },
        );
      }),
    updateStateMachineAlias: ({ etag, allowMissing = false, description, routes, ...key }) =>
      change(options, key, (present) => {
        if (present === undefined && !allowMissing)
          throw noSuchAlias(`${key.stateMachine}:${key.name}`);
        checkEtag("alias", present?.etag ?? "absent", etag);
        const { description: before = "", routes: routesBefore = [] } = present ?? {};
        const content = {
          description: description ?? before,
          routes: routes ?? routesBefore,
        };
        const isSame = present !== undefined && isDeepStrictEqual(content, contentOf(present));
        return isSame ? undefined : content;
      }),
    describeStateMachineAlias: async (reference) => {
      const { machineName, name } = parse(reference);
      const machine = await findMachine(options, machineName);
      const record = machine && (await findAlias(store.orm, machine.id, name));
      if (record === undefined) throw noSuchAlias(reference);
      return aliasOf(options, machineName, record);
    },
    listStateMachineAliases: (reference, query) => list(options, reference, query),
    deleteStateMachineAlias: (reference, { etag } = {}) =>
      deleteAlias(store.orm, parse(reference), (present) => checkEtag("alias", present.etag, etag)),
  };
}

/** @param contentAfter undefined: it stays as it is. */
async function change(
  options: VersionControlOptions,
  { stateMachine, name }: { readonly stateMachine: string; readonly name: string },
  contentAfter: (present: AliasRecord | undefined) => AliasContent | undefined,
): Promise<StateMachineAlias> {
  const { store, arns } = options;
  checkAliasName(name);
  const machineName = arns.parseStateMachine(stateMachine);
  const record = await changeAlias(store.orm, { machineName, name }, (situation) => {
    checkNotDeleting(options, { name: machineName, status: situation.machineStatus });
    const content = contentAfter(situation.present);
    if (content === undefined) return undefined;
    checkStorable({ description: content.description });
    checkRoutes(content.routes, (version) => arns.qualified(machineName, version));
    if (situation.present === undefined && situation.count >= aliasesMax)
      throw tooMany(machineName, situation.count);
    return { etag: newUuid(), content };
  });
  if (record === undefined)
    throw notFound("STATE_MACHINE_DOES_NOT_EXIST", { type: "StateMachine", name: stateMachine });
  if (record === "MissingVersion")
    throw notFound("VERSION_NOT_FOUND", { type: "StateMachine", name: stateMachine });
  return aliasOf(options, machineName, record);
}

async function list(
  { store, arns, pageTokens, machineOf }: VersionControlOptions,
  reference: string,
  query: PageQuery,
): Promise<Page<StateMachineAlias>> {
  const size = pageSizeOf(query.pageSize);
  const { name, qualifier } = arns.parseQualified(reference);
  if (typeof qualifier === "string") throw doesNotExist("StateMachineDoesNotExist", reference);
  const machine = await machineOf(name, reference);
  const bound = { list: "StateMachineAliases", machine: machine.id, version: qualifier };
  const afterName = pageTokens.open(bound, query.pageToken)?.[0];
  const records = await listAliases(store.orm, machine.id, {
    afterName: afterName === undefined ? undefined : String(afterName),
    version: qualifier,
    limit: size + 1,
  });
  const items = records.slice(0, size);
  return {
    items: items.map((record) => aliasOf({ arns }, name, record)),
    ...(records.length > size && { nextPageToken: pageTokens.seal(bound, [items.at(-1)!.name]) }),
  };
}

function aliasOf(
  { arns }: Pick<VersionControlOptions, "arns">,
  stateMachineName: string,
  record: AliasRecord,
): StateMachineAlias {
  return { ...record, stateMachineName, arn: arns.qualified(stateMachineName, record.name) };
}

function contentOf({ description, routes }: AliasContent): AliasContent {
  return { description, routes: routes.map(({ version, weight }) => ({ version, weight })) };
}

/** One or two distinct versions that share all starts. @throws EngineError ValidationException */
function checkRoutes(routes: readonly Route[], arnOf: (version: number) => string): void {
  const versions = routes.map(({ version }) => version);
  const weights = routes.map(({ weight }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (routes.length === 0 || routes.length > routesMax)
    throw badRoutes(`an alias has ${routes.length} routes; it has 1 to ${routesMax}`);
  if (new Set(versions).size < versions.length) {
    const received = versions.map(arnOf).join(", ");
    throw badRoutes(
      `Routing configuration must contain distinct state machine version ARNs. Received: [${received}]`,
    );
  }
  if (sum !== 100 || weights.some((weight) => weight < 0)) {
    throw badRoutes(
      `Sum of routing configuration weights must equal 100. Received: [${weights.join(", ")}]`,
    );
  }
}

function badRoutes(message: string): EngineError {
  return new EngineError("ValidationException", message, {
    reason: "INVALID_ROUTING_CONFIGURATION",
    violations: [
      { field: "routes", description: message, reason: "INVALID_ROUTING_CONFIGURATION" },
    ],
  });
}

function noSuchAlias(reference: string): EngineError {
  return notFound("ALIAS_NOT_FOUND", { type: "StateMachineAlias", name: reference });
}

/** AWS's text for what an alias, or a request for one, refers to in vain. */
function notFound(
  reason: string,
  resource: { readonly type: string; readonly name: string },
): EngineError {
  const message = "Request references a resource that does not exist.";
  return new EngineError("ResourceNotFound", message, { reason, resource });
}

function tooMany(machineName: string, count: number): EngineError {
  return new EngineError(
    "ServiceQuotaExceededException",
    `state machine ${machineName} has ${count} aliases; the limit is ${aliasesMax}`,
    { reason: "TOO_MANY_ALIASES" },
  );
}
