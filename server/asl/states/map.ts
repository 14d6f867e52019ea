import { evaluationOf, selectedInput } from "../data-flow.ts";
import { beginChildren, itemsOf, makeRoomReady } from "../fan-out.ts";
import { join } from "../finish.ts";
import { floatSetting, integerSetting, outOfRange } from "../number-setting.ts";
import type { Evaluation, MapState } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** ASL § Map State. Begins the items; also every retry of them all. */
export async function startMap(progress: Progress, scope: Scope, state: MapState): Promise<void> {
  const evaluation = evaluationOf(progress, scope, await selectedInput(progress, scope, state));
  const maxConcurrency = await maxConcurrencyOf(state, evaluation);
  const items = await itemsOf(progress, scope, state);
  const startedEventId = progress.advance(scope, "MapStateStarted", {
    details: { length: items.length },
  });
  const toleratedFailures = await toleratedFailuresOf(state, items.length, evaluation);
  const children = {
    kind: "Children",
    startedEventId,
    count: items.length,
    ...(maxConcurrency !== undefined && maxConcurrency > 0 && { maxConcurrency }),
    ...(toleratedFailures !== undefined && { toleratedFailures }),
  } as const;
  beginChildren(progress, scope, children, items);
  if (items.length === 0) await join(progress, scope);
  else makeRoomReady(progress, scope);
}

/** 0: no bound. */
export async function maxConcurrencyOf(
  state: MapState,
  evaluation: Evaluation,
): Promise<number | undefined> {
  const maxConcurrency = await integerSetting("MaxConcurrency", state.maxConcurrency, evaluation);
  if (maxConcurrency === undefined || maxConcurrency >= 0) return maxConcurrency;
  const cause = "MaxConcurrency cannot be negative.";
  throw outOfRange("MaxConcurrency", state.maxConcurrency, cause);
}

/** How many items may fail: the lower of ToleratedFailureCount and ToleratedFailurePercentage. */
async function toleratedFailuresOf(
  state: MapState,
  itemCount: number,
  evaluation: Evaluation,
): Promise<number | undefined> {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } =
    await toleranceOf(state, evaluation);
  if (percentage === undefined) return count;
  return Math.min(count ?? itemCount, Math.floor((itemCount * percentage) / 100));
}

/** Failures a Map puts up with, as its definition says it. */
export interface Tolerance {
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
}

export async function toleranceOf(state: MapState, evaluation: Evaluation): Promise<Tolerance> {
  const count = await integerSetting(
    "ToleratedFailureCount",
    state.toleratedFailureCount,
    evaluation,
  );
  if (count !== undefined && count < 0) {
    const cause = "ToleratedFailureCount cannot be negative.";
    throw outOfRange("ToleratedFailureCount", state.toleratedFailureCount, cause);
  }
  const percentage = await floatSetting(
    "ToleratedFailurePercentage",
    state.toleratedFailurePercentage,
    evaluation,
  );
  if (percentage !== undefined && (percentage < 0 || percentage > 100)) {
    const cause = "ToleratedFailurePercentage must be between 0 and 100.";
    throw outOfRange("ToleratedFailurePercentage", state.toleratedFailurePercentage, cause);
  }
  return {
    ...(count !== undefined && { toleratedFailureCount: count }),
    ...(percentage !== undefined && { toleratedFailurePercentage: percentage }),
  };
}
