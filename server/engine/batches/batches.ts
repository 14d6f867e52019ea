/** Batches: created, shown, listed, paused, resumed, cancelled. What carries them out is in batch-runs.ts. */
import type pg from "pg";
import { findBatch, type BatchRecord, type BatchStatus } from "../../store/reads/batches.ts";
import { actOnBatch, appendItems } from "../../store/sql/batches.ts";
import { batchItemsMax } from "../../store/sql/select-batch-items.ts";
import { doesNotExist } from "../arns.ts";
import { checkStorable } from "../check-storable.ts";
import { EngineError } from "../errors.ts";
import { isUuid } from "../ids.ts";
import type { Batch, BatchAction, Batches } from "./batch.ts";
import { batchesPage, batchItemsPage, type BatchPagesOptions } from "./batch-pages.ts";
import { batchOf } from "./batch-view.ts";
import { checkLimit, checkValues, createBatch, type CreateBatchOptions } from "./create-batch.ts";
import { refuse } from "./refuse.ts";
import type { StoredOperation } from "./stored-operation.ts";
import { watchBatch } from "./watch-batch.ts";

export interface BatchesOptions extends CreateBatchOptions, BatchPagesOptions {}

export function batches(options: BatchesOptions): Batches {
  const { sql, onAction } = options;
  const act = async (id: string, action: Action): Promise<Batch> => {
    const record = await actedOn(options, id, action);
    onAction(id);
    return batchOf(record);
  };
  return {
    createBatch: (request) => createBatch(options, request),
    addBatchItems: (id, items) => addItems(options, id, items),
    describeBatch: async (id) => batchOf(await existing(sql, id)),
    listBatches: (query) => batchesPage(options, query),
    listBatchItems: async (id, query) => batchItemsPage(options, await existing(sql, id), query),
    watchBatch: (id, watching) => watchBatch(sql, checkedId(id), watching),
    pauseBatch: (id, action) => act(id, { ...action, from: ["RUNNING"], to: "PAUSED" }),
    resumeBatch: (id, action) => act(id, { ...action, from: ["PAUSED"], to: "RUNNING" }),
    cancelBatch: (id, action) =>
      act(id, { ...action, from: ["LOADING", "RUNNING", "PAUSED"], to: "CANCELLED" }),
  };
}

async function addItems(
  options: BatchesOptions,
  id: string,
  items: Parameters<Batches["addBatchItems"]>[1],
): Promise<Batch> {
  const { firstIndex: first, values, isLast } = items;
  const { sql, onAction } = options;
  const { operation } = await existing(sql, id);
  checkLimit("first_index", first, batchItemsMax - values.length);
  checkValues(options, JSON.parse(operation) as StoredOperation, { first, values });
  const added = await appendItems(sql, id, { first, values, isLast });
  if (added !== undefined) {
    if (isLast) onAction(id);
    return batchOf(added);
  }
  const record = await existing(sql, id);
  if (record.status === "LOADING")
    refuse("first_index", `is ${first}; the next item is ${record.itemCount}`, "OUT_OF_RANGE");
  // Sent again after all of them had come: nothing is missing.
  if (first + values.length <= record.itemCount) return batchOf(record);
  throw wrongStatus(record, ["LOADING"]);
}

type Action = Parameters<Batches["resumeBatch"]>[1] &
  Parameters<Batches["cancelBatch"]>[1] & {
    readonly from: readonly BatchStatus[];
    readonly to: BatchStatus;
  };

async function actedOn(
  { sql, nowMs }: BatchesOptions,
  id: string,
  action: Action,
): Promise<BatchRecord> {
  const { from, to, operator, reason, failurePolicy, resetWindow, stopStarted } = action;
  checkStorable({ operator, reason });
  const lastAction: BatchAction & { readonly timeMs: number } = {
    operator,
    reason,
    timeMs: nowMs(),
  };
  const record = await actOnBatch(sql, checkedId(id), {
    from,
    to,
    reason: to === "RUNNING" ? "" : reason,
    lastAction: JSON.stringify(lastAction),
    ...(failurePolicy !== undefined && { failurePolicy: JSON.stringify(failurePolicy) }),
    ...(stopStarted !== undefined && { isStoppingStarted: stopStarted }),
    ...(resetWindow !== undefined && { isWindowReset: resetWindow }),
  });
  if (record !== undefined) return record;
  const now = await existing(sql, id);
  if (now.status === to && now.endedAtMs === null) return now;
  throw wrongStatus(now, from);
}

async function existing(sql: pg.Pool, id: string): Promise<BatchRecord> {
  const record = await findBatch(sql, checkedId(id));
  if (record === undefined) throw doesNotExist("ResourceNotFound", id);
  return record;
}

function checkedId(id: string): string {
  if (isUuid(id)) return id;
  throw doesNotExist("ResourceNotFound", id);
}

function wrongStatus(
  { id, status, endedAtMs }: BatchRecord,
  wanted: readonly BatchStatus[],
): EngineError {
  const state = `${status}${endedAtMs === null ? "" : " and over"}`;
  return new EngineError(
    "ConflictException",
    `batch ${id} is ${state}; it must be ${wanted.join(" or ")}`,
    { reason: "BATCH_STATUS", metadata: { status } },
  );
}
