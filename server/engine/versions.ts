import { deleteVersion, publishVersion } from "../store/control/versions.ts";
import type { Store } from "../store/open-store.ts";
import { findAlias } from "../store/reads/aliases.ts";
import type { StateMachineRecord } from "../store/reads/state-machines.ts";
import { findVersion, listVersions } from "../store/reads/versions.ts";
import { doesNotExist, type Arns } from "./arns.ts";
import { checkStorable } from "./check-storable.ts";
import type { Control, PublishStateMachineVersion, Route, StateMachine } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { pageSizeOf, type PageTokens } from "./page-token.ts";
import { checkNotDeleting, stateMachineOf } from "./state-machines.ts";
import type { WeightedTarget } from "./start-targets.ts";

/** As at AWS. */
const versionsMax = 1_000;

export interface VersionControlOptions {
  readonly store: Pick<Store, "orm">;
  readonly arns: Arns;
  readonly pageTokens: PageTokens;
  /** @param name of a machine. @throws StateMachineDoesNotExist, which names the reference */
  readonly machineOf: (name: string, reference: string) => Promise<StateMachineRecord>;
}

type VersionControl = Pick<
  Control,
  "publishStateMachineVersion" | "listStateMachineVersions" | "deleteStateMachineVersion"
>;

/** Versions: revisions of a machine under numbers, which are given once. */
export function versionControl(options: VersionControlOptions): VersionControl {
  const { store, arns, pageTokens, machineOf } = options;
  return {
    publishStateMachineVersion: (request) => publish(options, request),
    listStateMachineVersions: async (reference, query) => {
      const size = pageSizeOf(query.pageSize);
      const machine = await machineOf(arns.parseStateMachine(reference), reference);
      const bound = { list: "StateMachineVersions", machine: machine.id };
      const before = pageTokens.open(bound, query.pageToken)?.[0];
      const records = await listVersions(store.orm, machine, {
        before: before === undefined ? undefined : Number(before),
        limit: size + 1,
      });
      const items = records.slice(0, size);
      return {
        items: items.map((record) => stateMachineOf(options, record)),
        ...(records.length > size && {
          nextPageToken: pageTokens.seal(bound, [items.at(-1)!.version!]),
        }),
      };
    },
    deleteStateMachineVersion: async (reference) => {
      const { name, qualifier } = arns.parseQualified(reference);
      if (typeof qualifier !== "number") throw notVersion(reference);
      return deleteVersion(store.orm, { name, version: qualifier }, checkNotRouted);
    },
  };
}

async function publish(
  options: VersionControlOptions,
  { reference, revisionId, description = "" }: PublishStateMachineVersion,
): Promise<StateMachine> {
  const { store, arns, machineOf } = options;
  checkStorable({ description });
  const name = arns.parseStateMachine(reference);
  const version = await publishVersion(store.orm, { name, description }, (present, others) => {
    checkNotDeleting(options, present);
    checkRevision(present, revisionId);
    if (others >= versionsMax) throw tooMany(present, others);
  });
  if (version === undefined) throw doesNotExist("StateMachineDoesNotExist", reference);
  const published = await findVersion(store.orm, await machineOf(name, reference), version);
  if (published === undefined) throw doesNotExist("StateMachineDoesNotExist", reference); // deleted at once
  return stateMachineOf(options, published);
}

/** What AWS calls the revision of a machine that was never updated. */
const initialRevision = "INITIAL";

function checkRevision(present: StateMachineRecord, asked: string | undefined): void {
  const current = present.updateCount === 0 ? initialRevision : present.revisionId;
  if (asked === undefined || asked === current || asked === present.revisionId) return;
  throw new EngineError(
    "ConflictException",
    `Failed to publish the State Machine version for revision ${asked.slice(0, 64)}. The current State Machine revision is ${current}.`,
    { reason: "REVISION_MISMATCH", metadata: { revision_id: present.revisionId } },
  );
}

function checkNotRouted(aliases: readonly string[]): void {
  if (aliases.length === 0) return;
  const names = aliases.join(", ");
  throw new EngineError(
    "ConflictException",
    `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names}]`,
    { reason: "VERSION_IN_USE", metadata: { aliases: names } },
  );
}

function tooMany({ name }: StateMachineRecord, count: number): EngineError {
  return new EngineError(
    "ServiceQuotaExceededException",
    `state machine ${name} has ${count} versions; the limit is ${versionsMax}`,
    { reason: "TOO_MANY_VERSIONS" },
  );
}

function notVersion(reference: string): EngineError {
  const description = `is ${reference.slice(0, 256)}, which names no version`;
  return new EngineError("ValidationException", `the version ${description}`, {
    reason: "VERSION_REQUIRED",
    violations: [{ field: "version", description, reason: "VERSION_REQUIRED" }],
  });
}

/**
 * What a start by this reference may run, with its share of the starts in percent: the head, a version,
 * or those that an alias routes to.
 * @throws EngineError StateMachineDoesNotExist, InvalidArn
 */
export async function startTargetsOf(
  options: VersionControlOptions,
  reference: string,
): Promise<readonly WeightedTarget[]> {
  const { store, arns, machineOf } = options;
  const { name, qualifier } = arns.parseQualified(reference);
  // First, so that a change of the routing after it is noticed at the start's commit.
  const machine = await machineOf(name, reference);
  if (qualifier === undefined)
    return [{ weight: 100, target: { machine: stateMachineOf(options, machine) } }];
  const alias =
    typeof qualifier === "string" ? await findAlias(store.orm, machine.id, qualifier) : undefined;
  const routes: readonly Route[] | undefined =
    typeof qualifier === "number" ? [{ version: qualifier, weight: 100 }] : alias?.routes;
  if (routes === undefined) throw doesNotExist("StateMachineDoesNotExist", reference);
  return Promise.all(
    routes.map(async ({ version, weight }) => {
      const record = await findVersion(store.orm, machine, version);
      if (record === undefined) throw doesNotExist("StateMachineDoesNotExist", reference);
      const route = {
        version,
        routingId: machine.routingId,
        ...(alias !== undefined && { alias: alias.name }),
      };
      return { weight, target: { machine: stateMachineOf(options, record), route } };
    }),
  );
}
