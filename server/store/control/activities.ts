import type { MikroORM } from "@mikro-orm/postgresql";
import { ActivityRow } from "../entities/activity.ts";

/** Makes the activity unless there is one of this name. */
export async function insertActivity(
  orm: MikroORM,
  activity: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): Promise<void> {
  await orm.em.fork().upsert(ActivityRow, activity, { onConflictAction: "ignore" });
}

export async function deleteActivity(orm: MikroORM, name: string): Promise<void> {
  await orm.em.fork().nativeDelete(ActivityRow, { name });
}
