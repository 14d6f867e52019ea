import { setTimeout as wait } from "node:timers/promises";
import type { DoneItem, PendingItem } from "../../store/sql/batch-runs.ts";
import { isDatabaseAway } from "../database-away.ts";
import type { Execution, Executions, Records, StartExecution } from "../engine.ts";
import { EngineError } from "../errors.ts";
import {
  itemExecution,
  itemRequestId,
  startsExecutions,
  type StoredOperation,
} from "./stored-operation.ts";

export interface DoItemOptions {
  readonly batchId: string;
  readonly operation: StoredOperation;
  readonly executions: Pick<
    Executions & Records,
    | "startExecution"
    | "describeExecution"
    | "waitForExecution"
    | "stopExecution"
    | "redriveExecution"
    | "deleteExecution"
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
        return { index: item.index, ...refused(options.operation, error) };
      if (!signal.aborted && !(error instanceof EngineError) && !isDatabaseAway(error))
        onError(error, `item ${item.index} of batch ${options.batchId} is tried again`);
      await wait(retryAfterMs ?? retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

type End = Omit<DoneItem, "index">;

async function attempt(options: DoItemOptions, item: PendingItem): Promise<End> {
  const { batchId, operation, executions } = options;
  switch (operation.kind) {
    case "Start": {
      const { labels } = operation;
      return start(options, item, { input: item.value, ...(labels !== undefined && { labels }) });
    }
    case "Chain":
      return start(options, item, { chain: { ...operation.source, execution: item.value } });
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
    case "Delete": {
      const { id } = await executions.deleteExecution(item.value);
      return { status: "SUCCEEDED", executionId: id };
    }
  }
}

/** Starts the item's execution, or finds it, and follows it to its end. */
async function start(
  { batchId, operation, executions, signal }: DoItemOptions,
  { index, value }: PendingItem,
  given: Pick<StartExecution, "input" | "labels" | "chain">,
): Promise<End> {
  if (!startsExecutions(operation)) throw new Error(`${operation.kind} starts nothing`);
  const { name, id } = itemExecution(batchId, operation, index)!;
  const { execution, created } = await executions.startExecution({
    stateMachine: operation.stateMachine,
    name,
    conflictPolicy: "USE_EXISTING",
    requestId: itemRequestId(batchId, index),
    ...given,
  });
  if (created)
    return endOf(
      execution.status === "RUNNING"
        ? await executions.waitForExecution(execution.id, signal)
        : execution,
    );
  const isNameTaken =
    operation.kind === "Chain" &&
    execution.id === id &&
    execution.chain?.execution !== (await executions.describeExecution(value)).id;
  if (!isNameTaken) return { status: "SKIPPED", executionId: execution.id };
  const cause = `${execution.arn} is there already, and was not chained from ${value}`;
  return { status: "FAILED", executionId: id, error: "ExecutionAlreadyExists", cause };
}

function endOf({ id, status, failure }: Execution): End {
  if (status === "SUCCEEDED") return { status, executionId: id };
  const { error = `States.${status === "TIMED_OUT" ? "Timeout" : "TaskFailed"}`, cause } =
    failure ?? {};
  return { status: "FAILED", executionId: id, error, ...(cause !== undefined && { cause }) };
}

/** What does not apply any more is skipped: the execution is over, can not be redriven, or is gone. */
function refused({ kind }: StoredOperation, { code, reason, message }: EngineError): End {
  const isGone = kind === "Delete" && code === "ExecutionDoesNotExist";
  const isSkipped =
    isGone ||
    code === "ExecutionNotRunning" ||
    code === "ExecutionNotRedrivable" ||
    reason === "EXECUTION_RUNNING";
  return { status: isSkipped ? "SKIPPED" : "FAILED", error: code, cause: message };
}

/** Milliseconds; undefined: the refusal is final. */
function retryAfter(error: unknown): number | undefined {
  if (!(error instanceof EngineError)) return undefined;
  const isPassing = error.code === "Unavailable" || error.code === "ResourceExhausted";
  return isPassing ? (error.details.retryAfterMs ?? retryMs) : undefined;
}
