import type pg from "pg";
import {
  checkPayload,
  taskLostError,
  type Event,
  type HistoryEvent,
  type Limits,
  type TaskStart,
} from "../asl/index.ts";
import { findTask, type OpenTask } from "../store/sql/find-task.ts";
import type { Delivery, Dispatcher } from "./dispatch.ts";
import type { OutcomeAck, TaskOutcome } from "./engine.ts";
import type { EventResult } from "./resident.ts";
import { isCallback, type TaskTokenFacts, type TaskTokens } from "./task-token.ts";
import type { TurnLoop } from "./turn-loop.ts";
import { storable } from "./turn-writes.ts";

export interface OutcomesOptions {
  readonly sql: pg.Pool;
  readonly turns: TurnLoop;
  readonly dispatcher: Dispatcher;
  readonly tokens: TaskTokens;
  readonly limits: Limits;
  readonly nowMs: () => number;
  readonly onError: (error: unknown, message: string) => void;
}

/** Characters an error name and a cause may have; a longer cause is cut with a mark. AWS's limits. */
const errorLengthMax = 256;
const causeLengthMax = 32_768;
const cutMark = "... (cut)";

/** What workers report: checked, brought to the execution, acknowledged after COMMIT. */
export class Outcomes {
  readonly #options: OutcomesOptions;

  constructor(options: OutcomesOptions) {
    this.#options = options;
  }

  /** Each outcome is acknowledged by itself, as soon as it is recorded or finally refused. */
  report(outcomes: readonly TaskOutcome[], onAck: (ack: OutcomeAck) => void): void {
    for (const outcome of outcomes) {
      this.#record(outcome).then(onAck, (error: unknown) => {
        this.#options.onError(error, "could not record an outcome");
        onAck({
          taskToken: outcome.taskToken,
          status: "RETRY",
          reason: "UNAVAILABLE",
          message: "the outcome could not be recorded; send it again",
        });
      });
    }
  }

  /** What a task was to begin has begun and goes on elsewhere; the task stays with its worker. */
  async submitted(taskToken: Uint8Array, output: string): Promise<void> {
    const { executionId, taskId, epoch } = this.#options.tokens.open(taskToken)!;
    const delivery = this.#options.dispatcher.find(executionId, taskId);
    const start = delivery?.epoch === epoch ? this.#startOf(delivery) : undefined;
    if (start !== undefined) delivery!.isStartRecorded = true;
    const event = { type: "TaskSubmitted", taskId, output } as const;
    await this.#options.turns.submit(
      executionId,
      start === undefined ? event : { ...event, start },
    );
  }

  async #record(outcome: TaskOutcome): Promise<OutcomeAck> {
    const { taskToken } = outcome;
    const facts = this.#options.tokens.open(taskToken);
    if (facts === undefined)
      return {
        taskToken,
        status: "INVALID",
        reason: "INVALID_TOKEN",
        message: "the task token is not one of this service",
      };
    const delivery = this.#options.dispatcher.find(facts.executionId, facts.taskId);
    if (isCallback(facts)) return { taskToken, ...(await this.#recordCallback(outcome, facts)) };
    if (outcome.result.kind === "Cancelled") {
      await this.#options.dispatcher.release([facts]);
      return { taskToken, status: "RECORDED" };
    }
    const refusal = this.#refusal(outcome);
    if (refusal !== undefined) return refusal;
    let attempt: Attempt;
    if (delivery?.epoch === facts.epoch) attempt = this.#attemptOf(delivery);
    else {
      // Not delivered by this server, or taken back: another server may have given the task to someone else.
      const open = await findTask(this.#options.sql, facts.executionId, facts.taskId);
      if (open !== undefined && open.epoch > facts.epoch) return { taskToken, ...leaseLost };
      attempt = attemptOfRow(open);
    }
    const event = eventOf(outcome.result, facts.taskId, attempt);
    const result = await this.#options.turns.submit(facts.executionId, event, {
      epoch: facts.epoch,
    });
    if (result !== "Applied" && result !== "Submitted")
      return { taskToken, ...(await this.#whyNot(facts, result)) };
    return this.#recorded(outcome);
  }

  /** A report under the task's own token: whoever holds the task now, it is over. */
  async #recordCallback(
    outcome: TaskOutcome,
    { executionId, taskId }: TaskTokenFacts,
  ): Promise<Omit<OutcomeAck, "taskToken">> {
    const { result: reported } = outcome;
    if (reported.kind === "Cancelled") return notHeld;
    const refusal = this.#refusal(outcome);
    if (refusal !== undefined) return refusal;
    const delivery = this.#options.dispatcher.find(executionId, taskId);
    let attempt: Attempt = {};
    if (delivery?.acceptedAtMs !== undefined) attempt = this.#attemptOf(delivery);
    else if (reported.kind === "Failed")
      attempt = attemptOfRow(await findTask(this.#options.sql, executionId, taskId));
    const event = { ...eventOf(reported, taskId, attempt), isCallback: true };
    const result = await this.#options.turns.submit(executionId, event);
    if (result === "Applied") return this.#recorded(outcome);
    if (result === "NotFound") return executionNotFound;
    // Its owner has the report in the inbox and has not turned it yet.
    if (result === "Stale" && (await findTask(this.#options.sql, executionId, taskId)))
      return { status: "ALREADY_RECORDED" };
    const end = await taskEnd(this.#options.sql, executionId, taskId);
    if (end === reported.kind) return { status: "ALREADY_RECORDED" };
    return end === undefined ? taskWithdrawn : taskTimedOut;
  }

  /** An oversized output is recorded: the task fails with States.DataLimitExceeded; the worker is told why. */
  #recorded({ taskToken, result }: TaskOutcome): OutcomeAck {
    const { payloadBytesMax } = this.#options.limits;
    if (
      result.kind !== "Succeeded" ||
      result.output.length * 3 <= payloadBytesMax ||
      Buffer.byteLength(result.output) <= payloadBytesMax
    ) {
      return { taskToken, status: "RECORDED" };
    }
    const message = `output is ${Buffer.byteLength(result.output)} bytes; the limit is ${payloadBytesMax}; the task failed with States.DataLimitExceeded`;
    return { taskToken, status: "INVALID", reason: "OUTPUT_TOO_LARGE", message };
  }

  #refusal({ taskToken, result }: TaskOutcome): OutcomeAck | undefined {
    if (result.kind === "Failed" && (result.failure.error?.length ?? 0) > errorLengthMax) {
      const message = `error has ${result.failure.error!.length} characters; the limit is ${errorLengthMax}`;
      return { taskToken, status: "INVALID", reason: "ERROR_NAME_TOO_LONG", message };
    }
    if (result.kind !== "Succeeded") return undefined;
    const problem = checkPayload(result.output, { bytesMax: Number.MAX_SAFE_INTEGER });
    if (problem === undefined) return undefined;
    return {
      taskToken,
      status: "INVALID",
      reason: problem.reason.replace("INPUT", "OUTPUT"),
      message: `output: ${problem.message}`,
    };
  }

  #attemptOf(delivery: Delivery): Attempt {
    const start = this.#startOf(delivery);
    const { heartbeatDetails } = delivery;
    return {
      ...(start !== undefined && { start }),
      ...(heartbeatDetails !== undefined && { lastHeartbeatDetails: heartbeatDetails }),
    };
  }

  /** The Started event travels with the outcome, unless it is in the record already. */
  #startOf(delivery: Delivery): TaskStart | undefined {
    return delivery.isStartRecorded ? undefined : startOf(delivery, this.#options.nowMs());
  }

  /** Why a report was not applied: so that a worker that repeats itself is not frightened, and one that was too late is told. */
  async #whyNot(
    { executionId, taskId, epoch }: TaskTokenFacts,
    result: EventResult,
  ): Promise<Omit<OutcomeAck, "taskToken">> {
    if (result === "NotFound") return executionNotFound;
    const open = await findTask(this.#options.sql, executionId, taskId);
    if (open !== undefined && open.epoch > epoch) return leaseLost;
    // Its owner has an outcome in the inbox and has not turned it yet.
    if (open !== undefined && result === "Stale") return { status: "ALREADY_RECORDED" };
    const end = await taskEnd(this.#options.sql, executionId, taskId);
    if (end === "TimedOut") return taskTimedOut;
    if (end === "Lost") return leaseLost;
    return end === undefined ? taskWithdrawn : { status: "ALREADY_RECORDED" };
  }
}

const executionNotFound = {
  status: "EXECUTION_CLOSED",
  reason: "EXECUTION_NOT_FOUND",
  message: "the execution does not exist",
} as const;

const taskWithdrawn = {
  status: "EXECUTION_CLOSED",
  reason: "TASK_CANCELLED",
  message: "the task was withdrawn or its execution has closed",
} as const;

const taskTimedOut = {
  status: "TIMED_OUT",
  reason: "TASK_TIMED_OUT",
  message: "the task timed out before",
} as const;

const notHeld = {
  status: "INVALID",
  reason: "INVALID_TOKEN",
  message: "the token is the task's own, not that of a delivery that could be given back",
} as const;

const leaseLost = {
  status: "LEASE_LOST",
  reason: "LEASE_LOST",
  message: "the task was given to another worker, or given up because this one was lost",
} as const;

export function startOf(delivery: Delivery, nowMs: number): TaskStart {
  const { workerName } = delivery.pool.session;
  return { atMs: delivery.startedAtMs ?? nowMs, ...(workerName !== "" && { workerName }) };
}

/** What an outcome's event tells of the attempt besides. */
export type Attempt = Pick<
  Extract<Event, { readonly type: "TaskFailed" }>,
  "start" | "lastHeartbeatDetails"
>;

/** Of a task that this server has not delivered. */
function attemptOfRow(open: OpenTask | undefined): Attempt {
  const details = open?.heartbeatDetails ?? undefined;
  return details === undefined ? {} : { lastHeartbeatDetails: details };
}

function eventOf(
  result: Exclude<TaskOutcome["result"], { kind: "Cancelled" }>,
  taskId: number,
  { start, ...attempt }: Attempt,
): Event {
  const started = start !== undefined && { start };
  if (result.kind === "Succeeded")
    return { type: "TaskSucceeded", taskId, output: result.output, ...started };
  const { error, cause } = result.failure;
  return {
    type: "TaskFailed",
    taskId,
    failure: {
      ...(error !== undefined && { error: storable(error) }),
      ...(cause !== undefined && { cause: storable(cut(cause)) }),
    },
    ...started,
    ...attempt,
    ...(result.nonRetryable !== undefined && { nonRetryable: result.nonRetryable }),
    ...(result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }),
  };
}

function cut(cause: string): string {
  return cause.length <= causeLengthMax
    ? cause
    : cause.slice(0, causeLengthMax - cutMark.length) + cutMark;
}

/** How a closed task ended, by the record: its Scheduled event's successors. */
export async function taskEnd(
  sql: pg.Pool,
  executionId: string,
  taskId: number,
): Promise<"Succeeded" | "Failed" | "Lost" | "TimedOut" | undefined> {
  const { rows } = await sql.query<{ events: string }>({
    name: "task-end",
    text: "select events from history where execution_id = $1 and last_event_id >= $2 order by first_event_id",
    values: [executionId, taskId],
  });
  const chain = new Set([taskId]);
  for (const { events } of rows) {
    for (const event of JSON.parse(events) as HistoryEvent[]) {
      if (!chain.has(event.previousEventId) || event.id === taskId) continue;
      if (/(Task|LambdaFunction|Activity)(Started|Submitted)$/.test(event.type))
        chain.add(event.id);
      else if (event.type.endsWith("TimedOut")) return "TimedOut";
      else if (/(Task|LambdaFunction|Activity)Succeeded$/.test(event.type)) return "Succeeded";
      else if (/(Task|LambdaFunction|Activity)Failed$/.test(event.type))
        return event.details?.["error"] === taskLostError ? "Lost" : "Failed";
    }
  }
  return undefined;
}
