import { LockMode } from "@mikro-orm/core";
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

/** @returns undefined when there is no such activity. */
export function changeActivityLabels(
  orm: MikroORM,
  name: string,
  change: (present: Labels) => Labels,
): Promise<Labels | undefined> {
  return orm.em.fork().transactional(async (em) => {
    const activity = await em.findOne(
      ActivityRow,
      { name },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (activity === null) return undefined;
    const changed = change(activity.labels);
    await em.nativeUpdate(ActivityRow, { name }, { labels: changed });
    return changed;
  });
}

type Labels = Readonly<Record<string, string>>;
