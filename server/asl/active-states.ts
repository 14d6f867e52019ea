import { stateOf } from "./whereabouts.ts";
import type { Definition } from "./definition/definition.ts";
import type { ActiveState, ExecutionState } from "./execution-state.ts";
import type { Position, Scope } from "./scope.ts";

/** The states an execution is in, outermost first; a Map's items in order. Of one that runs. */
export function activeStates(definition: Definition, execution: ExecutionState): ActiveState[] {
  const active: ActiveState[] = [];
  for (const scope of execution.scopes.values()) {
    const { kind } = scope.position;
    if (kind === "Succeeded" || kind === "Failed") continue;
    if (kind === "Input") {
      active.push(awaitedInput(execution, scope.position));
      continue;
    }
    const state = stateOf(definition, execution, scope);
    active.push({
      path: scope.path + scope.stateName,
      stateName: scope.stateName,
      type: state.type,
      kind: kind === "Ended" ? "Turn" : kind,
      attempt: attemptOf(scope),
      sinceMs: scope.enteredEventId > 0 ? scope.enteredTimeMs : execution.lastEventTimeMs,
      ...("dueAtMs" in scope.position && { nextTimeMs: scope.position.dueAtMs }),
      ...(scope.lastFailure !== undefined && { lastFailure: scope.lastFailure }),
      ...taskOf(scope.position),
      ...(state.type === "Task" && { resource: state.resource.text }),
    });
  }
  return active;
}

/** What stands in for the states of one that has not started. */
function awaitedInput(
  { lastEventTimeMs }: ExecutionState,
  { taskId }: Extract<Position, { readonly kind: "Input" }>,
): ActiveState {
  const common = { path: "", stateName: "", type: "", kind: "Task", attempt: 1 } as const;
  return { ...common, sinceMs: lastEventTimeMs, taskId };
}

/** While it waits for a retry: the attempt that comes next. */
function attemptOf({ attempt, position }: Scope): number {
  return position.kind === "Retry" ? attempt + 1 : attempt;
}

function taskOf(position: Position): { readonly taskId: number } | undefined {
  return position.kind === "Task" ? { taskId: position.taskId } : undefined;
}
