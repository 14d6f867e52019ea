import { combine, withinLimit } from "./data-flow.ts";
import { matchesError } from "./error-equals.ts";
import { leave } from "./leave.ts";
import { Payload } from "./payload.ts";
import type { ErrorFields } from "./definition/definition.ts";
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
export function caught(
  progress: Progress,
  scope: Scope,
  state: ErrorFields,
  trouble: Trouble,
): boolean {
  const catcher = state.catch.find(({ errorEquals }) => matchesError(errorEquals, trouble));
  if (catcher === undefined) return false;
  const output = combine(
    scope.input,
    Payload.of(errorOutput(trouble.failure)),
    catcher.resultPath,
  ).compact();
  leave(progress, scope, withinLimit(progress, output, scope.stateName), catcher.next);
  return true;
}

/** ASL § Error output. A failure without a name has null for both; one without a cause an empty Cause. */
function errorOutput({ error, cause }: Failure): Json {
  return { Error: error ?? null, Cause: cause ?? (error === undefined ? null : "") };
}
