import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";
import type { TaskLossPolicy } from "../../asl/index.ts";
import { StateMachineRevisionRow } from "../entities/state-machine-revision.ts";
import { StateMachineRow } from "../entities/state-machine.ts";

/** A state machine as it is now, or, with `version`, as it was published. */
export interface StateMachineRecord extends StateMachineContent {
  /** Absent: the head. */
  readonly version?: number;
  /** Another one when an alias changes or a version goes. */
  readonly routingId: string;
  readonly id: string;
  readonly name: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly status: "ACTIVE" | "DELETING";
  readonly revisionId: string;
  readonly updateCount: number;
  readonly retentionSeconds?: number;
  readonly onTaskLost?: TaskLossPolicy;
  readonly maxTaskDeliveries?: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What an update may change; each change makes a revision. */
export interface StateMachineContent {
  readonly definition: string;
  readonly format: "JSON" | "YAML";
  readonly roleArn: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly logging: object | undefined;
  readonly tracing: object | undefined;
  readonly encryption: object | undefined;
}

export async function findStateMachine(
  orm: MikroORM,
  name: string,
): Promise<StateMachineRecord | undefined> {
  const em = orm.em.fork();
  const machine = await em.findOne(StateMachineRow, { name });
  return machine === null ? undefined : withRevision(em, machine);
}

/** By name. @param afterName exclusive; the order is that of the database's collation. */
export async function listStateMachines(
  orm: MikroORM,
  { afterName, limit }: { readonly afterName: string | undefined; readonly limit: number },
): Promise<readonly StateMachineRecord[]> {
  const em = orm.em.fork();
  const where = afterName === undefined ? {} : { name: { $gt: afterName } };
  const machines = await em.find(StateMachineRow, where, { orderBy: { name: "asc" }, limit });
  const ids = machines.map(({ revisionId }) => revisionId);
  // One statement for all; their texts are left out, a page of them could be a gigabyte.
  const revisions = await em.find(
    StateMachineRevisionRow,
    { id: ids },
    { fields: ["id", "format"] },
  );
  const formats = new Map(revisions.map(({ id, format }) => [id, format]));
  return machines.map((machine) =>
    recordOf(machine, { definition: "", format: formats.get(machine.revisionId) ?? "JSON" }),
  );
}

/** The machine with the text of its present revision. A revision itself never changes and never goes. */
export async function withRevision(
  em: EntityManager,
  machine: StateMachineRow,
): Promise<StateMachineRecord> {
  return recordOf(
    machine,
    await em.findOneOrFail(StateMachineRevisionRow, { id: machine.revisionId }),
  );
}

function recordOf(
  machine: StateMachineRow,
  { definition, format }: { readonly definition: string; readonly format: "JSON" | "YAML" },
): StateMachineRecord {
  const {
    id,
    name,
    type,
    status,
    roleArn,
    description,
    labels,
    revisionId,
    routingId,
    updateCount,
    retentionSeconds,
    onTaskLost,
    maxTaskDeliveries,
    createdAt,
    updatedAt,
  } = machine;
  return {
    id,
    name,
    type,
    status,
    roleArn,
    description,
    labels,
    revisionId,
    routingId,
    updateCount,
    ...(retentionSeconds !== null && retentionSeconds !== undefined && { retentionSeconds }),
    ...(onTaskLost != null && { onTaskLost }),
    ...(maxTaskDeliveries != null && { maxTaskDeliveries }),
    definition,
    format,
    logging: machine.logging ?? undefined,
    tracing: machine.tracing ?? undefined,
    encryption: machine.encryption ?? undefined,
    createdAtMs: createdAt.getTime(),
    updatedAtMs: updatedAt.getTime(),
  };
}

/** A text and how to compile it. The type is its machine's, or, when that is gone, of no more account. */
export interface RevisionRecord {
  readonly id: string;
  readonly stateMachineId: string;
  readonly definition: string;
  readonly format: "JSON" | "YAML";
  readonly type: "STANDARD" | "EXPRESS";
  readonly createdAtMs: number;
  /** Whether its machine was made with it. */
  readonly isFirst: boolean;
}

export async function findRevision(
  orm: MikroORM,
  revisionId: string,
): Promise<RevisionRecord | undefined> {
  const em = orm.em.fork();
  const revision = await em.findOne(StateMachineRevisionRow, { id: revisionId });
  if (revision === null) return undefined;
  const { id, stateMachineId, definition, format, createdAt } = revision;
  const machine = await em.findOne(StateMachineRow, { id: stateMachineId });
  const [first] = await em.find(
    StateMachineRevisionRow,
    { stateMachineId },
    { fields: ["id"], orderBy: { createdAt: "asc" }, limit: 1 },
  );
  return {
    id,
    stateMachineId,
    definition,
    format,
    type: machine?.type ?? "STANDARD",
    createdAtMs: createdAt.getTime(),
    isFirst: first?.id === id,
  };
}
