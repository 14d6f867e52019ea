import { effectiveInput, evaluationOf, selectedInput, withinLimit } from "../data-flow.ts";
import { fail, troubleOf } from "../fail.ts";
import { integerSetting, outOfRange } from "../number-setting.ts";
import { Payload } from "../payload.ts";
import { hasTaskToken, patternOf } from "../definition/resource.ts";
import { StatesError } from "../states-error.ts";
import { invocationOf, invocationResult, isLambdaInvoke } from "./lambda-invoke.ts";
import { workDone } from "../work-done.ts";
import { taskEvents } from "./task-events.ts";
import type { Evaluation, Setting, TaskResource, TaskState } from "../definition/definition.ts";
import type { Trouble } from "../error-equals.ts";
import type {
  TaskFailed,
  TaskStart,
  TaskSubmitted,
  TaskSucceeded,
  TaskTimedOut,
  Verdict,
} from "../event.ts";
import type { AtTask, Scope } from "../scope.ts";
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
  });
}

/** A worker has taken the task. */
export function noteTaskStarted(
  progress: Progress,
  scope: Scope,
  { resource }: TaskState,
  start: TaskStart | undefined,
): void {
  if (scope.position.kind !== "Task" || scope.position.isStarted) return;
  const events = taskEvents[resource.kind];
  const details = events.startedDetails(resource, start);
  const worker = details?.["workerName"] === undefined ? start?.workerName : undefined;
  const note = { details, atMs: start?.atMs, attempt: scope.attempt, worker };
  progress.advance(scope, events.started, note);
  scope.position = { ...scope.position, isStarted: true };
}

/** What the worker has begun goes on elsewhere. */
export function noteTaskSubmitted(
  progress: Progress,
  scope: Scope,
  state: TaskState,
  { output, start }: Pick<TaskSubmitted, "output" | "start">,
): void {
  const { resource } = state;
  noteTaskStarted(progress, scope, state, start);
  const details = taskEvents[resource.kind].succeededDetails(resource, Payload.ofText(output));
  progress.advance(scope, "TaskSubmitted", { details, attempt: scope.attempt });
  scope.position = { ...taskOf(scope), isSubmitted: true };
}

/**
 * What the task's pattern makes of the success. A worker's is the end of a task that waits for an
 * answer or for a job; a task that waits for its token goes on waiting.
 */
export async function taskSucceeded(
  progress: Progress,
  scope: Scope,
  state: TaskState,
  { output: text, start, isCallback = false, isWhole = false }: TaskSucceeded,
): Promise<Verdict> {
  const { resource } = state;
  const pattern = patternOf(resource);
  noteTaskStarted(progress, scope, state, start);
  let output = Payload.ofText(text);
  try {
    withinLimit(
      progress,
      output,
      resource.kind === "Service" ? resource.resourceType : resource.text,
    );
  } catch (error) {
    endTask(progress, scope);
    await noteFailed(progress, scope, state, { failure: troubleOf(scope, error).failure });
    return "Applied";
  }
  if (isLambdaInvoke(resource) && !isCallback && !isWhole) {
    const wantsLog = taskOf(scope).wantsLog === true;
    output = invocationResult(output, progress.turn.newUuid(), wantsLog);
  }
  if (pattern !== "RequestResponse" && !isCallback && taskOf(scope).isSubmitted !== true)
    noteTaskSubmitted(progress, scope, state, { output: output.text });
  if (pattern === "waitForTaskToken" && !isCallback && !isWhole) return "Submitted";
  endTask(progress, scope);
  const events = taskEvents[resource.kind];
  const details = events.succeededDetails(resource, output);
  progress.advance(scope, events.succeeded, { details, attempt: scope.attempt });
  await workDone(progress, scope, state, output);
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
  endTask(progress, scope);
  await noteFailed(progress, scope, state, {
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

/** The scope waits for it no longer. */
export function endTask(progress: Progress, scope: Scope): void {
  progress.index.tasks.delete(taskOf(scope).taskId);
  scope.position = { kind: "Turn" };
}

function taskOf({ id, position }: Scope): AtTask {
  if (position.kind !== "Task") throw new Error(`scope ${id} does not wait for a task`);
  return position;
}

async function noteFailed(
  progress: Progress,
  scope: Scope,
  { resource }: TaskState,
  trouble: Trouble,
): Promise<void> {
  const events = taskEvents[resource.kind];
  const details = events.failedDetails(resource, trouble.failure);
  progress.advance(scope, events.failed, { details, attempt: scope.attempt });
  await fail(progress, scope, trouble);
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
