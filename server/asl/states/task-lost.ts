import { keepEnd } from "../keep-end.ts";
import { fail } from "../fail.ts";
import { leave } from "../leave.ts";
import { pause } from "../pause.ts";
import { endTask, noteTaskStarted } from "./record-outcome.ts";
import { taskEvents } from "./task-events.ts";
import type { TaskState } from "../definition/definition.ts";
import type { TaskLost, Verdict } from "../event.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** The error of a task whose worker was lost, where that fails its state. */
export const taskLostError = "Pawl.TaskLost";

/**
 * The worker is gone, and the machine's policy says what that means. The history says what AWS's would of
 * a task that times out, or that fails.
 */
export async function taskLost(
  progress: Progress,
  scope: Scope,
  state: TaskState,
  { taskId, policy, deliveries, start }: TaskLost,
): Promise<Verdict> {
  const times = deliveries === 1 ? "once" : `${deliveries} times`;
  const cause = `The worker of the state '${scope.stateName}' was lost; its task was delivered ${times}.`;
  if (policy === "PAUSE") {
    pause(progress, { reason: cause });
    return "StillOpen";
  }
  noteTaskStarted(progress, scope, state, start);
  endTask(progress, scope);
  progress.cancelTask(taskId, "Lost");
  const isTimeout = policy === "RETRY_AS_TIMEOUT";
  const failure = { error: isTimeout ? "States.Timeout" : taskLostError, cause };
  const events = taskEvents[state.resource.kind];
  const details = events.failedDetails(state.resource, failure);
  const type = isTimeout ? events.timedOut : events.failed;
  progress.advance(scope, type, { details, attempt: scope.attempt });
  if (policy === "SKIP") skipTask(progress, scope, state);
  else if (isTimeout) await fail(progress, scope, { failure, isHeartbeatTimeout: true });
  else await fail(progress, scope, { failure, nonRetryable: true });
  return "Applied";
}

/** The state is left with what it was given. */
export function skipTask(progress: Progress, scope: Scope, state: TaskState): void {
  if (progress.isPaused) keepEnd(progress, scope, {});
  else leave(progress, scope, { output: scope.input.compact() }, state.next);
}
