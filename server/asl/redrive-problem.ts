import { findState } from "./whereabouts.ts";
import type { Definition, State } from "./definition/definition.ts";
import type { ExecutionState } from "./execution-state.ts";
import type { Scope } from "./scope.ts";

/**
 * Why a definition, which may be another one than the execution's own, can not take it up; undefined: it
 * can. Every state that a thread stands in has to be there, with its branches.
 *
 * @param fromState the state the root thread is to enter anew; absent: all threads are taken up.
 */
export function redriveProblem(
  definition: Definition,
  execution: ExecutionState,
  fromState: string | undefined,
): string | undefined {
  if (fromState !== undefined) {
    const isThere = definition.states.has(fromState);
    return isThere ? undefined : `there is no state ${JSON.stringify(fromState)}`;
  }
  for (const scope of execution.scopes.values()) {
    if (scope.position.kind === "Succeeded") continue;
    const state = findState(definition, execution, scope);
    if (state === undefined || !fits(scope, state))
      return `the definition has no place for the execution at ${scope.path}${scope.stateName}`;
  }
  return undefined;
}

function fits({ position }: Scope, state: State): boolean {
  if (position.kind !== "Children") return true;
  if (state.type === "Parallel") return state.branches.length === position.count;
  return state.type === "Map";
}
