import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import {
  findBatch,
  listBatchItems,
  listDoneBatchItems,
  type BatchRecord,
} from "../../store/reads/batches.ts";
import { doesNotExist } from "../arns.ts";
import type { BatchPosition, BatchUpdate, WatchBatch } from "./batch.ts";
import { batchItemOf, batchOf } from "./batch-view.ts";

const pageSize = 500;

/**
 * What happens to a batch, from its rows, whichever server carries it out: items that begin (in the order
 * of their index), items that are done (in the order in which they were), then the batch itself.
 */
export async function* watchBatch(
  sql: pg.Pool,
  id: string,
  { signal, intervalMs, includeItems = false, after }: WatchBatch,
): AsyncGenerator<BatchUpdate> {
  let position = after;
  let shown: string | undefined;
  while (!signal.aborted) {
    const batch = await findBatch(sql, id);
    if (batch === undefined) throw doesNotExist("ResourceNotFound", id);
    const now = { begun: batch.begun, done: batch.finishNumber };
    if (includeItems && position !== undefined) yield* newItems(sql, batch, position);
    position = now;
    const text = JSON.stringify(batch);
    if (text !== shown) yield { kind: "Progress", batch: batchOf(batch), position };
    shown = text;
    if (batch.endedAtMs !== null) return;
    await wait(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function* newItems(
  sql: pg.Pool,
  batch: BatchRecord,
  after: BatchPosition,
): AsyncGenerator<BatchUpdate> {
  let position = after;
  while (position.begun < batch.begun) {
    const from = position.begun;
    const limit = Math.min(pageSize, batch.begun - from);
    for (const item of await listBatchItems(sql, batch.id, { from, limit })) {
      position = { ...position, begun: item.index + 1 };
      const { index, value, executionId } = item;
      const begun = { ...unfinished, index, value, executionId };
      yield { kind: "Item", item: batchItemOf({ ...batch, endedAtMs: null }, begun), position };
    }
  }
  while (position.done < batch.finishNumber) {
    const limit = Math.min(pageSize, batch.finishNumber - position.done);
    const items = await listDoneBatchItems(sql, batch.id, { after: position.done, limit });
    for (const item of items) {
      position = { ...position, done: item.finishNumber! };
      yield { kind: "Item", item: batchItemOf(batch, item), position };
    }
  }
}

const unfinished = { status: "PENDING", error: null, cause: null, finishNumber: null } as const;
