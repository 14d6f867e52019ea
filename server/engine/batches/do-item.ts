import { setTimeout as wait } from "node:timers/promises";
import type { DoneItem, PendingItem } from "../../store/sql/batch-runs.ts";
import { isDatabaseAway } from "../database-away.ts";
import type { Execution, Executions } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { itemExecution, itemRequestId, type StoredOperation } from "./stored-operation.ts";

export interface DoItemOptions {
  readonly batchId: string;
  readonly operation: StoredOperation;
  readonly executions: Pick<
    Executions,
    "startExecution" | "waitForExecution" | "stopExecution" | "redriveExecution"
  >;
  /** Aborts when another server, or none, is to go on with the batch. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown, message: string) => void;
}

/** After what is no refusal it is tried again. */
const retryMs = 1_000;

/**
 * Does what one item of a batch is for, and waits until it is done. Done twice, it has the effect of once.
 *
 * @returns undefined when the signal aborts first.
 */
export async function doItem(
  options: DoItemOptions,
  item: PendingItem,
): Promise<DoneItem | undefined> {
  const { signal, onError } = options;
  while (!signal.aborted) {
    try {
      const end = await attempt(options, item);
      return signal.aborted && end.status !== "SUCCEEDED"
        ? undefined
        : { index: item.index, ...end };
    } catch (error) {
      const retryAfterMs = retryAfter(error);
      if (error instanceof EngineError && retryAfterMs === undefined)
        return refused(item.index, error);
      if (!signal.aborted && !(error instanceof EngineError) && !isDatabaseAway(error))
        onError(error, `item ${item.index} of batch ${options.batchId} is tried again`);
      await wait(retryAfterMs ?? retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

type End = Omit<DoneItem, "index">;

async function attempt(options: DoItemOptions, item: PendingItem): Promise<End> {
  const { batchId, operation, executions, signal } = options;
  switch (operation.kind) {
    case "Start": {
      const { stateMachine, labels } = operation;
      const { execution, created } = await executions.startExecution({
        stateMachine,
        name: itemExecution(batchId, operation, item.index)!.name,
        input: item.value,
        conflictPolicy: "USE_EXISTING",
        requestId: itemRequestId(batchId, item.index),
        ...(labels !== undefined && { labels }),
      });
      if (!created) return { status: "SKIPPED", executionId: execution.id };
      if (execution.status !== "RUNNING") return endOf(execution);
      return endOf(await executions.waitForExecution(execution.id, signal));
    }
    case "Stop": {
      const { id } = await executions.stopExecution(item.value, operation.failure);
      return { status: "SUCCEEDED", executionId: id };
    }
    case "Redrive": {
      const { kind: _kind, ...redrive } = operation;
      const requestId = itemRequestId(batchId, item.index);
      const { execution } = await executions.redriveExecution({
        ...redrive,
        execution: item.value,
        requestId,
      });
      return { status: "SUCCEEDED", executionId: execution.id };
    }
  }
}

function endOf({ id, status, failure }: Execution): End {
  if (status === "SUCCEEDED") return { status, executionId: id };
  const { error = `States.${status === "TIMED_OUT" ? "Timeout" : "TaskFailed"}`, cause } =
    failure ?? {};
  return { status: "FAILED", executionId: id, error, ...(cause !== undefined && { cause }) };
}

/** What does not apply any more is skipped: the execution is over, or can not be redriven. */
function refused(index: number, { code, message }: EngineError): DoneItem {
  const isSkipped = code === "ExecutionNotRunning" || code === "ExecutionNotRedrivable";
  return { index, status: isSkipped ? "SKIPPED" : "FAILED", error: code, cause: message };
}

/** Milliseconds; undefined: the refusal is final. */
function retryAfter(error: unknown): number | undefined {
  if (!(error instanceof EngineError)) return undefined;
  const isPassing = error.code === "Unavailable" || error.code === "ResourceExhausted";
  return isPassing ? (error.details.retryAfterMs ?? retryMs) : undefined;
}
