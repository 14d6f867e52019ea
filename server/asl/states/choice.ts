import { evaluationOf, exitOf, queriedExit, selectedInput } from "../data-flow.ts";
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
  const evaluation = evaluationOf(progress, scope, input);
  const which = await matchingRule(state, evaluation);
  const rule = state.rules[which];
  progress.turn.visited?.(state, rule === undefined ? "Default" : `Choices/${which}`);
  if (rule === undefined) {
    // Assign and Output of the state itself belong to Default.
    leave(progress, scope, await exitOf(progress, scope, state, input), defaultOf(state));
  } else if (state.queryLanguage === "JSONata") {
    const exit = await queriedExit(progress, scope, rule, { otherwise: input });
    leave(progress, scope, exit, rule.next);
  } else {
    const assigned = await rule.assign?.evaluate(evaluation);
    const { output } = await exitOf(progress, scope, withoutAssign(state), input);
    leave(progress, scope, { output, assigned }, rule.next);
  }
}

function withoutAssign({ assign: _, ...state }: ChoiceState): ChoiceState {
  return state;
}

/** Index of the first rule that holds; -1 when none does. */
async function matchingRule(state: ChoiceState, evaluation: Evaluation): Promise<number> {
  for (const [index, rule] of state.rules.entries()) {
    if (await rule.test(evaluation)) return index;
  }
  return -1;
}

/** @throws StatesError States.NoChoiceMatched when there is no Default. */
function defaultOf(state: ChoiceState): string {
  if (state.defaultNext !== undefined) return state.defaultNext;
  throw new StatesError(
    "States.NoChoiceMatched",
    "Failed to transition out of the state. The state does not point to a next state.",
  );
}
