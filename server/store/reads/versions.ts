import type { MikroORM } from "@mikro-orm/postgresql";
import { StateMachineRevisionRow } from "../entities/state-machine-revision.ts";
import { StateMachineVersionRow } from "../entities/state-machine-version.ts";
import type { StateMachineRecord } from "./state-machines.ts";

/** A machine as one of its versions has it. */
export async function findVersion(
  orm: MikroORM,
  machine: StateMachineRecord,
  version: number,
): Promise<StateMachineRecord | undefined> {
  const em = orm.em.fork();
  const row = await em.findOne(StateMachineVersionRow, { stateMachineId: machine.id, version });
  if (row === null) return undefined;
  const text = await em.findOneOrFail(StateMachineRevisionRow, { id: row.revisionId });
  return recordOf(machine, row, text);
}

/** Newest first, without their texts. @param before exclusive. */
export async function listVersions(
  orm: MikroORM,
  machine: StateMachineRecord,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<readonly StateMachineRecord[]> {
  const rows = await orm.em.fork().find(
    StateMachineVersionRow,
    {
      stateMachineId: machine.id,
      ...(before !== undefined && { version: { $lt: before } }),
    },
    { orderBy: { version: "desc" }, limit },
  );
  return rows.map((row) => recordOf(machine, row, { definition: "", format: machine.format }));
}

function recordOf(
  machine: StateMachineRecord,
  row: StateMachineVersionRow,
  { definition, format }: Pick<StateMachineRecord, "definition" | "format">,
): StateMachineRecord {
  const { version, revisionId, updateCount, description, roleArn, createdAt } = row;
  return {
    ...machine,
    version,
    revisionId,
    updateCount,
    description,
    roleArn,
    definition,
    format,
    logging: row.logging ?? undefined,
    tracing: row.tracing ?? undefined,
    encryption: row.encryption ?? undefined,
    createdAtMs: createdAt.getTime(),
    updatedAtMs: createdAt.getTime(),
  };
}
