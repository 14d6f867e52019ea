import { caught } from "./catch.ts";
import { QueryError } from "./data/jsonata/query-error.ts";
import { closeFailed } from "./close.ts";
import { runtimeError } from "./error-equals.ts";
import { fanOutOf, haltChildren, noteAborted, removeChildren } from "./fan-out.ts";
import { keepEnd } from "./keep-end.ts";
import { recordAllWaiting } from "./record-waiting.ts";
import { retry } from "./retry.ts";
import { StatesError } from "./states-error.ts";
import { failureDetails } from "./text-details.ts";
import type { State } from "./definition/definition.ts";
import type { Trouble } from "./error-equals.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/**
 * A state has failed: it is retried, or caught, or its scope fails, and with it the Parallel or Map
 * that the scope belongs to, up to the execution. ASL § Errors. What nothing may catch ends the
 * execution where it happens: AWS writes no event of the Parallels and Maps around it.
 */
export async function fail(progress: Progress, scope: Scope, trouble: Trouble): Promise<void> {
  if (progress.isPaused) return keepEnd(progress, scope, { trouble });
  let failing = scope;
  let current = trouble;
  for (;;) {
    const state = progress.stateOf(failing);
    const handled = await handle(progress, failing, state, current);
    if (handled === true) {
      removeChildren(progress, failing);
      return;
    }
    current = noteEvaluation(progress, failing, handled);
    const parent = progress.parentOf(failing);
    if (parent === undefined || current.failure.error === runtimeError) {
      recordAllWaiting(progress);
      closeFailed(progress, current.failure, failing.lastEventId);
      return;
    }
    const ofParent = failParent(progress, parent, failing, current);
    if (ofParent === undefined) return;
    failing = parent;
    current = ofParent;
  }
}

/**
 * What an error thrown while a state was at work means for the execution. Everything but a
 * {@link StatesError} is a bug and is thrown on.
 *
 * Data does not change by itself, so such an error is not retried; but what a worker gave may, the next
 * time, be what an Output can work with.
 */
export function troubleOf(scope: Scope, error: unknown): Trouble {
  if (!(error instanceof StatesError)) throw error;
  const cause =
    error.error === "States.DataLimitExceeded"
      ? error.message
      : `An error occurred while executing the state '${scope.stateName}' (entered at the event id #${scope.enteredEventId}). ${error.message}`;
  const failure = { error: error.error, cause };
  if (!(error instanceof QueryError)) return { failure, nonRetryable: true };
  return { failure, evaluation: error.place };
}

/**
 * Writes EvaluationFailed for an expression that failed.
 *
 * AWS evaluates before it counts StateEntered as done: the event follows what StateEntered follows.
 */
function noteEvaluation(progress: Progress, scope: Scope, trouble: Trouble): Trouble {
  const { evaluation, ...rest } = trouble;
  if (evaluation === undefined) return trouble;
  const { location, isAfterEvaluation } = evaluation;
  const isOnEntering = scope.lastEventId === scope.enteredEventId && isAfterEvaluation !== true;
  const previousEventId = isOnEntering
    ? (progress.beforeEntered.get(scope.id) ?? scope.lastEventId)
    : scope.lastEventId;
  scope.lastEventId = progress.note(scope, "EvaluationFailed", previousEventId, {
    details: {
      ...failureDetails(trouble.failure),
      ...(location !== undefined && { location }),
      state: scope.stateName,
    },
  });
  progress.changedScopes.add(scope.id);
  const { type } = progress.stateOf(scope);
  return { ...rest, ...((type === "Map" || type === "Parallel") && { isOfChild: true }) };
}

/** True: retried or caught. Else what is left to deal with. */
async function handle(
  progress: Progress,
  scope: Scope,
  state: State,
  found: Trouble,
): Promise<true | Trouble> {
  const trouble = noteEvaluation(progress, scope, found);
  progress.turn.probe?.see({ failure: trouble.failure });
  if (!("retry" in state)) return trouble;
  if (retry(progress, scope, state, trouble)) return true;
  if (trouble.isOfChild === true) {
    progress.advance(scope, state.type === "Map" ? "MapStateFailed" : "ParallelStateFailed");
  }
  try {
    return (await caught(progress, scope, state, trouble)) || trouble;
  } catch (error) {
    return troubleOf(scope, error);
  }
}

/** A child's failure as its Map's or Parallel's own; undefined when the Map puts up with it. */
function failParent(
  progress: Progress,
  parent: Scope,
  child: Scope,
  trouble: Trouble,
): Trouble | undefined {
  const { position } = parent;
  if (position.kind !== "Children") throw new Error(`scope ${parent.id} has no children`);
  const fanOut = fanOutOf(progress, parent);
  const isMap = progress.stateOf(parent).type === "Map";
  const isTolerated =
    isMap && position.toleratedFailures !== undefined && fanOut.failed < position.toleratedFailures;
  const details = { index: child.parent?.index ?? 0, name: parent.stateName };
  const iterationEventId = isMap
    ? progress.note(parent, "MapIterationFailed", child.lastEventId, { details })
    : 0;
  if (isTolerated) {
    removeChildren(progress, child);
    child.position = { kind: "Failed", failure: trouble.failure, iterationEventId };
    progress.makeReady(child);
    return undefined;
  }
  noteAborted(progress, parent, child, child.lastEventId);
  parent.lastEventId = child.lastEventId;
  haltChildren(progress, parent);
  progress.changedScopes.add(parent.id);
  if (position.toleratedFailures !== undefined) {
    return { failure: toleranceExceeded, isOfChild: true };
  }
  return {
    failure: trouble.failure,
    isHeartbeatTimeout: trouble.isHeartbeatTimeout === true,
    isOfChild: true,
  };
}

/** More items of a Map have failed than it puts up with. */
export const toleranceExceeded = {
  error: "States.ExceedToleratedFailureThreshold",
  cause: "The specified tolerated failure threshold was exceeded",
} as const;
