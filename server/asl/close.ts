import { failureDetails, outputDetails } from "./text-details.ts";
import { awaitsInput } from "./awaits-input.ts";
import { unpause } from "./pause.ts";
import type { CancelTask } from "./effect.ts";
import type { Payload } from "./payload.ts";
import type { Progress } from "./progress.ts";
import type { Failure } from "./states-error.ts";

/** The last event's predecessor, for an execution that is closed from outside. */
const fromOutside = 0;

/** The root scope has come to its end. */
export function closeSucceeded(progress: Progress, output: Payload, previousEventId: number): void {
  progress.noteExecution("ExecutionSucceeded", previousEventId, outputDetails(output));
  progress.execution.status = "SUCCEEDED";
  progress.execution.output = output.text;
  withdrawAll(progress, "ExecutionStopped");
}

export function closeFailed(progress: Progress, failure: Failure, previousEventId: number): void {
  progress.noteExecution("ExecutionFailed", previousEventId, failureDetails(failure));
  progress.execution.status = "FAILED";
  progress.execution.failure = failure;
  withdrawAll(progress, "ExecutionStopped");
}

/** StopExecution. Nothing is written about the states that were active. */
export function closeAborted(progress: Progress, failure: Failure): void {
  progress.noteExecution("ExecutionAborted", fromOutside, failureDetails(failure));
  progress.execution.status = "ABORTED";
  progress.execution.failure = failure;
  withdrawAll(progress, "ExecutionStopped");
}

/** The state machine's own TimeoutSeconds has passed. AWS names the error in the event only. */
export function closeTimedOut(progress: Progress): void {
  progress.noteExecution("ExecutionTimedOut", fromOutside, { error: "States.Timeout" });
  progress.execution.status = "TIMED_OUT";
  progress.execution.failure = {};
  withdrawAll(progress, "ExecutionTimedOut");
}

/** Whatever was open is withdrawn. The scopes are dropped, but for those that a redrive may take up. */
function withdrawAll(progress: Progress, reason: CancelTask["reason"]): void {
  const { index, execution } = progress;
  if (progress.isPaused) unpause(progress);
  for (const taskId of index.tasks.keys()) progress.cancelTask(taskId, reason);
  for (const scope of execution.scopes.values())
    if (scope.position.kind === "Message") progress.endMessageWait(scope.position);
  for (const timerId of index.timers.keys()) progress.cancelTimer(timerId);
  index.ready.length = 0;
  const hasStarted = !awaitsInput(execution);
  if (!hasStarted) progress.effect({ type: "GiveUpInput" });
  if (hasStarted && execution.status !== "SUCCEEDED" && execution.facts.type === "STANDARD") return;
  for (const id of execution.scopes.keys()) progress.removeScope(id);
}
