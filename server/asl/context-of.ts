import { contextObject, mapObject } from "./data/context-object.ts";
import { parseJson } from "./json.ts";
import type { Json } from "./json.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** `$$.Map.Item` */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/**
 * What `$$` is in the scope's state.
 *
 * @param mapItem the item that is being selected; else the one that the scope, or one around it, is.
 */
export function contextOf(
  progress: Progress,
  scope: Scope,
  mapItem = mapItemOf(progress, scope),
): Json {
  const { probe } = progress.turn;
  if (probe !== undefined)
    return mapItem === undefined ? probe.context : { ...probe.context, ...mapObject(mapItem) };
  const state = progress.stateOf(scope);
  const { facts, redrive } = progress.execution;
  const taskToken = scope.tokenTaskId && progress.turn.taskToken?.(scope.tokenTaskId);
  return contextObject({
    execution: facts,
    input: (progress.index.executionInput ??= parseJson(facts.input)),
    ...(redrive !== undefined && { redrive }),
    state: {
      name: scope.stateName,
      enteredMs: scope.enteredTimeMs,
      ...(state.type === "Task" && { retryCount: scope.attempt - 1 }),
    },
    ...(mapItem !== undefined && { mapItem }),
    ...(typeof taskToken === "string" && { taskToken }),
  });
}

function mapItemOf(progress: Progress, scope: Scope): MapItem | undefined {
  for (let at: Scope | undefined = scope; at?.parent !== undefined;) {
    const { index } = at.parent;
    at = progress.parentOf(at);
    const item = at && progress.index.fanOuts.get(at.id)?.items?.[index];
    if (item !== undefined) return { index, value: item.value };
  }
  return undefined;
}
