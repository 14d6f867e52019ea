import type { MikroORM } from "@mikro-orm/postgresql";
import { ActivityRow } from "../entities/activity.ts";

export interface ActivityRecord {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
}

export async function findActivity(
  orm: MikroORM,
  name: string,
): Promise<ActivityRecord | undefined> {
  const row = await orm.em.fork().findOne(ActivityRow, { name });
  return row === null ? undefined : recordOf(row);
}

/** By name. @param afterName exclusive. */
export async function listActivities(
  orm: MikroORM,
  { afterName, limit }: { readonly afterName: string | undefined; readonly limit: number },
): Promise<readonly ActivityRecord[]> {
  const where = afterName === undefined ? {} : { name: { $gt: afterName } };
  const rows = await orm.em.fork().find(ActivityRow, where, { orderBy: { name: "asc" }, limit });
  return rows.map(recordOf);
}

function recordOf({ name, labels, createdAt }: ActivityRow): ActivityRecord {
  return { name, labels, createdAtMs: createdAt.getTime() };
}
