import { awaitsInput } from "./awaits-input.ts";
import { HistoryLimitReached } from "./progress.ts";
import { rebuildIndex } from "./scope-index.ts";
import type { Audit, Verdict } from "./event.ts";
import type { HistoryEventType } from "./history-event.ts";
import type { Progress } from "./progress.ts";

/** Since when, by whom and why an execution is paused. */
export interface Pause extends Audit {
  readonly timeMs: number;
}

/**
 * From now on no state is entered, no task scheduled, no failure dealt with, and the execution does not
 * come to its end. What is under way goes on; how it ends is recorded and kept ({@link Ended}). Time does
 * not stand still: tasks and the execution itself can time out.
 *
 * @returns Stale when it is paused, or has not started because it waits for its input.
 */
export function pause(progress: Progress, { operator, reason }: Audit): Verdict {
  const { execution } = progress;
  if (progress.isPaused || awaitsInput(execution)) return "Stale";
  const audit = auditOf({ operator, reason });
  note(progress, "ExecutionPaused", audit);
  execution.pause = { timeMs: execution.lastEventTimeMs, ...audit };
  progress.effect({ type: "SetPause", pause: execution.pause });
  return "Applied";
}

/** It goes on exactly where it stands. @returns Stale when it is not paused. */
export function resume(progress: Progress, { operator, reason }: Audit): Verdict {
  const { execution, index } = progress;
  if (!progress.isPaused) return "Stale";
  note(progress, "ExecutionResumed", auditOf({ operator, reason }));
  unpause(progress);
  // In the order of the threads, whichever of them had news first.
  rebuildIndex(index, execution);
  return "Applied";
}

export function unpause(progress: Progress): void {
  delete progress.execution.pause;
  progress.effect({ type: "SetPause" });
}

function auditOf({ operator, reason }: { [Key in keyof Audit]: Audit[Key] | undefined }): Audit {
  return {
    ...(operator !== undefined && { operator }),
    ...(reason !== undefined && { reason }),
  };
}

/** On no thread; leaves room for the event that closes the execution. */
function note(progress: Progress, type: HistoryEventType, audit: Audit): void {
  const { execution, turn } = progress;
  if (execution.nextEventId >= turn.limits.historyEventsMax) throw new HistoryLimitReached();
  progress.noteExecution(type, 0, { ...audit });
}
