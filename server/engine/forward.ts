import type pg from "pg";
import type { Event } from "../asl/index.ts";
import { deliverToInbox, type InboxResult } from "../store/sql/deliver-to-inbox.ts";
import type { LoadedExecution } from "../store/sql/load-execution.ts";
import { deriveExecutionId, newUuid } from "./ids.ts";
import { begunAtMsOfRow } from "./redrives.ts";
import type { EventResult, QueuedEvent } from "./resident.ts";
import { isOutcome } from "./turn-writes.ts";

/**
 * Another server turns this execution: commits the events into its inbox, which is the
 * acknowledgement. Takes what it has delivered out of `arrivals`, and what arrives meanwhile along.
 *
 * @returns false when the owner has changed: ask again who it is.
 */
export async function forwardToOwner(
  sql: pg.Pool,
  row: LoadedExecution,
  arrivals: QueuedEvent[],
): Promise<boolean> {
  const begunAtMs = begunAtMsOfRow(row);
  while (arrivals.length > 0) {
    const { event, epoch, settle } = arrivals[0]!;
    const delivery = {
      executionId: row.id,
      inboxId: inboxIdOf(row.id, event),
      event: JSON.stringify({ ...event, epoch }),
      ...(isOutcome(event) && {
        task: {
          taskId: event.taskId,
          epoch: epoch ?? Number.MAX_SAFE_INTEGER,
          endInboxIds: ends.map((type) => inboxIdOf(row.id, { type, failure: {}, begunAtMs })),
        },
      }),
      ...("begunAtMs" in event && { begunAtMs: event.begunAtMs }),
      ...(event.type === "MessageReceived" && {
        message: {
          waitId: event.waitId,
          timeoutInboxId: inboxIdOf(row.id, { type: "TimerDue", timerId: event.waitId }),
        },
      }),
    };
    const result = await deliverToInbox(sql, delivery, row.owner!);
    if (result === "Moved") return false;
    arrivals.shift();
    settle(inboxResults[result]);
  }
  return true;
}

/** What closes an execution from outside. An outcome that comes to the inbox after it is not recorded. */
const ends = ["Stopped", "ExecutionTimedOut"] as const;

/** One outcome a task and way of reporting, one stop an attempt and kind: what comes twice is recorded once. */
function inboxIdOf(executionId: string, event: Event): string {
  switch (event.type) {
    case "TaskSucceeded":
    case "TaskFailed":
    case "TaskTimedOut": {
      const by = "isCallback" in event ? " by its token" : "";
      return deriveExecutionId(executionId, `outcome of ${event.taskId}${by}`);
    }
    case "TaskLost":
      return event.policy === "PAUSE"
        ? deriveExecutionId(executionId, `loss of ${event.taskId} (${event.deliveries})`)
        : deriveExecutionId(executionId, `outcome of ${event.taskId}`);
    case "Paused":
    case "Resumed":
      return newUuid();
    case "TaskStarted":
      return deriveExecutionId(executionId, `start of ${event.taskId}`);
    case "MessageReceived":
      return deriveExecutionId(executionId, `message for ${event.waitId}`);
    case "TaskSubmitted":
      return deriveExecutionId(executionId, `submission of ${event.taskId}`);
    case "TimerDue":
      return deriveExecutionId(executionId, `timer ${event.timerId}`);
    case "ExecutionTimedOut":
    case "Stopped":
      return deriveExecutionId(executionId, `${event.type} of ${event.begunAtMs}`);
    case "Started":
    case "Chained":
    case "Redriven":
    case "Turn":
      return deriveExecutionId(executionId, event.type);
  }
}

const inboxResults = {
  Delivered: "Applied",
  Duplicate: "Stale",
  Stale: "Stale",
  Closed: "Closed",
} satisfies Record<Exclude<InboxResult, "Moved">, EventResult>;
