import { closeAborted, closeFailed, closeTimedOut } from "./close.ts";
import { applyToInput, awaitInput } from "./await-input.ts";
import { recallItems } from "./fan-out.ts";
import { HistoryLimitReached, Progress } from "./progress.ts";
import { pause, resume } from "./pause.ts";
import { redrive } from "./redrive.ts";
import { settle } from "./settle.ts";
import { start } from "./start.ts";
import { applyToMapRun } from "./map-run/end-map-run.ts";
import { messageReceived, messageTimedOut } from "./states/message.ts";
import { isSpent, noteTaskStarted, noteTaskSubmitted } from "./states/record-outcome.ts";
import { taskFailed, taskSucceeded, taskTimedOut } from "./states/task.ts";
import { taskLost } from "./states/task-lost.ts";
import { keepEnd } from "./keep-end.ts";
import { leaveWait } from "./states/wait.ts";
import { fail, troubleOf } from "./fail.ts";
import type { Definition, MessageState } from "./definition/definition.ts";
import type { Event, MessageReceived, TaskEvent, Verdict } from "./event.ts";
import { begunAtMs, type ExecutionState, type Step } from "./execution-state.ts";
import type { Turn } from "./turn.ts";

/**
 * Moves an execution: takes the events in order and follows each until the execution waits for the
 * outside again or is closed.
 *
 * Changes `execution` in place. Depends on its arguments alone, so the same events on the same
 * execution in the same turn give the same step. Never rejects for anything in the data: an
 * interpreter bug fails the execution and comes back as `defect`.
 */
export async function step(
  definition: Definition,
  execution: ExecutionState,
  events: readonly Event[],
  turn: Turn,
): Promise<Step> {
  const progress = new Progress(definition, execution, events, turn);
  let defect: Error | undefined;
  for (const [at, event] of events.entries()) {
    progress.nextEvent = at + 1;
    if (progress.verdicts[at] !== undefined) continue; // recorded by a failure that went before
    let verdict: Verdict = "Applied";
    try {
      verdict = concerns(event, execution) ? await apply(progress, event) : "Stale";
      await settle(progress);
    } catch (error) {
      defect = closeBroken(progress, error) ?? defect;
    }
    progress.verdicts[at] = verdict;
  }
  if (execution.status === "RUNNING" && !progress.isPaused && progress.index.ready.length > 0)
    progress.effect({ type: "RequestTurn" });
  const { history, changedScopes, removedScopes } = progress;
  return {
    history,
    effects: progress.effects(),
    verdicts: progress.verdicts as Verdict[],
    changedScopes,
    removedScopes,
    ...(defect !== undefined && { defect }),
  };
}

/** A closed execution can be redriven; everything else comes too late for it, or for an attempt that is over. */
function concerns(event: Event, execution: ExecutionState): boolean {
  if ((event.type === "Redriven") !== (execution.status !== "RUNNING")) return false;
  if (!("begunAtMs" in event) || event.begunAtMs === undefined) return true;
  return event.begunAtMs === begunAtMs(execution);
}

async function apply(progress: Progress, event: Event): Promise<Verdict> {
  switch (event.type) {
    case "Started":
      return start(progress);
    case "Chained":
      return awaitInput(progress, event);
    case "TaskStarted":
    case "TaskSubmitted":
    case "TaskSucceeded":
    case "TaskFailed":
    case "TaskTimedOut":
    case "TaskLost":
      return await applyToTask(progress, event);
    case "MessageReceived":
      return await applyMessage(progress, event);
    case "TimerDue":
      return await timerDue(progress, event.timerId);
    case "ExecutionTimedOut":
      closeTimedOut(progress);
      return "Applied";
    case "Stopped":
      closeAborted(progress, event.failure);
      return "Applied";
    case "Redriven":
      return redrive(progress, event);
    case "Paused":
      return pause(progress, event);
    case "Resumed":
      return resume(progress, event);
    case "Turn":
      return progress.index.ready.length > 0 ? "Applied" : "Stale";
  }
}

async function applyToTask(progress: Progress, event: TaskEvent): Promise<Verdict> {
  const scope = progress.execution.scopes.get(progress.index.tasks.get(event.taskId) ?? -1);
  if (scope?.position.kind === "Input") return applyToInput(progress, scope.position, event);
  if (scope === undefined || scope.position.kind !== "Task") return "Stale";
  if (scope.parent !== undefined) await recallItems(progress, scope);
  const state = progress.stateOf(scope);
  if (state.type === "Map") return await applyToMapRun(progress, scope, state, event);
  if (state.type !== "Task") throw new Error(`a ${state.type} state does not wait for a task`);
  if ("lastHeartbeatDetails" in event && event.lastHeartbeatDetails !== undefined)
    scope.lastHeartbeatDetails = event.lastHeartbeatDetails;
  switch (event.type) {
    case "TaskStarted":
      if (scope.position.isStarted) return "Stale";
      noteTaskStarted(progress, scope, state, event.start);
      break;
    case "TaskSubmitted":
      if (scope.position.isSubmitted === true) return "Stale";
      noteTaskSubmitted(progress, scope, state, event);
      break;
    case "TaskSucceeded":
      if (isSpent(scope.position, state, event)) return "Stale";
      return await taskSucceeded(progress, scope, state, event);
    case "TaskFailed":
      if (isSpent(scope.position, state, event)) return "Stale";
      await taskFailed(progress, scope, state, event);
      break;
    case "TaskTimedOut":
      await taskTimedOut(progress, scope, state, event);
      break;
    case "TaskLost":
      // The worker has done its part.
      if (scope.position.isSubmitted === true) return "Stale";
      return await taskLost(progress, scope, state, event);
  }
  return "Applied";
}

async function applyMessage(progress: Progress, event: MessageReceived): Promise<Verdict> {
  const scope = progress.execution.scopes.get(progress.index.messages.get(event.waitId) ?? -1);
  if (scope === undefined) return "Stale";
  if (scope.parent !== undefined) await recallItems(progress, scope);
  await messageReceived(progress, scope, progress.stateOf(scope) as MessageState, event);
  return "Applied";
}

async function timerDue(progress: Progress, timerId: number): Promise<Verdict> {
  const scope = progress.execution.scopes.get(progress.index.timers.get(timerId) ?? -1);
  if (scope === undefined) return "Stale";
  progress.index.timers.delete(timerId);
  const state = progress.stateOf(scope);
  const { kind } = scope.position;
  if (kind === "Message") {
    if (scope.parent !== undefined) await recallItems(progress, scope);
    await messageTimedOut(progress, scope);
    return "Applied";
  }
  scope.position = { kind: "Turn" };
  if (kind === "Retry") {
    // Its work begins anew. It is not entered again.
    scope.attempt += 1;
    progress.makeReady(scope);
    return "Applied";
  }
  if (state.type !== "Wait") throw new Error(`a ${state.type} state does not wait for a timer`);
  if (progress.isPaused) {
    keepEnd(progress, scope, {});
    return "Applied";
  }
  try {
    if (scope.parent !== undefined) await recallItems(progress, scope);
    await leaveWait(progress, scope, state);
  } catch (error) {
    await fail(progress, scope, troubleOf(scope, error));
  }
  return "Applied";
}

/**
 * The execution can not go on: its history is full, or the interpreter has a bug, which is returned.
 * It fails here and now, as itself; no other execution is touched.
 */
function closeBroken(progress: Progress, error: unknown): Error | undefined {
  const { execution, turn } = progress;
  const last = execution.scopes.get(0)?.lastEventId ?? 0;
  if (error instanceof HistoryLimitReached) {
    const cause = `The execution reached the maximum number of history events (${turn.limits.historyEventsMax}).`;
    closeFailed(progress, { error: "States.Runtime", cause }, last);
    return undefined;
  }
  const defect = error instanceof Error ? error : new Error(String(error));
  if (execution.status !== "RUNNING") return defect;
  closeFailed(
    progress,
    { error: "States.Runtime", cause: "internal error in the interpreter" },
    last,
  );
  return defect;
}
