import { evaluationOf, selectedInput } from "../data-flow.ts";
import { fail } from "../fail.ts";
import { StatesError } from "../states-error.ts";
import type { Evaluation, FailState, Setting } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** ASL § Fail State: its scope fails with Error and Cause, each of which may be absent. */
export async function enterFail(progress: Progress, scope: Scope, state: FailState): Promise<void> {
  const evaluation = evaluationOf(progress, scope, await selectedInput(progress, scope, state));
  const error = await textOf("ErrorPath", state.error, evaluation);
  const cause = await textOf("CausePath", state.cause, evaluation);
  const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  await fail(progress, scope, { failure });
}

async function textOf(
  field: string,
  setting: Setting<string> | undefined,
  evaluation: Evaluation,
): Promise<string | undefined> {
  if (setting === undefined) return undefined;
  if ("value" in setting) return setting.value;
  if ("query" in setting) return (await setting.query.evaluate(evaluation)) as string;
  const value = await setting.path.evaluate(evaluation);
  if (typeof value === "string") return value;
  throw new StatesError(
    "States.Runtime",
    `The ${field} parameter does not reference a string: ${setting.path.text}`,
  );
}
