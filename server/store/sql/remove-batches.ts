import type pg from "pg";

/** Items removed by one statement. */
const portionSize = 5_000;

/**
 * Removes items of a batch that ended so long ago, and with the last of them the batch. The executions
 * stay: their machine's retention is theirs.
 *
 * @returns whether there was such a batch.
 */
export async function removeBatchItems(sql: pg.Pool, retentionSeconds: number): Promise<boolean> {
  const { rows } = await sql.query<{ id: string }>(
    `with expired as (
       select id from batches where ended_at < clock_timestamp() - interval '1 s' * $1::float8
       order by ended_at, id limit 1
     ), gone_items as (
       delete from batch_items using expired
       where batch_id = id and index in (
         select index from batch_items where batch_id = (select id from expired) order by index limit ${portionSize})
       returning 1
     ), gone as (
       delete from batches where id in (select id from expired) and (select count(*) from gone_items) < ${portionSize}
     ) select id from expired`,
    [retentionSeconds],
  );
  return rows.length > 0;
}
