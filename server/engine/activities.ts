import { deleteActivity, insertActivity } from "../store/control/activities.ts";
import type { Store } from "../store/open-store.ts";
import { findActivity, listActivities } from "../store/reads/activities.ts";
import type { ActivityRecord } from "../store/reads/activities.ts";
import { doesNotExist, unlessUnknown } from "./arns.ts";
import type { Arns } from "./arns.ts";
import type { Activity, Control } from "./engine.ts";
import { checkLabels } from "./labels.ts";
import { checkName } from "./names.ts";
import { pageSizeOf } from "./page-token.ts";
import type { PageTokens } from "./page-token.ts";

type ActivityControl = Pick<
  Control,
  "createActivity" | "describeActivity" | "deleteActivity" | "listActivities"
>;

export interface ActivityControlOptions {
  readonly store: Pick<Store, "orm">;
  readonly arns: Arns;
  readonly pageTokens: PageTokens;
}

/** Activities: AWS's registration of a name under which workers ask. Workers need none; clients of AWS expect them. */
export function activityControl({
  store: { orm },
  arns,
  pageTokens,
}: ActivityControlOptions): ActivityControl {
  const activityOf = ({ name, createdAtMs }: ActivityRecord): Activity => ({
    name,
    arn: arns.activity(name),
    createdAtMs,
  });
  const found = async (name: string, reference: string): Promise<Activity> => {
    const record = await findActivity(orm, name);
    if (record === undefined) throw doesNotExist("ActivityDoesNotExist", reference);
    return activityOf(record);
  };
  return {
    // The same name again is the same activity.
    createActivity: async ({ name, labels = {} }) => {
      checkName(name);
      checkLabels(labels, arns.activity(name));
      await insertActivity(orm, { name, labels });
      return found(name, name);
    },
    describeActivity: (reference) => found(arns.parseActivity(reference), reference),
    // What is not here is as good as deleted.
    deleteActivity: async (reference) => {
      const name = unlessUnknown("ActivityDoesNotExist", () => arns.parseActivity(reference));
      if (name !== undefined) await deleteActivity(orm, name);
    },
    listActivities: async (query) => {
      const size = pageSizeOf(query.pageSize);
      const bound = { list: "Activities" };
      const after = pageTokens.open(bound, query.pageToken)?.[0];
      const records = await listActivities(orm, {
        afterName: after === undefined ? undefined : String(after),
        limit: size + 1,
      });
      const items = records.slice(0, size);
      return {
        items: items.map(activityOf),
        ...(records.length > size && {
          nextPageToken: pageTokens.seal(bound, [items.at(-1)!.name]),
        }),
      };
    },
  };
}
