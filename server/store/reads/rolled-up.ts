import { executionConditions, momentOf } from "./execution-conditions.ts";
import type { StatisticsQuery } from "./execution-statistics.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const filters = new Set(["stateMachineId", "status", "error", "startedAfterMs", "startedBeforeMs"]);

/** Columns of rollups for what executions can be grouped by. */
export const rolledUpKeys: Readonly<Record<string, string>> = {
  status: "status",
  state_machine: "state_machine_name",
  "error.error": "error",
};

/** Whether the rollups know enough for this. */
export function isRolledUp({ filter, bucketMs = hourMs, groupBy }: StatisticsQuery): boolean {
  return (
    bucketMs % hourMs === 0 &&
    // Those are few, and known without any rollup.
    filter.status !== "RUNNING" &&
    groupBy.every((key) => key in rolledUpKeys) &&
    Object.entries(filter).every(([name, value]) => value === undefined || filters.has(name))
  );
}

/**
 * SQL of `rolled`: rollups of the days, and of the hours of other days, whose begin is `at`; and of
 * `ranges`: from when to when (`begins`, `ends`) executions are to be read, as their hour is not over, has
 * changed, or is cut by the times asked for.
 */
export function rolledUp(query: StatisticsQuery, bound: (value: unknown) => string): string {
  const { hours, days } = cutsOf(query);
  const moments = (cuts: readonly number[]): string =>
    `select ${momentOf("ms", "millisecond")} from unnest(${bound(cuts)}::float8[]) ms`;
  return `
    live_hours as materialized (
      select distinct hour from (select hour from execution_rollup_changes union all ${moments(hours)}) h (hour)
      where hour < ${until}
    ), live_days as materialized (
      select date_trunc('day', hour, 'UTC') as day from live_hours union ${moments(days)}
    ), whole_days as materialized (
      select distinct day from execution_day_rollups
      where ${(query.bucketMs ?? dayMs) % dayMs === 0} and day not in (select day from live_days)
    ), other_days as (
      select day from generate_series((select date_trunc('day', min(hour), 'UTC') from execution_rollups),
        ${until}, interval '24 hours') as d (day)
      where day not in (select day from whole_days)
    ), rolled as not materialized (
      select day as at, ${columns} from execution_day_rollups
      where day in (select day from whole_days)${rolledConditions("day", query, bound)}
      union all
      select hour, ${columns} from other_days cross join lateral (
        select * from execution_rollups
        where hour >= day and hour < least(day + interval '24 hours', ${until})
          and hour not in (select hour from live_hours)${rolledConditions("hour", query, bound)}
      ) h
    ), ranges as (
      select hour as begins, hour + interval '1 hour' as ends from live_hours
      union all select ${until}, 'infinity'
    )`;
}

/**
 * SQL of the executions in `ranges`, joined to them. A part of its own, which the planner can not turn
 * round: it would read all executions, and look for the range of each.
 *
 * @param what to select, of `executions`.
 */
export function inRanges(
  what: string,
  query: StatisticsQuery,
  bound: (value: unknown) => string,
): string {
  const where = ["started_at >= begins", "started_at < ends", ...liveConditions(query, bound)];
  return `ranges cross join lateral (select ${what} from executions where ${where.join(" and ")} offset 0) e`;
}

/** SQL conditions on `executions`. */
export function liveConditions(
  query: StatisticsQuery,
  bound: (value: unknown) => string,
): readonly string[] {
  return [
    ...executionConditions(query.filter, bound),
    ...betweenConditions("started_at", query, bound),
  ];
}

/** Every hour before it is in execution_rollups. */
const until =
  "coalesce((select value::timestamptz from settings where key = 'rolled_up_until'), '-infinity')";

const columns =
  "state_machine_name, status, error, executions, first_at, last_at, sum_ms, min_ms, max_ms, bins, bin_counts";

/** Beginnings of the hours and of the days of which only a part is asked for. */
function cutsOf({ filter, fromMs, toMs }: StatisticsQuery): {
  readonly hours: readonly number[];
  readonly days: readonly number[];
} {
  const given = (cuts: readonly (number | undefined)[]): readonly number[] =>
    cuts.filter((ms) => ms !== undefined);
  // A bucket's begin belongs to it; the others' moments do not, so that even a full hour is cut.
  const bounds = given([fromMs, toMs]);
  const moments = given([filter.startedAfterMs, filter.startedBeforeMs]);
  const cutBy = (unitMs: number): readonly number[] =>
    [...bounds.filter((ms) => ms % unitMs !== 0), ...moments].map(
      (ms) => Math.floor(ms / unitMs) * unitMs,
    );
  return { hours: cutBy(hourMs), days: cutBy(dayMs) };
}

function rolledConditions(
  at: "hour" | "day",
  query: StatisticsQuery,
  bound: (value: unknown) => string,
): string {
  const { stateMachineId, status, error, startedAfterMs, startedBeforeMs } = query.filter;
  const where = [...betweenConditions(at, query, bound)];
  if (stateMachineId !== undefined) where.push(`state_machine_id = ${bound(stateMachineId)}`);
  if (status !== undefined) where.push(`status = ${bound(status)}`);
  if (error !== undefined) where.push(`error = ${bound(error)}`);
  if (startedAfterMs !== undefined)
    where.push(`${at} > ${momentOf(bound(startedAfterMs), "millisecond")}`);
  if (startedBeforeMs !== undefined)
    where.push(`${at} < ${momentOf(bound(startedBeforeMs), "millisecond")}`);
  return where.map((condition) => ` and ${condition}`).join("");
}

function betweenConditions(
  column: string,
  { fromMs, toMs }: StatisticsQuery,
  bound: (value: unknown) => string,
): readonly string[] {
  const where: string[] = [];
  if (fromMs !== undefined) where.push(`${column} >= ${momentOf(bound(fromMs), "millisecond")}`);
  if (toMs !== undefined) where.push(`${column} < ${momentOf(bound(toMs), "millisecond")}`);
  return where;
}
