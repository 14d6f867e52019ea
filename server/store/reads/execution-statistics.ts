import type { Pool } from "pg";
import { binMiddleMs, binOf } from "../sql/roll-up.ts";
import type { ListExecutionsFilter } from "./execution-conditions.ts";
import { inRanges, isRolledUp, liveConditions, rolledUp, rolledUpKeys } from "./rolled-up.ts";
import { stateVisits } from "./state-visits.ts";

/** What executions can be grouped by, beside their labels; `state_name` makes it statistics of the visits to states. */
export type StatisticsKey =
  | "status"
  | "state_machine"
  | "error.error"
  | "state_name"
  | `labels.${string}`;

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
/** Executions that are read one by one, where no rollups are kept. */
const executionsReadMax = 250_000;
/** Executions whose history is read. */
const historiesReadMax = 5_000;

export interface Statistics {
  /** By bucket, then by group; at most {@link statisticsRowsMax} and one more. */
  readonly rows: readonly StatisticsRecord[];
  /** More executions than these would have had to be read: the rows do not count all. */
  readonly exceeded?: number;
}

/** One snapshot of the database. */
export async function executionStatistics(sql: Pool, query: StatisticsQuery): Promise<Statistics> {
  const values: unknown[] = [];
  const parts = partsOf(query, (value) => `$${values.push(value)}`);
  const text = `with ${parts}
    select bucket, keys, count, "firstMs", "lastMs", ${readOf(query)} as read,
      case when bins is not null then json_build_object('min', min, 'max', max, 'sum', sum, 'bins', bins, 'counts', counts) end as histogram
    from (
      select bucket, keys, sum(n)::float8 as count, (extract(epoch from min(first_at)) * 1000)::float8 as "firstMs",
        (extract(epoch from max(last_at)) * 1000)::float8 as "lastMs",
        min(min_ms) as min, max(max_ms) as max, sum(sum_ms) as sum from parts group by bucket, keys
    ) t left join (
      select bucket, keys, array_agg(bin) as bins, array_agg(n) as counts
      from (select bucket, keys, bin, sum(n)::float8 as n from binned group by bucket, keys, bin) b
      group by bucket, keys
    ) d using (bucket, keys)
    order by bucket, keys limit ${statisticsRowsMax + 1}`;
  const { rows } = await sql.query<StatisticsRow>(text, values);
  const readMax = readMaxOf(query);
  return {
    rows: rows.map(({ bucket, histogram, read: _, ...row }) => ({
      ...row,
      ...(bucket !== noBucket && { bucketAtMs: bucket }),
      ...(histogram !== null && { durations: durationsOf(histogram) }),
    })),
    ...(readMax !== undefined && (rows[0]?.read ?? 0) > readMax && { exceeded: readMax }),
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
  const query: StatisticsQuery = { filter, groupBy: [] };
  const text = isRolledUp(query)
    ? `with ${rolledUp(query, bound)} select ((select coalesce(sum(executions), 0) from rolled)
        + (select coalesce(sum(n), 0) from ${inRanges("count(*) as n", query, bound)}))::float8 as count`
    : `select count(*)::float8 as count from (
        select from executions where ${whereOf(query, bound)} limit ${bound(limit)}) e`;
  const { rows } = await sql.query<{ count: number }>(text, values);
  return rows[0]!.count;
}

/** Where there is one bucket only. */
const noBucket = -1;

interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** In any order: sorting them in PostgreSQL took a third of the time of many groups. */
  readonly bins: readonly number[];
  readonly counts: readonly number[];
}

type StatisticsRow = Omit<StatisticsRecord, "durations" | "bucketAtMs"> & {
  readonly bucket: number;
  /** Executions that were read. */
  readonly read: number;
  readonly histogram: Histogram | null;
};

function durationsOf({ min, max, sum, bins, counts }: Histogram): DurationsRecord {
  const filled = bins
    .map((bin, at) => ({ bin, count: counts[at]! }))
    .toSorted((a, b) => a.bin - b.bin);
  const closed = counts.reduce((total, count) => total + count, 0);
  const percentile = (share: number): number => {
    let before = 0;
    const { bin } = filled.find(({ count }) => (before += count) >= closed * share)!;
    return Math.min(Math.max(binMiddleMs(bin), min), max);
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

/** What is read one by one has a limit; undefined: nearly all of it is rolled up. */
function readMaxOf(query: StatisticsQuery): number | undefined {
  if (query.groupBy.includes("state_name")) return historiesReadMax;
  return isRolledUp(query) ? undefined : executionsReadMax;
}

/** `parts`: counts and durations by bucket and keys; `binned`: their durations by bin. */
function partsOf(query: StatisticsQuery, bound: Bound): string {
  const keys = query.groupBy.map((key) => rolledUpKeys[key] ?? "''");
  return `${sourcesOf(query, bound)}, keyed as not materialized (
      select ${bucketOf("at", query, bound)} as bucket, ${arrayOf(keys)} as keys, rolled.* from rolled
    ), live_binned as materialized (
      select bucket, keys, ${binOf("ms")} as bin, count(*) as n, min(started_at) as first_at, max(started_at) as last_at,
        min(ms) as min_ms, max(ms) as max_ms, sum(ms) as sum_ms from live group by 1, 2, 3
    ), parts as (
      select bucket, keys, executions as n, first_at, last_at, min_ms, max_ms, sum_ms from keyed
      union all select bucket, keys, n, first_at, last_at, min_ms, max_ms, sum_ms from live_binned
    ), binned as (
      select bucket, keys, bin, n from keyed, unnest(bins, bin_counts) as u(bin, n)
      union all select bucket, keys, bin, n from live_binned where bin is not null
    )`;
}

/** How many executions were read one by one. */
function readOf({ groupBy }: StatisticsQuery): string {
  return groupBy.includes("state_name")
    ? "(select count(*) from chosen)::float8"
    : "(select sum(n) from live_binned)::float8";
}

type Bound = (value: unknown) => string;

/** `rolled`: rollups; `live`: bucket, keys, start and duration of what is read one by one. */
function sourcesOf(query: StatisticsQuery, bound: Bound): string {
  const { groupBy } = query;
  const keys = groupBy.map((key) => liveKey(key, bound));
  const divided = `${bucketOf("started_at", query, bound)} as bucket, ${arrayOf(keys)} as keys`;
  const timed = `${divided}, started_at, (extract(epoch from stopped_at - started_at) * 1000)::float8 as ms`;
  if (isRolledUp(query))
    return `${rolledUp(query, bound)}, live as (select e.* from ${inRanges(timed, query, bound)})`;
  const chosen = (what: string, readMax: number): string =>
    `select ${what} from executions where ${whereOf(query, bound)} limit ${readMax + 1}`;
  return groupBy.includes("state_name")
    ? `${nothingRolledUp}, chosen as materialized (${chosen(`id, ${divided}`, historiesReadMax)}),
      ${stateVisits(groupBy.indexOf("state_name") + 1)}`
    : `${nothingRolledUp}, live as (${chosen(timed, executionsReadMax)})`;
}

const nothingRolledUp = "rolled as (select hour as at, r.* from execution_rollups r where false)";

/** A label, or a column; the state's name comes later, from the history. */
function liveKey(key: StatisticsKey, bound: Bound): string {
  if (key === "state_name") return "''";
  const column = rolledUpKeys[key] ?? `labels ->> ${bound(key.slice("labels.".length))}::text`;
  return `coalesce(${column}, '')`;
}

function bucketOf(column: string, { bucketMs }: StatisticsQuery, bound: Bound): string {
  if (bucketMs === undefined) return `${noBucket}::float8`;
  const width = `${bound(bucketMs)}::float8`;
  return `(floor(extract(epoch from ${column}) * 1000 / ${width}) * ${width})::float8`;
}

function arrayOf(keys: readonly string[]): string {
  return `array[${keys.join(", ")}]::text[]`;
}

function whereOf(query: StatisticsQuery, bound: Bound): string {
  return ["true", ...liveConditions(query, bound)].join(" and ");
}
