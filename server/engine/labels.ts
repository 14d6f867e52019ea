import { changeActivityLabels } from "../store/control/activities.ts";
import { changeLabels } from "../store/control/state-machines.ts";
import type { Store } from "../store/open-store.ts";
import { findActivity } from "../store/reads/activities.ts";
import { findStateMachine } from "../store/reads/state-machines.ts";
import { doesNotExist, type Arns } from "./arns.ts";
import { checkStorable } from "./check-storable.ts";
import type { Control, Labels } from "./engine.ts";
import { EngineError } from "./errors.ts";

/** Labels that a machine or an activity may have. */
const labelsMax = 50;

/** Labels of machines and activities by ARN: what AWS calls tags. Versions and aliases have none. */
export function labelControl({
  store: { orm },
  arns,
}: {
  readonly store: Pick<Store, "orm">;
  readonly arns: Arns;
}): Pick<Control, "listLabels" | "changeLabels"> {
  return {
    listLabels: async (arn) => {
      const { kind, name } = arns.parseResource(arn);
      const find = kind === "activity" ? findActivity : findStateMachine;
      const found = await find(orm, name);
      if (found === undefined) throw doesNotExist("ResourceNotFound", arn);
      return found.labels;
    },
    changeLabels: async (arn, { set = {}, remove = [] }) => {
      const { kind, name } = arns.parseResource(arn);
      const change = kind === "activity" ? changeActivityLabels : changeLabels;
      const removed = new Set(remove);
      const changed = await change(orm, name, (present) => {
        const kept = Object.entries(present).filter(([key]) => !removed.has(key));
        const labels = { ...Object.fromEntries(kept), ...set };
        checkLabels(labels, arn);
        return labels;
      });
      if (changed === undefined) throw doesNotExist("ResourceNotFound", arn);
    },
  };
}

/** @throws EngineError TooManyTags, ValidationException for what can not be stored */
export function checkLabels(labels: Labels, arn: string): void {
  checkStorable({ labels });
  const count = Object.keys(labels).length;
  if (count <= labelsMax) return;
  const description = `has ${count} entries; the limit is ${labelsMax}`;
  throw new EngineError(
    "TooManyTags",
    `Too Many Tags: '${count} tags; the limit is ${labelsMax}'`,
    {
      reason: "TOO_MANY_LABELS",
      violations: [{ field: "labels", description, reason: "TOO_MANY_LABELS" }],
      resource: { type: "Resource", name: arn },
    },
  );
}
