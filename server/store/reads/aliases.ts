import type { MikroORM } from "@mikro-orm/postgresql";
import { StateMachineAliasRow } from "../entities/state-machine-alias.ts";
import type { AliasRoute } from "../entities/state-machine-alias.ts";

export interface AliasRecord {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly AliasRoute[];
  readonly etag: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export async function findAlias(
  orm: MikroORM,
  stateMachineId: string,
  name: string,
): Promise<AliasRecord | undefined> {
  const row = await orm.em.fork().findOne(StateMachineAliasRow, { stateMachineId, name });
  return row === null ? undefined : aliasRecordOf(row);
}

/** By name. @param afterName exclusive. @param version only those that route to it. */
export async function listAliases(
  orm: MikroORM,
  stateMachineId: string,
  query: {
    readonly afterName: string | undefined;
    readonly version: number | undefined;
    readonly limit: number;
  },
): Promise<readonly AliasRecord[]> {
  const { afterName, version, limit } = query;
  const rows = await orm.em.fork().find(
    StateMachineAliasRow,
    {
      stateMachineId,
      ...(afterName !== undefined && { name: { $gt: afterName } }),
      ...(version !== undefined && { routes: routesTo(version) }),
    },
    { orderBy: { name: "asc" }, limit },
  );
  return rows.map(aliasRecordOf);
}

/** Condition on `routes`. */
export function routesTo(version: number) {
  return { $contains: [{ version }] } as const;
}

export function aliasRecordOf(row: StateMachineAliasRow): AliasRecord {
  const { name, description, routes, etag, createdAt, updatedAt } = row;
  const times = { createdAtMs: createdAt.getTime(), updatedAtMs: updatedAt.getTime() };
  return { name, description, routes, etag, ...times };
}
