import { combine, evaluationOf, queriedExit, withinLimit } from "./data-flow.ts";
import { matchesError } from "./error-equals.ts";
import { leave } from "./leave.ts";
import { Payload } from "./payload.ts";
import type { ErrorFields, StateBase } from "./definition/definition.ts";
import type { Trouble } from "./error-equals.ts";
import type { Json } from "./json.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";
import type { Failure } from "./states-error.ts";

/**
 * Leaves the state for the first Catcher that names the error. ASL § Fallback states.
 *
 * @returns false when nothing catches it.
 */
export async function caught(
  progress: Progress,
  scope: Scope,
  state: StateBase & ErrorFields,
  trouble: Trouble,
): Promise<boolean> {
  const catchIndex = state.catch.findIndex(({ errorEquals }) => matchesError(errorEquals, trouble));
  const catcher = state.catch[catchIndex];
  if (catcher === undefined) return false;
  progress.turn.visited?.(state, `Catch/${catchIndex}`);
  const error = errorOutput(trouble.failure);
  if (state.queryLanguage === "JSONata") {
    const seen = { otherwise: Payload.of(error), errorOutput: error };
    leave(progress, scope, await queriedExit(progress, scope, catcher, seen), catcher.next);
    progress.turn.probe?.see({ errorDetails: { catchIndex } });
    return true;
  }
  const assigned = await catcher.assign?.evaluate(evaluationOf(progress, scope, Payload.of(error)));
  const output = combine(scope.input, Payload.of(error), catcher.resultPath).compact();
  const exit = { output: withinLimit(progress, output, scope.stateName), assigned };
  leave(progress, scope, exit, catcher.next);
  progress.turn.probe?.see({ errorDetails: { catchIndex } });
  return true;
}

/** ASL § Error output. A failure without a name has null for both; one without a cause an empty Cause. */
function errorOutput({ error, cause }: Failure): Json {
  return { Error: error ?? null, Cause: cause ?? (error === undefined ? null : "") };
}
