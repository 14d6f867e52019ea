/** What carrying a batch out asks of the database, and writes. */
import type pg from "pg";
import {
  batchColumns,
  type BatchItemStatus,
  type BatchRecord,
  type BatchStatus,
} from "../reads/batches.ts";
import { isFreeFor } from "./servers.ts";

/** Takes up open batches that no living server carries out. @param running those that this server does. */
export async function claimBatches(
  sql: pg.Pool,
  { serverId, running }: { readonly serverId: string; readonly running: readonly string[] },
): Promise<readonly BatchRecord[]> {
  const { rows } = await sql.query<BatchRecord>({
    name: "claim-batches",
    text: `update batches set owner = $1, claim = claim + 1
      where id in (
        select id from batches b where ended_at is null and (status <> 'LOADING' or selection is not null)
          and id <> all($2::uuid[]) and ${isFreeFor("$1", "b.owner")}
        order by id limit 100 for update skip locked)
      returning ${batchColumns}`,
    values: [serverId, running],
  });
  return rows;
}

export interface PendingItem {
  readonly index: number;
  readonly value: string;
}

/** Items that are not done, in the order of their index. @param from inclusive. @param to exclusive. */
export async function pendingItems(
  sql: pg.Pool,
  batchId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly PendingItem[]> {
  const { rows } = await sql.query<PendingItem>({
    name: "pending-batch-items",
    text: `select index, value from batch_items
      where batch_id = $1 and index >= $2 and index < $3 and status = 'PENDING' order by index`,
    values: [batchId, from, to],
  });
  return rows;
}

/** The first item that is not done; undefined: all are. */
export async function firstPendingItem(sql: pg.Pool, batchId: string): Promise<number | undefined> {
  const { rows } = await sql.query<{ index: number }>({
    name: "first-pending-batch-item",
    text: `select index from batch_items where batch_id = $1 and status = 'PENDING' order by index limit 1`,
    values: [batchId],
  });
  return rows[0]?.index;
}

/** Those of the executions that these requests made. */
export async function executionsOfRequests(
  sql: pg.Pool,
  requests: readonly { readonly executionId: string; readonly requestId: string }[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ id: string }>({
    name: "executions-of-requests",
    text: `select e.id from unnest($1::uuid[], $2::text[]) k(id, request)
      join executions e on e.id = k.id and e.facts::json ->> 'requestId' = k.request`,
    values: [requests.map((each) => each.executionId), requests.map((each) => each.requestId)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** An item that is done. */
export interface DoneItem {
  readonly index: number;
  readonly status: Exclude<BatchItemStatus, "PENDING">;
  readonly executionId?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface BatchProgress {
  readonly done: readonly DoneItem[];
  readonly begun: number;
  readonly recentFailureRate: number;
  readonly rollingFailureRate: number;
  readonly itemsPerSecond: number;
  /** Whether what an item was given is kept although it has an execution. */
  readonly keepsValues: boolean;
  /** What the failures so far mean; absent: the batch goes on. */
  readonly verdict?: { readonly status: "FAILED" | "PAUSED"; readonly reason: string };
}

/** @returns the batch as it is now; undefined when another server has it. */
export async function recordProgress(
  sql: pg.Pool,
  { id, claim }: Pick<BatchRecord, "id" | "claim">,
  progress: BatchProgress,
): Promise<BatchRecord | undefined> {
  const { done, verdict } = progress;
  const countOf = (status: DoneItem["status"]): number =>
    done.filter((item) => item.status === status).length;
  const { rows } = await sql.query<BatchRecord>({
    name: "record-batch-progress",
    text: recordText,
    values: [
      id,
      claim,
      progress.begun,
      countOf("SUCCEEDED"),
      countOf("FAILED"),
      countOf("SKIPPED"),
      progress.recentFailureRate,
      progress.rollingFailureRate,
      progress.itemsPerSecond,
      verdict?.status ?? null,
      verdict?.reason ?? null,
      done.map((item) => item.index),
      done.map((item) => item.status),
      done.map((item) => item.executionId ?? null),
      done.map((item) => item.error ?? null),
      done.map((item) => item.cause ?? null),
      progress.keepsValues,
    ],
  });
  return rows[0];
}

const recordText = `
with batch as (
  update batches set begun = greatest(begun, $3), succeeded = succeeded + $4, failed = failed + $5,
    skipped = skipped + $6, finish_number = finish_number + cardinality($12::int[]),
    recent_failure_rate = $7, rolling_failure_rate = $8, items_per_second = $9,
    status = case when status in ('RUNNING', 'PAUSED') then coalesce($10, status) else status end,
    status_reason = case when status in ('RUNNING', 'PAUSED') then coalesce($11, status_reason) else status_reason end
  where id = $1 and claim = $2 and ended_at is null
  returning *
), done as (
  update batch_items i set status = d.status, execution_id = d.execution_id, error = d.error, cause = d.cause,
    value = case when d.execution_id is null or $17 then i.value end,
    finish_number = b.finish_number - cardinality($12::int[]) + d.at
  from batch b, unnest($12::int[], $13::text[], $14::uuid[], $15::text[], $16::text[])
    with ordinality d(index, status, execution_id, error, cause, at)
  where i.batch_id = $1 and i.index = d.index
)
select ${batchColumns} from batch`;

/** @param status how it ended, unless it had been cancelled or had failed before. @returns undefined when another server has it. */
export async function endBatch(
  sql: pg.Pool,
  { id, claim }: Pick<BatchRecord, "id" | "claim">,
  status: BatchStatus,
): Promise<void> {
  await sql.query({
    name: "end-batch",
    text: `update batches set ended_at = clock_timestamp(),
        status = case when status in ('RUNNING', 'PAUSED') then $3 else status end
      where id = $1 and claim = $2 and ended_at is null`,
    values: [id, claim, status],
  });
}

export interface MicroBatchRecord {
  /** Which one, from 0. */
  readonly number: number;
  readonly done: number;
  readonly failed: number;
  /** Of the item of it that was done last. */
  readonly finishNumber: number;
}

/** How the micro-batches fare that have items that are done, in the order in which they came to where they are. */
export async function microBatches(
  sql: pg.Pool,
  { id, microBatchSize }: Pick<BatchRecord, "id" | "microBatchSize">,
): Promise<readonly MicroBatchRecord[]> {
  const { rows } = await sql.query<MicroBatchRecord>({
    name: "micro-batches",
    text: `select index / $2::int as number, count(*)::int as done,
        (count(*) filter (where status = 'FAILED'))::int as failed, max(finish_number) as "finishNumber"
      from batch_items where batch_id = $1 and finish_number is not null group by 1 order by 4`,
    values: [id, microBatchSize],
  });
  return rows;
}
