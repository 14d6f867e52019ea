/** From rows to what callers see. */
import type { BatchItemRecord, BatchRecord } from "../../store/reads/batches.ts";
import type { Batch, BatchAction, BatchCounts, BatchItem, FailurePolicy } from "./batch.ts";
import { itemExecution, type StoredOperation } from "./stored-operation.ts";

export function batchOf(record: BatchRecord): Batch {
  const { id, name, filter, maxConcurrency, microBatchSize, stopOnError, createdAtMs } = record;
  const { status, statusReason, failurePolicy, lastAction, endedAtMs } = record;
  return {
    id,
    name,
    operation: JSON.parse(record.operation) as StoredOperation,
    filter,
    maxConcurrency,
    microBatchSize,
    stopOnError,
    ...(failurePolicy !== null && { failurePolicy: JSON.parse(failurePolicy) as FailurePolicy }),
    status,
    statusReason,
    counts: countsOf(record),
    createdAtMs,
    ...(endedAtMs !== null && { endedAtMs }),
    ...(lastAction !== null && {
      lastAction: JSON.parse(lastAction) as BatchAction & { readonly timeMs: number },
    }),
  };
}

function countsOf(record: BatchRecord): BatchCounts {
  const { itemCount: total, begun, succeeded, failed, skipped, endedAtMs } = record;
  const done = succeeded + failed + skipped;
  const running = endedAtMs === null ? Math.max(0, begun - done) : 0;
  const isGoing = record.status === "RUNNING" && endedAtMs === null;
  const itemsPerSecond = isGoing ? record.itemsPerSecond : 0;
  return {
    total,
    pending: total - done - running,
    running,
    succeeded,
    failed,
    skipped,
    recentFailureRate: record.recentFailureRate,
    rollingFailureRate: record.rollingFailureRate,
    itemsPerSecond,
    ...(itemsPerSecond > 0 && { estimatedRemainingMs: ((total - done) / itemsPerSecond) * 1_000 }),
  };
}

/** @param output of its execution, if it is to be shown. */
export function batchItemOf(batch: BatchRecord, item: BatchItemRecord, output?: string): BatchItem {
  const operation = JSON.parse(batch.operation) as StoredOperation;
  const { index, value, error, cause } = item;
  const hasBegun = item.status !== "PENDING" || (index < batch.begun && batch.endedAtMs === null);
  const executionId =
    item.executionId ??
    (hasBegun && item.status === "PENDING" ? itemExecution(batch.id, operation, index)?.id : null);
  return {
    index,
    status: item.status === "PENDING" && hasBegun ? "RUNNING" : item.status,
    ...(operation.kind !== "Start" && { source: value ?? item.executionId ?? "" }),
    ...(executionId !== null && executionId !== undefined && { executionId }),
    ...(error !== null && { failure: { error, ...(cause !== null && { cause }) } }),
    ...(output !== undefined && { output }),
  };
}
