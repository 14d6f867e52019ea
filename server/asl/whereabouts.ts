/** Which part of the definition a scope is in. */
import type { Body, Definition, State } from "./definition/definition.ts";
import type { ExecutionState } from "./execution-state.ts";
import type { Scope } from "./scope.ts";

/** The state the scope is in or about to enter. */
export function stateOf(definition: Definition, execution: ExecutionState, scope: Scope): State {
  const state = findState(definition, execution, scope);
  if (state === undefined)
    throw new Error(`no state ${scope.path}${scope.stateName} in the definition`);
  return state;
}

/** The same; undefined where the definition, not the execution's own, does not have it. */
export function findState(
  definition: Definition,
  execution: ExecutionState,
  scope: Scope,
): State | undefined {
  return findBody(definition, execution, scope)?.states.get(scope.stateName);
}

/** The machine, branch or item processor that the scope runs. */
export function bodyOf(definition: Definition, execution: ExecutionState, scope: Scope): Body {
  const body = findBody(definition, execution, scope);
  if (body === undefined) throw new Error(`no branch ${scope.path} in the definition`);
  return body;
}

function findBody(
  definition: Definition,
  execution: ExecutionState,
  scope: Scope,
): Body | undefined {
  const parent = parentOf(execution, scope);
  if (parent === undefined) return definition;
  const state = findState(definition, execution, parent);
  if (state?.type === "Map") return state.itemProcessor;
  return state?.type === "Parallel" ? state.branches[scope.parent?.index ?? 0] : undefined;
}

/** The scope whose Parallel or Map this one is a branch or an item of. */
export function parentOf(execution: ExecutionState, scope: Scope): Scope | undefined {
  if (scope.parent === undefined) return undefined;
  const parent = execution.scopes.get(scope.parent.scopeId);
  if (parent === undefined) throw new Error(`scope ${scope.parent.scopeId} is missing`);
  return parent;
}
