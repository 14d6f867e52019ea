import { closeSucceeded } from "./close.ts";
import { exitOf } from "./data-flow.ts";
import { fail, troubleOf } from "./fail.ts";
import { fanOutOf, joinedOutput, makeRoomReady, removeChildren, startNoMore } from "./fan-out.ts";
import { leave } from "./leave.ts";
import { countFinished } from "./scope-index.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** A scope is over: the execution has succeeded, or a branch or item waits for its siblings. */
export async function finish(progress: Progress, scope: Scope): Promise<void> {
  const parent = progress.parentOf(scope);
  if (parent === undefined || scope.parent === undefined) {
    closeSucceeded(progress, scope.input, scope.lastEventId);
    return;
  }
  if (scope.position.kind === "Succeeded" && progress.stateOf(parent).type === "Map") {
    const details = { index: scope.parent.index, name: parent.stateName };
    const iterationEventId = progress.note(parent, "MapIterationSucceeded", scope.lastEventId, {
      details,
    });
    scope.position = { kind: "Succeeded", iterationEventId };
  }
  const fanOut = fanOutOf(progress, parent);
  countFinished(fanOut, scope);
  if (parent.position.kind === "Children" && fanOut.finished === parent.position.count)
    await join(progress, parent);
  else makeRoomReady(progress, parent);
}

/** All branches or items are done: the state's result is the array of their outputs. */
export async function join(progress: Progress, scope: Scope): Promise<void> {
  const state = progress.stateOf(scope);
  if (state.type !== "Map" && state.type !== "Parallel")
    throw new Error(`a ${state.type} state has no children`);
  const result = joinedOutput(progress, scope);
  scope.lastEventId = fanOutOf(progress, scope).lastEndedEventId || scope.lastEventId;
  progress.changedScopes.add(scope.id);
  startNoMore(progress, scope);
  progress.note(
    scope,
    state.type === "Map" ? "MapStateSucceeded" : "ParallelStateSucceeded",
    scope.lastEventId,
  );
  try {
    leave(progress, scope, await exitOf(progress, scope, state, result), state.next);
    removeChildren(progress, scope);
  } catch (error) {
    const trouble = troubleOf(scope, error);
    // What is too large stays so until the children give something else: a redrive runs them all again.
    if (trouble.failure.error === "States.DataLimitExceeded") removeChildren(progress, scope);
    await fail(progress, scope, trouble);
  }
}
