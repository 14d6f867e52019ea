import { evaluationOf, outputOf, selectedInput } from "../data-flow.ts";
import { leave } from "../leave.ts";
import { StatesError } from "../states-error.ts";
import type { ChoiceState, Evaluation } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** ASL § Choice State. */
export async function enterChoice(
  progress: Progress,
  scope: Scope,
  state: ChoiceState,
): Promise<void> {
  const input = await selectedInput(progress, scope, state);
  const next = await chooseNext(state, evaluationOf(progress, scope, input));
  leave(progress, scope, await outputOf(progress, scope, state, input), next);
}

/**
 * The state that follows: the first rule that holds, else Default.
 *
 * @throws StatesError States.NoChoiceMatched when no rule holds and there is no Default.
 */
async function chooseNext(state: ChoiceState, evaluation: Evaluation): Promise<string> {
  for (const rule of state.rules) {
    if (await rule.test(evaluation)) return rule.next;
  }
  if (state.defaultNext !== undefined) return state.defaultNext;
  throw new StatesError(
    "States.NoChoiceMatched",
    "Failed to transition out of the state. The state does not point to a next state.",
  );
}
