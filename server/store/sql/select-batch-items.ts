import type pg from "pg";
import { batchColumns, type BatchRecord } from "../reads/batches.ts";
import {
  executionConditions,
  isAfter,
  type ExecutionPosition,
  type ListExecutionsFilter,
} from "../reads/execution-conditions.ts";

/** Items that a batch may have. */
export const batchItemsMax = 5_000_000;

/** Executions found by one statement. */
const portionSize = 5_000;

/**
 * Appends the next executions of a batch's selection to its items, newest first; after the last ones the
 * batch is RUNNING. Found and recorded in one statement, so each becomes an item once, whoever else does
 * this or dies meanwhile. Executions that start later come before what was read, and are never found.
 *
 * @returns undefined when the batch is not LOADING from a selection, or another server has it.
 */
export async function selectItems(
  sql: pg.Pool | pg.ClientBase,
  { id, claim, itemCount, selection, selectionAfter }: BatchRecord,
): Promise<BatchRecord | undefined> {
  if (selection === null) return undefined;
  const values: unknown[] = [id, claim, itemCount];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const where = executionConditions(JSON.parse(selection) as ListExecutionsFilter, bound);
  if (selectionAfter !== null)
    where.push(isAfter(JSON.parse(selectionAfter) as ExecutionPosition, bound));
  const { rows } = await sql.query<BatchRecord>(
    `with found as (
      select id, started_at, row_number() over (order by started_at desc, id desc)::int as at from executions
      where ${["true", ...where].join(" and ")} order by started_at desc, id desc limit ${portionSize}
    ), portion as (
      select max(at) as count,
        (select json_build_object('startedAt', (extract(epoch from started_at) * 1000000)::bigint::text, 'id', id)::text
          from found order by at desc limit 1) as last
      from (select at from found union all select 0) f
    ), batch as (
      update batches set item_count = item_count + p.count, selection_after = coalesce(p.last, selection_after),
        status = case when item_count + p.count > ${batchItemsMax} then 'FAILED'
          when p.count < ${portionSize} then 'RUNNING' else 'LOADING' end,
        status_reason = case when item_count + p.count > ${batchItemsMax}
          then 'the filter finds more than ${batchItemsMax} executions' else '' end
      from portion p where batches.id = $1 and claim = $2 and item_count = $3 and status = 'LOADING'
      returning batches.*
    ), items as (
      insert into batch_items (batch_id, index, value) select b.id, $3 + f.at - 1, f.id::text from batch b, found f
    ) select ${batchColumns} from batch`,
    values,
  );
  return rows[0];
}
