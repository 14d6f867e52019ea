import { withinLimit } from "../data-flow.ts";
import { Payload } from "../payload.ts";
import { patternOf } from "../definition/resource.ts";
import { StatesError } from "../states-error.ts";
import { invocationResult, isLambdaInvoke } from "./lambda-invoke.ts";
import { taskEvents } from "./task-events.ts";
import type { TaskState } from "../definition/definition.ts";
import type { TaskStart, TaskSubmitted, TaskSucceeded } from "../event.ts";
import type { Failure } from "../states-error.ts";
import type { AtTask, Scope } from "../scope.ts";
import type { Progress } from "../progress.ts";

/** What a success comes to. `Submitted`: the task waits for the report under its token. `TooLarge`: it has failed. */
export type Success =
  | { readonly kind: "Output"; readonly output: Payload }
  | { readonly kind: "Submitted" }
  | { readonly kind: "TooLarge"; readonly failure: Failure };

/**
 * Writes down that the task has succeeded, as its pattern has it. A worker's success is the end of a
 * task that waits for an answer or for a job; a task that waits for its token goes on waiting.
 */
export function recordSuccess(
  progress: Progress,
  scope: Scope,
  state: TaskState,
  { output: text, start, isCallback = false, isWhole = false }: TaskSucceeded,
): Success {
  const { resource } = state;
  const pattern = patternOf(resource);
  noteTaskStarted(progress, scope, state, start);
  let output = Payload.ofText(text);
  const failure = tooLarge(progress, state, output);
  if (failure !== undefined) {
    recordFailure(progress, scope, state, failure);
    return { kind: "TooLarge", failure };
  }
  if (isLambdaInvoke(resource) && !isCallback && !isWhole) {
    const wantsLog = taskOf(scope).wantsLog === true;
    output = invocationResult(output, progress.turn.newUuid(), wantsLog);
  }
  if (pattern !== "RequestResponse" && !isCallback && taskOf(scope).isSubmitted !== true)
    noteTaskSubmitted(progress, scope, state, { output: output.text });
  if (pattern === "waitForTaskToken" && !isCallback && !isWhole) return { kind: "Submitted" };
  endTask(progress, scope);
  const events = taskEvents[resource.kind];
  const details = events.succeededDetails(resource, output);
  progress.advance(scope, events.succeeded, { details, attempt: scope.attempt });
  return { kind: "Output", output };
}

/** Writes down that the task has failed. */
export function recordFailure(
  progress: Progress,
  scope: Scope,
  { resource }: TaskState,
  failure: Failure,
): void {
  endTask(progress, scope);
  const events = taskEvents[resource.kind];
  const details = events.failedDetails(resource, failure);
  progress.advance(scope, events.failed, { details, attempt: scope.attempt });
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

/** Whether the worker reports again, having done its part: the task is the token's now. */
export function isSpent(
  position: AtTask,
  { resource }: TaskState,
  { isCallback }: { readonly isCallback?: boolean },
): boolean {
  return (
    position.isSubmitted === true &&
    isCallback !== true &&
    patternOf(resource) === "waitForTaskToken"
  );
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

function tooLarge(
  progress: Progress,
  { resource }: TaskState,
  output: Payload,
): Failure | undefined {
  try {
    const what = resource.kind === "Service" ? resource.resourceType : resource.text;
    withinLimit(progress, output, what);
    return undefined;
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    return { error: error.error, cause: error.message };
  }
}
