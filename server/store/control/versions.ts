import { raw } from "@mikro-orm/core";
import type { MikroORM } from "@mikro-orm/postgresql";
import { StateMachineAliasRow } from "../entities/state-machine-alias.ts";
import { StateMachineRow } from "../entities/state-machine.ts";
import { StateMachineVersionRow } from "../entities/state-machine-version.ts";
import { routesTo } from "../reads/aliases.ts";
import { withRevision, type StateMachineRecord } from "../reads/state-machines.ts";
import { inMachine } from "./in-machine.ts";

/**
 * Gives the present revision the next number, unless it has one.
 *
 * @param check is given the machine and how many versions it has of other revisions; throws to refuse.
 * @returns the number; undefined when there is no machine of this name.
 */
export function publishVersion(
  orm: MikroORM,
  { name, description }: { readonly name: string; readonly description: string },
  check: (present: StateMachineRecord, otherVersions: number) => void,
): Promise<number | undefined> {
  return inMachine(orm, name, async (em, machine) => {
    const { id, revisionId, updateCount, roleArn, logging, tracing, encryption } = machine;
    const others = { stateMachineId: id, revisionId: { $ne: revisionId } };
    check(await withRevision(em, machine), await em.count(StateMachineVersionRow, others));
    const present = await em.findOne(StateMachineVersionRow, { stateMachineId: id, revisionId });
    if (present !== null) return present.version;
    const version = machine.lastVersion + 1;
    await em.nativeUpdate(StateMachineRow, { id }, { lastVersion: version });
    await em.insert(StateMachineVersionRow, {
      stateMachineId: id,
      version,
      revisionId,
      updateCount,
      description,
      roleArn,
      logging,
      tracing,
      encryption,
    });
    return version;
  });
}

/**
 * Its revision stays, for the executions that were started with it.
 *
 * @param check is given the names of the aliases that route to it; throws to refuse.
 * @returns whether there was such a version.
 */
export async function deleteVersion(
  orm: MikroORM,
  { name, version }: { readonly name: string; readonly version: number },
  check: (aliases: readonly string[]) => void,
): Promise<boolean> {
  const deleted = await inMachine(orm, name, async (em, { id }) => {
    const aliases = await em.find(
      StateMachineAliasRow,
      { stateMachineId: id, routes: routesTo(version) },
      { orderBy: { name: "asc" } },
    );
    check(aliases.map((alias) => alias.name));
    await em.nativeUpdate(StateMachineRow, { id }, { routingId: raw<string>("gen_random_uuid()") });
    return em.nativeDelete(StateMachineVersionRow, { stateMachineId: id, version });
  });
  return (deleted ?? 0) > 0;
}
