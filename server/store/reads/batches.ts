/** Batches and their items as callers see them. */
import type pg from "pg";

export type BatchStatus =
  | "LOADING"
  | "RUNNING"
  | "PAUSED"
  | "SUCCEEDED"
  | "FAILED"
  | "CANCELLED"
  | "COMPLETED_WITH_FAILURES";

/** Times in milliseconds since the epoch. What the columns mean: store/entities/batch.ts. */
export interface BatchRecord {
  readonly id: string;
  readonly name: string;
  readonly operation: string;
  readonly filter: string;
  readonly maxConcurrency: number;
  readonly microBatchSize: number;
  readonly stopOnError: boolean;
  readonly failurePolicy: string | null;
  readonly status: BatchStatus;
  readonly statusReason: string;
  readonly lastAction: string | null;
  readonly isStoppingStarted: boolean;
  readonly claim: number;
  readonly itemCount: number;
  readonly begun: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly finishNumber: number;
  readonly windowFrom: number;
  readonly recentFailureRate: number;
  readonly rollingFailureRate: number;
  readonly itemsPerSecond: number;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}

/** The columns of a {@link BatchRecord}. */
export const batchColumns = `id, name, operation, filter, max_concurrency as "maxConcurrency",
  micro_batch_size as "microBatchSize", stop_on_error as "stopOnError", failure_policy as "failurePolicy",
  status, status_reason as "statusReason", last_action as "lastAction",
  is_stopping_started as "isStoppingStarted", claim, item_count as "itemCount", begun, succeeded, failed,
  skipped, finish_number as "finishNumber", window_from as "windowFrom",
  recent_failure_rate as "recentFailureRate", rolling_failure_rate as "rollingFailureRate",
  items_per_second as "itemsPerSecond", (extract(epoch from created_at) * 1000)::float8 as "createdAtMs",
  (extract(epoch from ended_at) * 1000)::float8 as "endedAtMs"`;

export async function findBatch(sql: pg.Pool, id: string): Promise<BatchRecord | undefined> {
  const { rows } = await sql.query<BatchRecord>({
    name: "find-batch",
    text: `select ${batchColumns} from batches where id = $1`,
    values: [id],
  });
  return rows[0];
}

/** Newest first. @param after exclusive. */
export async function listBatches(
  sql: pg.Pool,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly BatchRecord[]> {
  const { rows } = await sql.query<BatchRecord>({
    name: "list-batches",
    text: `select ${batchColumns} from batches where $1::uuid is null or id < $1 order by id desc limit $2`,
    values: [after ?? null, limit],
  });
  return rows;
}

export type BatchItemStatus = "PENDING" | "SUCCEEDED" | "FAILED" | "SKIPPED";

export interface BatchItemRecord {
  readonly index: number;
  /** An input, or an execution; null where it is kept with the execution. */
  readonly value: string | null;
  readonly status: BatchItemStatus;
  readonly executionId: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  /** Null while it is not done. */
  readonly finishNumber: number | null;
}

const itemColumns = `i.index, i.value, i.status, i.execution_id as "executionId", i.error, i.cause,
  i.finish_number as "finishNumber"`;

/** In the order of their index. @param from inclusive. */
export async function listBatchItems(
  sql: pg.Pool,
  batchId: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<readonly BatchItemRecord[]> {
  const { rows } = await sql.query<BatchItemRecord>({
    name: "list-batch-items",
    text: `select ${itemColumns} from batch_items i where batch_id = $1 and index >= $2 order by index limit $3`,
    values: [batchId, from, limit],
  });
  return rows;
}

/** Those that are done, in the order in which they were. @param after a finish number, exclusive. */
export async function listDoneBatchItems(
  sql: pg.Pool,
  batchId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly BatchItemRecord[]> {
  const { rows } = await sql.query<BatchItemRecord>({
    name: "list-done-batch-items",
    text: `select ${itemColumns} from batch_items i
      where batch_id = $1 and finish_number > $2 order by finish_number limit $3`,
    values: [batchId, after, limit],
  });
  return rows;
}

/** What executions came to, by their ids; those that have no output are left out. */
export async function outputsOf(
  sql: pg.Pool,
  executionIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ id: string; output: string }>({
    name: "outputs-of-executions",
    text: "select id, output from executions where id = any($1::uuid[]) and output is not null",
    values: [executionIds],
  });
  return new Map(rows.map(({ id, output }) => [id, output]));
}
