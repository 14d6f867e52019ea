import { evaluationOf, selectedInput } from "../data-flow.ts";
import { beginChildren, itemsOf, makeRoomReady } from "../fan-out.ts";
import { join } from "../finish.ts";
import { floatSetting, integerSetting, outOfRange } from "../number-setting.ts";
import { startMapRun } from "../map-run/start-map-run.ts";
import type { Evaluation, MapState } from "../definition/definition.ts";
import type { Tolerance } from "../effect.ts";
import type { Payload } from "../payload.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** ASL § Map State. Begins the items; also every retry of them all. */
export async function startMap(progress: Progress, scope: Scope, state: MapState): Promise<void> {
  const evaluation = evaluationOf(progress, scope, await selectedInput(progress, scope, state));
  const maxConcurrency = await maxConcurrencyOf(state, evaluation);
  const { distributed } = state;
  const items =
    distributed?.itemReader === undefined ? await itemsOf(progress, scope, state) : undefined;
  if (scope.mapRun?.isTakenUp !== true)
    progress.advance(scope, "MapStateStarted", { details: { length: items?.length ?? 0 } });
  const startedEventId = scope.lastEventId;
  const tolerance = await toleranceOf(state, evaluation);
  if (distributed !== undefined) {
    const settings = { items, evaluation, tolerance, maxConcurrency: maxConcurrency ?? 0 };
    return await startMapRun(progress, scope, distributed, settings);
  }
  await startItems(progress, scope, items ?? [], { startedEventId, maxConcurrency, tolerance });
}

interface Beginning {
  readonly startedEventId: number;
  readonly maxConcurrency: number | undefined;
  readonly tolerance: Tolerance;
}

/** The items of an inline Map: threads of this execution. */
async function startItems(
  progress: Progress,
  scope: Scope,
  items: readonly Payload[],
  { startedEventId, maxConcurrency, tolerance }: Beginning,
): Promise<void> {
  const toleratedFailures = toleratedFailuresOf(tolerance, items.length);
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
function toleratedFailuresOf(
  { toleratedFailureCount: count, toleratedFailurePercentage: percentage }: Tolerance,
  itemCount: number,
): number | undefined {
  if (percentage === undefined) return count;
  return Math.min(count ?? itemCount, Math.floor((itemCount * percentage) / 100));
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
