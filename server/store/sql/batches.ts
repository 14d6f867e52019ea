/** What callers do to batches: create, add items, pause, resume, cancel. */
import type pg from "pg";
import { batchColumns, type BatchRecord, type BatchStatus } from "../reads/batches.ts";
import { selectItems } from "./select-batch-items.ts";

export type NewBatch = Pick<
  BatchRecord,
  | "id"
  | "name"
  | "operation"
  | "filter"
  | "selection"
  | "maxConcurrency"
  | "microBatchSize"
  | "stopOnError"
  | "failurePolicy"
> & { readonly status: "LOADING" | "RUNNING"; readonly requestId: string | null };

/** Items written by one statement. */
const portionSize = 5_000;

/**
 * Inserts a batch with its items, those of a selection as far as one portion goes; or finds the one that
 * an earlier sending of this request made.
 *
 * @returns undefined when an open batch of another request has this name.
 */
export async function insertBatch(
  sql: pg.Pool,
  batch: NewBatch,
  values: readonly string[],
): Promise<BatchRecord | undefined> {
  const client = await sql.connect();
  try {
    await client.query("begin");
    const inserted = await insertRow(client, batch, values.length);
    if (inserted !== undefined)
      for (let first = 0; first < values.length; first += portionSize)
        await insertItems(client, batch.id, first, values.slice(first, first + portionSize));
    const record = inserted && ((await selectItems(client, inserted)) ?? inserted);
    await client.query("commit");
    return record ?? (await batchOfRequest(sql, batch.requestId));
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function insertRow(
  client: pg.ClientBase,
  batch: NewBatch,
  itemCount: number,
): Promise<BatchRecord | undefined> {
  const { rows } = await client.query<BatchRecord>(
    `insert into batches (id, name, operation, filter, selection, max_concurrency, micro_batch_size, stop_on_error,
        failure_policy, request_id, status, item_count)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning ${batchColumns}`,
    [
      batch.id,
      batch.name,
      batch.operation,
      batch.filter,
      batch.selection,
      batch.maxConcurrency,
      batch.microBatchSize,
      batch.stopOnError,
      batch.failurePolicy,
      batch.requestId,
      batch.status,
      itemCount,
    ],
  );
  return rows[0];
}

async function insertItems(
  client: pg.ClientBase,
  batchId: string,
  first: number,
  values: readonly string[],
): Promise<void> {
  await client.query({
    name: "insert-batch-items",
    text: `insert into batch_items (batch_id, index, value)
      select $1, $2::int + at::int - 1, value from unnest($3::text[]) with ordinality v(value, at)
      on conflict do nothing`,
    values: [batchId, first, values],
  });
}

/** @returns undefined without an id, or when there is none. */
export async function batchOfRequest(
  sql: pg.Pool,
  requestId: string | null,
): Promise<BatchRecord | undefined> {
  if (requestId === null) return undefined;
  const { rows } = await sql.query<BatchRecord>(
    `select ${batchColumns} from batches where request_id = $1`,
    [requestId],
  );
  return rows[0];
}

/**
 * Appends items to a batch that is LOADING; those that are there already stay.
 *
 * @param isLast no more follow: the batch runs.
 * @returns undefined when it is not LOADING, or would get a gap.
 */
export async function appendItems(
  sql: pg.Pool,
  batchId: string,
  {
    first,
    values,
    isLast,
  }: { readonly first: number; readonly values: readonly string[]; readonly isLast: boolean },
): Promise<BatchRecord | undefined> {
  const { rows } = await sql.query<BatchRecord>({
    name: "append-batch-items",
    text: `with batch as (
        update batches set item_count = greatest(item_count, $2::int + cardinality($3::text[])),
          status = case when $4 then 'RUNNING' else status end
        where id = $1 and status = 'LOADING' and item_count >= $2 returning *
      ), items as (
        insert into batch_items (batch_id, index, value)
        select id, $2 + at::int - 1, value from batch, unnest($3::text[]) with ordinality v(value, at)
        on conflict do nothing
      )
      select ${batchColumns} from batch`,
    values: [batchId, first, values, isLast],
  });
  return rows[0];
}

export interface BatchAction {
  readonly from: readonly BatchStatus[];
  readonly to: BatchStatus;
  readonly reason: string;
  /** JSON text. */
  readonly lastAction: string;
  /** JSON text; absent: stays. */
  readonly failurePolicy?: string;
  readonly isStoppingStarted?: boolean;
  readonly isWindowReset?: boolean;
}

/** @returns undefined unless it was open and in one of these states. One that has not begun ends at once when cancelled. */
export async function actOnBatch(
  sql: pg.Pool,
  id: string,
  action: BatchAction,
): Promise<BatchRecord | undefined> {
  const { rows } = await sql.query<BatchRecord>({
    name: "act-on-batch",
    text: `update batches set status = $3, status_reason = $4, last_action = $5,
        failure_policy = coalesce($6, failure_policy), is_stopping_started = $7,
        window_from = case when $8 then finish_number else window_from end,
        ended_at = case when $3 = 'CANCELLED' and status = 'LOADING' then clock_timestamp() end
      where id = $1 and status = any($2::text[]) and ended_at is null returning ${batchColumns}`,
    values: [
      id,
      action.from,
      action.to,
      action.reason,
      action.lastAction,
      action.failurePolicy ?? null,
      action.isStoppingStarted ?? false,
      action.isWindowReset ?? false,
    ],
  });
  return rows[0];
}
