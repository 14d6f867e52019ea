import { Payload } from "./payload.ts";
import { rebuildIndex } from "./scope-index.ts";
import type { Redriven, Verdict } from "./event.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/**
 * A STANDARD execution that did not succeed goes on where its threads stood: what had succeeded is
 * kept, everything else begins its state's work anew, with all its retries. A state that was entered is
 * not entered again.
 *
 * @returns Stale when there is nothing to go on from.
 */
export function redrive(progress: Progress, { from }: Redriven): Verdict {
  const { execution, index } = progress;
  const root = execution.scopes.get(0);
  if (root === undefined) return "Stale";
  const redrivenEventId = execution.nextEventId;
  const count = (execution.redrive?.count ?? 0) + 1;
  progress.noteExecution("ExecutionRedriven", redrivenEventId - 1, { redriveCount: count });
  execution.redrive = { count, timeMs: execution.lastEventTimeMs };
  execution.status = "RUNNING";
  delete execution.failure;
  if (from !== undefined) startOver(progress, root, from, redrivenEventId);
  for (const scope of execution.scopes.values()) takeUp(progress, scope, redrivenEventId);
  rebuildIndex(index, execution);
  return "Applied";
}

/** The root thread alone, about to enter the state. Its variables stay. */
function startOver(
  progress: Progress,
  root: Scope,
  from: NonNullable<Redriven["from"]>,
  redrivenEventId: number,
): void {
  for (const id of progress.execution.scopes.keys()) if (id !== 0) progress.removeScope(id);
  root.stateName = from.stateName;
  root.input = Payload.ofText(from.input);
  root.enteredEventId = 0;
  root.lastEventId = redrivenEventId;
  root.position = { kind: "Turn" };
}

function takeUp(progress: Progress, scope: Scope, redrivenEventId: number): void {
  const { position } = scope;
  const { kind } = position;
  // What a pause has kept was a success, too, and needs only be gone on with.
  if (kind === "Succeeded" || (kind === "Ended" && position.trouble === undefined)) return;
  progress.changedScopes.add(scope.id);
  scope.attempt = 1;
  delete scope.retries;
  delete scope.lastFailure;
  if (kind === "Children") return;
  scope.position = { kind: "Turn" };
  if (scope.enteredEventId === 0) return;
  if (scope.mapRun !== undefined) {
    scope.mapRun = { ...scope.mapRun, isTakenUp: true };
    scope.lastEventId = scope.mapRun.startedEventId;
    return;
  }
  // As AWS writes it: a Fail state fails after the redrive, all else follows its state's entry.
  const isFail = progress.stateOf(scope).type === "Fail";
  scope.lastEventId = isFail ? redrivenEventId : scope.enteredEventId;
}
