import type pg from "pg";
import type { Audit, TaskLossPolicy } from "../asl/index.ts";
import { changeRecovery } from "../store/control/state-machines.ts";
import type { Store } from "../store/open-store.ts";
import { readyQueues } from "../store/sql/session-tasks.ts";
import { doesNotExist, type Arns } from "./arns.ts";
import { checkStorable } from "./check-storable.ts";
import type { Execution } from "./engine.ts";
import { EngineError } from "./errors.ts";
import type { ExecutionService } from "./executions.ts";
import type { TurnLoop } from "./turn-loop.ts";

/** The part of the engine that holds executions up, and says what becomes of lost tasks. */
export interface Pauses {
  /**
   * Begins nothing new until it is resumed; what is under way ends, and that is recorded. One that is
   * paused stays as it is.
   * @throws ExecutionDoesNotExist, ExecutionNotRunning, ConflictException before its first state
   */
  pauseExecution(reference: string, audit: Audit): Promise<Execution>;
  /**
   * It goes on exactly where it stood; one that is not paused is as it is.
   * @throws ExecutionDoesNotExist, ExecutionNotRunning
   */
  resumeExecution(reference: string, audit: Audit): Promise<Execution>;
  /**
   * What becomes of tasks of a machine's executions, present ones included, when their workers are lost.
   * @throws StateMachineDoesNotExist, ValidationException
   */
  changeRecovery(reference: string, recovery: Recovery): Promise<void>;
}

export interface Recovery {
  /** Absent: a lost task is offered again, for ever. */
  readonly onTaskLost?: TaskLossPolicy;
  /** Deliveries before `onTaskLost` applies; absent: 1. Only beside it. */
  readonly maxTaskDeliveries?: number;
}

export interface PausesOptions {
  readonly sql: pg.Pool;
  readonly store: Pick<Store, "orm">;
  readonly arns: Arns;
  readonly turns: TurnLoop;
  readonly executions: ExecutionService;
  readonly onReady: (queues: readonly string[]) => void;
}

const deliveriesMax = 1_000_000;
/** A server that turns the execution elsewhere is waited for so long. */
const otherServerMs = 10_000;
const lookMs = 100;

export function pauses(options: PausesOptions): Pauses {
  const { sql, store, arns, onReady } = options;
  return {
    pauseExecution: (reference, audit) => change(options, reference, { type: "Paused", ...audit }),
    resumeExecution: async (reference, audit) => {
      const execution = await change(options, reference, { type: "Resumed", ...audit });
      // Its tasks are back in their queues. The sweep finds what is overlooked here.
      onReady(await readyQueues(sql));
      return execution;
    },
    changeRecovery: async (reference, recovery) => {
      checkRecovery(recovery);
      const name = arns.parseStateMachine(reference);
      const { onTaskLost = null, maxTaskDeliveries = null } = recovery;
      if (!(await changeRecovery(store.orm, name, { onTaskLost, maxTaskDeliveries })))
        throw doesNotExist("StateMachineDoesNotExist", reference);
    },
  };
}

async function change(
  { turns, executions }: PausesOptions,
  reference: string,
  event: { readonly type: "Paused" | "Resumed" } & Audit,
): Promise<Execution> {
  const { operator, reason } = event;
  checkStorable({ operator, reason });
  const executionId = await executions.resolveId(reference);
  const result = await turns.submit(executionId, event);
  if (result === "NotFound") throw doesNotExist("ExecutionDoesNotExist", reference);
  const isPaused = event.type === "Paused";
  for (let waitedMs = 0; ; waitedMs += lookMs) {
    const execution = await executions.describeExecution(executionId);
    const isDone = (execution.pause !== undefined) === isPaused;
    if (execution.status === "RUNNING" && isDone) return execution;
    if (result === "Applied") {
      // What was kept may have ended it; and where another server turns it, it is acknowledged.
      if (execution.status !== "RUNNING" || waitedMs >= otherServerMs) return execution;
    } else if (execution.status !== "RUNNING") throw notRunning(execution, isPaused);
    // Another request has undone it at once; or it has not started.
    else throw refused(execution, isPaused);
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

function notRunning({ arn, status }: Execution, isPaused: boolean): EngineError {
  const verb = isPaused ? "paused" : "resumed";
  return new EngineError(
    "ExecutionNotRunning",
    `execution ${arn} is ${status} and can not be ${verb}`,
    { metadata: { status }, resource: { type: "Execution", name: arn } },
  );
}

function refused({ arn }: Execution, isPaused: boolean): EngineError {
  const why = isPaused ? "waits for its input and can not be paused yet" : "was paused again";
  return new EngineError("ConflictException", `execution ${arn} ${why}`, {
    reason: isPaused ? "EXECUTION_NOT_STARTED" : "EXECUTION_PAUSED",
    resource: { type: "Execution", name: arn },
  });
}

function checkRecovery({ onTaskLost, maxTaskDeliveries }: Recovery): void {
  if (maxTaskDeliveries === undefined) return;
  const isInRange =
    Number.isInteger(maxTaskDeliveries) &&
    maxTaskDeliveries >= 1 &&
    maxTaskDeliveries <= deliveriesMax;
  if (isInRange && onTaskLost !== undefined) return;
  const description = isInRange
    ? `is ${maxTaskDeliveries}, and on_task_lost does not say what comes then`
    : `is ${maxTaskDeliveries}; it must be from 1 to ${deliveriesMax}`;
  const reason = "TASK_DELIVERIES";
  throw new EngineError("ValidationException", `max_task_deliveries ${description}`, {
    reason,
    violations: [{ field: "max_task_deliveries", description, reason }],
  });
}
