import { effectiveInput, evaluationOf, selectedInput } from "../data-flow.ts";
import { fail } from "../fail.ts";
import { integerSetting, outOfRange } from "../number-setting.ts";
import type { Payload } from "../payload.ts";
import { hasTaskToken } from "../definition/resource.ts";
import { StatesError } from "../states-error.ts";
import { workDone } from "../work-done.ts";
import { invocationOf, isLambdaInvoke } from "./lambda-invoke.ts";
import { endTask, noteTaskStarted, recordFailure, recordSuccess } from "./record-outcome.ts";
import { taskEvents } from "./task-events.ts";
import type { Evaluation, Setting, TaskResource, TaskState } from "../definition/definition.ts";
import type { TaskFailed, TaskSucceeded, TaskTimedOut, Verdict } from "../event.ts";
import type { Scope } from "../scope.ts";
import type { Progress } from "../progress.ts";

/** Offers the task to workers; also every retry of it. ASL § Task State. */
export async function scheduleTask(
  progress: Progress,
  scope: Scope,
  state: TaskState,
): Promise<void> {
  const { resource } = state;
  if (hasTaskToken(resource)) scope.tokenTaskId = progress.execution.nextEventId;
  const selected = await selectedInput(progress, scope, state);
  const evaluation = evaluationOf(progress, scope, selected);
  const timeoutSeconds = await secondsOf("TimeoutSeconds", state.timeoutSeconds, evaluation);
  const heartbeatSeconds = await secondsOf("HeartbeatSeconds", state.heartbeatSeconds, evaluation);
  const input = (await effectiveInput(progress, scope, state)).compact();
  const credentials = await state.credentials?.evaluate(evaluation);
  const offer = offerOf(progress, resource, input);

  const events = taskEvents[resource.kind];
  const { aws } = progress.turn;
  const details = events.scheduledDetails(resource, input, {
    timeoutSeconds,
    heartbeatSeconds,
    credentials,
    aws,
  });
  const taskId = progress.advance(scope, events.scheduled, { details, attempt: scope.attempt });
  const { wantsLog } = offer;
  scope.position = { kind: "Task", taskId, isStarted: false, ...(wantsLog && { wantsLog }) };
  progress.index.tasks.set(taskId, scope.id);
  const statePath = scope.path + scope.stateName;
  const { lastHeartbeatDetails } = scope;
  progress.effect({
    type: "ScheduleTask",
    taskId,
    scopeId: scope.id,
    queue: offer.queue,
    resource: resource.text,
    input: offer.input,
    stateName: scope.stateName,
    statePath,
    attempt: scope.attempt,
    visit: `${statePath}#${scope.enteredEventId}`,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    ...(scope.lastFailure !== undefined && { lastFailure: scope.lastFailure }),
    ...(lastHeartbeatDetails !== undefined && { lastHeartbeatDetails }),
  });
}

/** What the task's pattern makes of the success. */
export async function taskSucceeded(
  progress: Progress,
  scope: Scope,
  state: TaskState,
  event: TaskSucceeded,
): Promise<Verdict> {
  const success = recordSuccess(progress, scope, state, event);
  if (success.kind === "Submitted") return "Submitted";
  if (success.kind === "TooLarge") {
    await fail(progress, scope, { failure: success.failure });
    return "Applied";
  }
  await workDone(progress, scope, state, success.output);
  return "Applied";
}

export async function taskFailed(
  progress: Progress,
  scope: Scope,
  state: TaskState,
  event: TaskFailed,
): Promise<void> {
  const { failure, nonRetryable, retryAfterMs } = event;
  noteTaskStarted(progress, scope, state, event.start);
  recordFailure(progress, scope, state, failure);
  await fail(progress, scope, {
    failure,
    ...(nonRetryable !== undefined && { nonRetryable }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** AWS names a missing heartbeat States.Timeout, too, and gives no cause for either. */
export async function taskTimedOut(
  progress: Progress,
  scope: Scope,
  state: TaskState,
  event: TaskTimedOut,
): Promise<void> {
  const isHeartbeatTimeout = event.reason === "Heartbeat";
  const failure = { error: "States.Timeout" };
  const events = taskEvents[state.resource.kind];
  // A task that nobody took has no Started event.
  if (event.start !== undefined) noteTaskStarted(progress, scope, state, event.start);
  endTask(progress, scope);
  progress.cancelTask(event.taskId, isHeartbeatTimeout ? "HeartbeatTimedOut" : "TimedOut");
  const details = events.failedDetails(state.resource, failure);
  progress.advance(scope, events.timedOut, { details, attempt: scope.attempt });
  await fail(progress, scope, { failure, isHeartbeatTimeout });
}

/** Under which name workers find the task, and what they are given. */
function offerOf(
  progress: Progress,
  resource: TaskResource,
  input: Payload,
): { queue: string; input: string; wantsLog?: boolean } {
  if (isLambdaInvoke(resource)) return invocationOf(input);
  if (resource.kind === "Activity" && progress.turn.activityExists?.(resource.text) === false) {
    throw new StatesError("States.Runtime", `The activity ${resource.text} does not exist.`);
  }
  return { queue: resource.queue ?? resource.text, input: input.text };
}

async function secondsOf(
  field: "TimeoutSeconds" | "HeartbeatSeconds",
  setting: Setting<number> | undefined,
  evaluation: Evaluation,
): Promise<number | undefined> {
  const seconds = await integerSetting(field, setting, evaluation);
  if (seconds === undefined || (seconds > 0 && seconds <= 99_999_999)) return seconds;
  throw outOfRange(field, setting, `${field} must be between 1 and 99999999, but was: ${seconds}`);
}
