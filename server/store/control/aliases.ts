import { raw } from "@mikro-orm/core";
import type { MikroORM } from "@mikro-orm/postgresql";
import type { AliasRoute } from "../entities/state-machine-alias.ts";
import { StateMachineAliasRow } from "../entities/state-machine-alias.ts";
import { StateMachineRow } from "../entities/state-machine.ts";
import { StateMachineVersionRow } from "../entities/state-machine-version.ts";
import { aliasRecordOf, type AliasRecord } from "../reads/aliases.ts";
import { inMachine } from "./in-machine.ts";

export interface AliasContent {
  readonly description: string;
  readonly routes: readonly AliasRoute[];
}

/** What a change may look at. */
export interface AliasSituation {
  readonly machineStatus: "ACTIVE" | "DELETING";
  readonly present: AliasRecord | undefined;
  /** Aliases the machine has. */
  readonly count: number;
}

/** What becomes of an alias: undefined leaves it as it is. Throws to refuse. */
export type AliasChange = (
  situation: AliasSituation,
) => { readonly etag: string; readonly content: AliasContent } | undefined;

/**
 * Makes or changes an alias while nobody changes its machine.
 *
 * @returns the alias afterwards; "MissingVersion" when it would route to one that is not there, and
 * nothing is changed; undefined when there is no such machine.
 */
export function changeAlias(
  orm: MikroORM,
  { machineName, name }: { readonly machineName: string; readonly name: string },
  change: AliasChange,
): Promise<AliasRecord | "MissingVersion" | undefined> {
  return inMachine(orm, machineName, async (em, { id, status: machineStatus }) => {
    const key = { stateMachineId: id, name };
    const row = await em.findOne(StateMachineAliasRow, key);
    const present = row === null ? undefined : aliasRecordOf(row);
    const count = await em.count(StateMachineAliasRow, { stateMachineId: id });
    const changed = change({ machineStatus, present, count });
    if (changed === undefined) return present;
    const { etag, content } = changed;
    const versions = content.routes.map(({ version }) => version);
    const found = await em.count(StateMachineVersionRow, {
      stateMachineId: id,
      version: { $in: versions },
    });
    if (found < versions.length) return "MissingVersion" as const;
    const updatedAt = raw<Date>("now()");
    if (present === undefined) await em.insert(StateMachineAliasRow, { ...key, ...content, etag });
    else await em.nativeUpdate(StateMachineAliasRow, key, { ...content, etag, updatedAt });
    await em.nativeUpdate(StateMachineRow, { id }, { routingId: etag });
    return aliasRecordOf(await em.findOneOrFail(StateMachineAliasRow, key, { refresh: true }));
  });
}

/** @param check throws to refuse. @returns whether there was such an alias. */
export async function deleteAlias(
  orm: MikroORM,
  { machineName, name }: { readonly machineName: string; readonly name: string },
  check: (present: AliasRecord) => void,
): Promise<boolean> {
  const deleted = await inMachine(orm, machineName, async (em, { id }) => {
    const key = { stateMachineId: id, name };
    const row = await em.findOne(StateMachineAliasRow, key);
    if (row === null) return false;
    check(aliasRecordOf(row));
    await em.nativeUpdate(StateMachineRow, { id }, { routingId: raw<string>("gen_random_uuid()") });
    await em.nativeDelete(StateMachineAliasRow, key);
    return true;
  });
  return deleted ?? false;
}
