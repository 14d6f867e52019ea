import type { Pool } from "pg";
import { binMiddleMs, binOf } from "../sql/roll-up.ts";
import {
  executionConditions,
  momentOf,
  type ListExecutionsFilter,
} from "./execution-conditions.ts";

/** What executions can be grouped by, beside their labels. */
export type StatisticsKey = "status" | "state_machine" | "error.error" | `labels.${string}`;

export interface StatisticsQuery {
  readonly filter: ListExecutionsFilter;
  /** Inclusive. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  /** Width of a bucket of start times, counted from the epoch; absent: one bucket. */
  readonly bucketMs?: number;
  readonly groupBy: readonly StatisticsKey[];
}

/** One group in one bucket. Times and durations in milliseconds. */
export interface StatisticsRecord {
  /** When the bucket begins; absent: there is one only. */
  readonly bucketAtMs?: number;
  /** In the order of `groupBy`; empty: it has none. */
  readonly keys: readonly string[];
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** From start to end; absent while none has closed. */
  readonly durations?: DurationsRecord;
}

export interface DurationsRecord {
  readonly minMs: number;
  readonly maxMs: number;
  readonly avgMs: number;
  /** Within 2.6 %. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Rows of groups that one answer has. */
export const statisticsRowsMax = 10_000;

/** By bucket, then by group; at most {@link statisticsRowsMax} and one more. One snapshot of the database. */
export async function executionStatistics(
  sql: Pool,
  query: StatisticsQuery,
): Promise<readonly StatisticsRecord[]> {
  const values: unknown[] = [];
  const parts = partsOf(query, (value) => `$${values.push(value)}`);
  const text = `with ${parts}
    select bucket, keys, count, "firstMs", "lastMs",
      case when bins is not null then json_build_object('min', min, 'max', max, 'sum', sum, 'bins', bins, 'counts', counts) end as histogram
    from (
      select bucket, keys, sum(n)::float8 as count, min(first_at) as "firstMs", max(last_at) as "lastMs",
        min(min_ms) as min, max(max_ms) as max, sum(sum_ms) as sum from parts group by bucket, keys
    ) t left join (
      select bucket, keys, array_agg(bin order by bin) as bins, array_agg(n order by bin) as counts
      from (select bucket, keys, bin, sum(n)::float8 as n from binned group by bucket, keys, bin) b
      group by bucket, keys
    ) d using (bucket, keys)
    order by bucket, keys limit ${statisticsRowsMax + 1}`;
  const { rows } = await sql.query<StatisticsRow>(text, values);
  return rows.map(({ bucket, histogram, ...row }) => ({
    ...row,
    ...(bucket !== noBucket && { bucketAtMs: bucket }),
    ...(histogram !== null && { durations: durationsOf(histogram) }),
  }));
}

/** Where there is one bucket only. */
const noBucket = -1;

interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly bins: readonly number[];
  readonly counts: readonly number[];
}

type StatisticsRow = Omit<StatisticsRecord, "durations" | "bucketAtMs"> & {
  readonly bucket: number;
  readonly histogram: Histogram | null;
};

function durationsOf({ min, max, sum, bins, counts }: Histogram): DurationsRecord {
  const closed = counts.reduce((total, count) => total + count, 0);
  const percentile = (share: number): number => {
    let before = 0;
    const at = counts.findIndex((count) => (before += count) >= closed * share);
    return Math.min(Math.max(binMiddleMs(bins[at]!), min), max);
  };
  return {
    minMs: min,
    maxMs: max,
    avgMs: sum / closed,
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    p99Ms: percentile(0.99),
  };
}

/** How many there are; all of them where rollups tell, else counting stops at `limit`. */
export async function countExecutions(
  sql: Pool,
  filter: ListExecutionsFilter,
  limit: number,
): Promise<number> {
  const values: unknown[] = [];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const query = { filter, groupBy: [] };
  const text = isRolledUp(query)
    ? `with ${partsOf(query, bound)} select coalesce(sum(n), 0)::float8 as count from parts`
    : `select count(*)::float8 as count from (
        select from executions where ${whereOf(filter, bound)} limit ${bound(limit)}) e`;
  const { rows } = await sql.query<{ count: number }>(text, values);
  return rows[0]!.count;
}

function whereOf(filter: ListExecutionsFilter, bound: (value: unknown) => string): string {
  const where = executionConditions(filter, bound);
  return where.length === 0 ? "true" : where.join(" and ");
}

const hourMs = 3_600_000;
const rolledUpFilters = new Set([
  "stateMachineId",
  "status",
  "error",
  "startedAfterMs",
  "startedBeforeMs",
]);
const rolledUpKeys: Readonly<Record<string, string>> = {
  status: "status",
  state_machine: "state_machine_name",
  "error.error": "error",
};

/** Whether the rollups know enough for this. */
function isRolledUp({ filter, bucketMs = hourMs, groupBy }: StatisticsQuery): boolean {
  return (
    bucketMs % hourMs === 0 &&
    // Those are few, and known without any rollup.
    filter.status !== "RUNNING" &&
    groupBy.every((key) => key in rolledUpKeys) &&
    Object.entries(filter).every(
      ([name, value]) => value === undefined || rolledUpFilters.has(name),
    )
  );
}

/**
 * `parts`: counts and durations by bucket and keys; `binned`: their durations by bin. Each hour comes
 * from the rollups or, when it is not over, has changed, or is cut by the times asked for, from the
 * executions themselves.
 */
function partsOf(query: StatisticsQuery, bound: (value: unknown) => string): string {
  const { filter, bucketMs, groupBy, fromMs, toMs } = query;
  const { startedAfterMs, startedBeforeMs } = filter;
  const cuts = [fromMs, toMs, startedAfterMs, startedBeforeMs].filter((ms) => ms !== undefined);
  const between = (column: string): string =>
    [
      fromMs !== undefined && `${column} >= ${momentOf(bound(fromMs), "millisecond")}`,
      toMs !== undefined && `${column} < ${momentOf(bound(toMs), "millisecond")}`,
    ]
      .filter((condition) => condition !== false)
      .map((condition) => ` and ${condition}`)
      .join("");
  const bucketOf = (column: string): string =>
    bucketMs === undefined
      ? `${noBucket}::float8`
      : `(floor(extract(epoch from ${column}) * 1000 / ${bound(bucketMs)}::float8) * ${bound(bucketMs)}::float8)::float8`;
  const rolledKeys = groupBy.map((key) => rolledUpKeys[key] ?? "''");
  const liveKeys = groupBy.map((key) =>
    key in rolledUpKeys
      ? `coalesce(${rolledUpKeys[key]}, '')`
      : `coalesce(labels ->> ${bound(key.slice("labels.".length))}::text, '')`,
  );
  const until = isRolledUp(query)
    ? "coalesce((select value::timestamptz from settings where key = 'rolled_up_until'), '-infinity')"
    : "'-infinity'::timestamptz";
  const rolledWhere = rolledConditions(filter, bound);
  return `
    live_hours as (
      select distinct hour from (select hour from execution_rollup_changes
        union all select date_trunc('hour', ms, 'UTC') from unnest(array[${cuts.map((ms) => momentOf(bound(ms), "millisecond")).join(", ")}]::timestamptz[]) ms) h
      where hour < ${until}
    ), ranges as (
      select hour as begins, hour + interval '1 hour' as ends from live_hours
      union all select ${until}, 'infinity'
    ), rolled as materialized (
      select ${bucketOf("hour")} as bucket, array[${rolledKeys.join(", ")}]::text[] as keys, r.* from execution_rollups r
      where hour < ${until} and hour not in (select hour from live_hours)${between("hour")}${rolledWhere}
    ), live as materialized (
      select ${bucketOf("started_at")} as bucket, array[${liveKeys.join(", ")}]::text[] as keys,
        started_at, (extract(epoch from stopped_at - started_at) * 1000)::float8 as ms
      from ranges join executions on started_at >= begins and started_at < ends
      where ${whereOf(filter, bound)}${between("started_at")}
    ), parts as (
      select bucket, keys, executions as n, (extract(epoch from first_at) * 1000)::float8 as first_at,
        (extract(epoch from last_at) * 1000)::float8 as last_at, min_ms, max_ms, sum_ms from rolled
      union all select bucket, keys, count(*), (extract(epoch from min(started_at)) * 1000)::float8,
        (extract(epoch from max(started_at)) * 1000)::float8, min(ms), max(ms), sum(ms) from live group by bucket, keys
    ), binned as (
      select bucket, keys, bin, n from rolled, unnest(bins, bin_counts) as u(bin, n)
      union all select bucket, keys, ${binOf("ms")}, count(*) from live where ms is not null group by 1, 2, 3
    )`;
}

function rolledConditions(
  { stateMachineId, status, error, startedAfterMs, startedBeforeMs }: ListExecutionsFilter,
  bound: (value: unknown) => string,
): string {
  const where: string[] = [];
  if (stateMachineId !== undefined) where.push(`state_machine_id = ${bound(stateMachineId)}`);
  if (status !== undefined) where.push(`status = ${bound(status)}`);
  if (error !== undefined) where.push(`error = ${bound(error)}`);
  if (startedAfterMs !== undefined)
    where.push(`hour > ${momentOf(bound(startedAfterMs), "millisecond")}`);
  if (startedBeforeMs !== undefined)
    where.push(`hour < ${momentOf(bound(startedBeforeMs), "millisecond")}`);
  return where.map((condition) => ` and ${condition}`).join("");
}
