import type pg from "pg";
import type { Definition } from "../asl/index.ts";
import { existingActivities } from "../store/sql/existing-activities.ts";
import { unlessUnknown, type Arns } from "./arns.ts";
import { monotonicMs } from "./clock.ts";

export interface KnownActivitiesOptions {
  readonly sql: pg.Pool;
  readonly arns: Arns;
}

type Body = Pick<Definition, "states">;

/** An activity that was there is taken to be there for this long; one that was not is looked for anew. */
const keptMs = 1_000;

/** Which of a definition's activities exist. A deletion by any server is seen within a second, a creation at once. */
export class KnownActivities {
  readonly #options: KnownActivitiesOptions;
  readonly #arnsOf = new WeakMap<Definition, readonly string[]>();
  /** Monotonic time at which each was last seen. */
  readonly #seenAtMs = new Map<string, number>();

  constructor(options: KnownActivitiesOptions) {
    this.#options = options;
  }

  /** Undefined for a definition without activities. */
  of(definition: Definition): Promise<(activityArn: string) => boolean> | undefined {
    let arns = this.#arnsOf.get(definition);
    if (arns === undefined) {
      arns = [...activitiesIn(definition)];
      this.#arnsOf.set(definition, arns);
    }
    return arns.length === 0 ? undefined : this.#existing(arns);
  }

  async #existing(activityArns: readonly string[]): Promise<(activityArn: string) => boolean> {
    const isFresh = (arn: string): boolean =>
      monotonicMs() - (this.#seenAtMs.get(arn) ?? -Infinity) < keptMs;
    const found = new Set(activityArns.filter(isFresh));
    const asked = activityArns.filter((arn) => !found.has(arn));
    const names = new Map(asked.map((arn) => [arn, this.#nameOf(arn)]));
    const known = [...names.values()].filter((name) => name !== undefined);
    const existing =
      known.length === 0 ? undefined : await existingActivities(this.#options.sql, known);
    for (const [arn, name] of names) {
      if (name !== undefined && existing?.has(name) === true) {
        found.add(arn);
        this.#seenAtMs.set(arn, monotonicMs());
      } else this.#seenAtMs.delete(arn);
    }
    return (arn) => found.has(arn);
  }

  /** Undefined for an activity of another region or account. */
  #nameOf(arn: string): string | undefined {
    return unlessUnknown("ActivityDoesNotExist", () => this.#options.arns.parseActivity(arn));
  }
}

function activitiesIn({ states }: Body): ReadonlySet<string> {
  const found = new Set<string>();
  for (const state of states.values()) {
    if (state.type === "Task" && state.resource.kind === "Activity") found.add(state.resource.text);
    const inner =
      state.type === "Parallel"
        ? state.branches
        : state.type === "Map"
          ? [state.itemProcessor]
          : [];
    for (const body of inner) for (const arn of activitiesIn(body)) found.add(arn);
  }
  return found;
}
