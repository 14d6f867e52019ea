import type pg from "pg";

/** What may change while a run goes on; undefined: stays. */
interface MapRunChange {
  readonly maxConcurrency?: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
}

/** @returns false when there is no such run. One that is over keeps what it had. */
export async function changeMapRun(
  sql: pg.Pool,
  id: string,
  { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage }: MapRunChange,
): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: "change-map-run",
    text: `update map_runs set
        max_concurrency = case when status = 'RUNNING' then coalesce($2, max_concurrency) else max_concurrency end,
        tolerated_failure_count = case when status = 'RUNNING' then coalesce($3, tolerated_failure_count) else tolerated_failure_count end,
        tolerated_failure_percentage = case when status = 'RUNNING' then coalesce($4, tolerated_failure_percentage) else tolerated_failure_percentage end
      where id = $1`,
    values: [
      id,
      maxConcurrency ?? null,
      toleratedFailureCount ?? null,
      toleratedFailurePercentage ?? null,
    ],
  });
  return rowCount === 1;
}

/** What the reader has found out; undefined: stays. */
export async function noteMapRun(
  sql: pg.Pool,
  id: string,
  {
    itemCount,
    childCount,
    source,
  }: { readonly itemCount?: number; readonly childCount?: number; readonly source?: string },
): Promise<void> {
  await sql.query({
    name: "note-map-run",
    text: `update map_runs set item_count = coalesce($2, item_count), child_count = coalesce($3, child_count),
        source = coalesce($4, source)
      where id = $1`,
    values: [id, itemCount ?? null, childCount ?? null, source ?? null],
  });
}
