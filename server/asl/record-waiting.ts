import { isSpent, noteTaskStarted, recordFailure, recordSuccess } from "./states/record-outcome.ts";
import { recordMessage } from "./states/record-message.ts";
import type { Event, TaskFailed, TaskSucceeded, Verdict } from "./event.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/**
 * A failure cuts the scope short while events about it wait in the same step. An outcome or a message
 * among them may have been acknowledged: it is recorded, although nothing can come of it any more.
 */
export function recordWaiting(progress: Progress, scope: Scope): void {
  const { events, verdicts } = progress;
  for (let at = progress.nextEvent; at < events.length; at += 1)
    verdicts[at] ??= verdictOf(progress, scope, events[at]!);
}

/** The same for all that the execution's failure cuts short. */
export function recordAllWaiting(progress: Progress): void {
  if (progress.nextEvent >= progress.events.length) return;
  for (const scope of progress.execution.scopes.values()) recordWaiting(progress, scope);
}

function verdictOf(progress: Progress, scope: Scope, event: Event): Verdict | undefined {
  switch (event.type) {
    case "TaskSucceeded":
    case "TaskFailed":
      return outcomeVerdict(progress, scope, event);
    case "MessageReceived":
      if (progress.index.messages.get(event.waitId) !== scope.id) return undefined;
      recordMessage(progress, scope, event);
      return "Applied";
    default:
      return undefined;
  }
}

function outcomeVerdict(
  progress: Progress,
  scope: Scope,
  event: TaskSucceeded | TaskFailed,
): Verdict | undefined {
  if (progress.index.tasks.get(event.taskId) !== scope.id) return undefined;
  const state = progress.stateOf(scope);
  if (state.type !== "Task" || scope.position.kind !== "Task") return undefined;
  if (isSpent(scope.position, state, event)) return undefined;
  if (event.type === "TaskSucceeded") {
    const { kind } = recordSuccess(progress, scope, state, event);
    return kind === "Submitted" ? "Submitted" : "Applied";
  }
  noteTaskStarted(progress, scope, state, event.start);
  recordFailure(progress, scope, state, event.failure);
  return "Applied";
}
