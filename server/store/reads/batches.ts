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
  readonly selection: string | null;
  readonly selectionAfter: string | null;
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
export const batchColumns = `id, name, operation, filter, selection,
  selection_after as "selectionAfter", max_concurrency as "maxConcurrency",
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

/** All that is given must hold. */
export interface BatchesFilter {
  readonly status?: BatchStatus;
  /** The machine that its items start. */
  readonly stateMachineName?: string;
  readonly name?: string;
  readonly namePrefix?: string;
  /** Exclusive, as all these times. */
  readonly createdAfterMs?: number;
  readonly createdBeforeMs?: number;
  readonly endedAfterMs?: number;
  readonly endedBeforeMs?: number;
}

/** Newest first. @param after exclusive. */
export async function listBatches(
  sql: pg.Pool,
  filter: BatchesFilter,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly BatchRecord[]> {
  const moment = (column: string): string =>
    `timestamptz 'epoch' + ${column}::float8 * interval '1 ms'`;
  const { rows } = await sql.query<BatchRecord>({
    name: "list-batches",
    text: `select ${batchColumns} from batches
      where ($1::uuid is null or id < $1) and ($2::text is null or status = $2)
        and ($3::text is null or operation::json #>> '{machine,name}' = $3)
        and ($4::text is null or name = $4) and ($5::text is null or starts_with(name, $5))
        and ($6::float8 is null or created_at > ${moment("$6")})
        and ($7::float8 is null or created_at < ${moment("$7")})
        and ($8::float8 is null or ended_at > ${moment("$8")})
        and ($9::float8 is null or ended_at < ${moment("$9")})
      order by id desc limit $10`,
    values: [
      after,
      filter.status,
      filter.stateMachineName,
      filter.name,
      filter.namePrefix,
      filter.createdAfterMs,
      filter.createdBeforeMs,
      filter.endedAfterMs,
      filter.endedBeforeMs,
      limit,
    ],
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

/** In the order of their index. @param from inclusive, as the next. @param to exclusive; absent: to the last one. */
export async function listBatchItems(
  sql: pg.Pool,
  batchId: string,
  {
    from,
    to,
    limit,
    status,
  }: {
    readonly from: number;
    readonly to?: number;
    readonly limit: number;
    readonly status?: BatchItemStatus;
  },
): Promise<readonly BatchItemRecord[]> {
  // As text, not as a parameter: so the index of what did not succeed serves.
  const isOfStatus = status === undefined ? "" : `and status = '${status}'`;
  const { rows } = await sql.query<BatchItemRecord>({
    name: `list-batch-items-${status ?? "all"}`,
    text: `select ${itemColumns} from batch_items i
      where batch_id = $1 and index >= $2 and index < coalesce($3, 2147483647) ${isOfStatus} order by index limit $4`,
    values: [batchId, from, to, limit],
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
