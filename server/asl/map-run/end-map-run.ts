/** What a Map Run comes to is what its Map comes to. */
import { fail } from "../fail.ts";
import { Payload } from "../payload.ts";
import { failureDetails } from "../text-details.ts";
import { workDone } from "../work-done.ts";
import type { MapState } from "../definition/definition.ts";
import type { MapRunEnd } from "../effect.ts";
import type { TaskEvent, Verdict } from "../event.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";
import type { Failure } from "../states-error.ts";

/** @param event of the task that carries the run out. It is always started, and has no timeout. */
export async function applyToMapRun(
  progress: Progress,
  scope: Scope,
  state: MapState,
  event: TaskEvent,
): Promise<Verdict> {
  switch (event.type) {
    case "TaskStarted":
    case "TaskSubmitted":
    case "TaskTimedOut":
      return "Stale";
    case "TaskLost":
      return "StillOpen";
    case "TaskSucceeded":
      await mapRunSucceeded(progress, scope, state, Payload.ofText(event.output));
      return "Applied";
    case "TaskFailed":
      await mapRunFailed(progress, scope, event.failure);
      return "Applied";
  }
}

async function mapRunSucceeded(
  progress: Progress,
  scope: Scope,
  state: MapState,
  result: Payload,
): Promise<void> {
  endMapRun(progress, scope, "SUCCEEDED");
  progress.advance(scope, "MapRunSucceeded");
  progress.note(scope, "MapStateSucceeded", scope.lastEventId);
  await workDone(progress, scope, state, result);
}

async function mapRunFailed(progress: Progress, scope: Scope, failure: Failure): Promise<void> {
  endMapRun(progress, scope, "FAILED");
  // Whatever is taken up of such a run fails again: a redrive begins another one, as at AWS.
  if (failure.error === "States.DataLimitExceeded" || failure.error === "States.Runtime")
    delete scope.mapRun;
  progress.advance(scope, "MapRunFailed", { details: failureDetails(failure) });
  await fail(progress, scope, { failure, isOfChild: true });
}

function endMapRun(progress: Progress, scope: Scope, status: MapRunEnd): void {
  const { position } = scope;
  if (position.kind !== "Task" || position.mapRunId === undefined)
    throw new Error(`scope ${scope.id} has no Map Run`);
  progress.index.tasks.delete(position.taskId);
  progress.effect({ type: "EndMapRun", mapRunId: position.mapRunId, status });
  scope.position = { kind: "Turn" };
}
