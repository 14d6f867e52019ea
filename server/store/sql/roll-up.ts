import type pg from "pg";

/** Durations are counted in bins that grow by a twentieth of e: 5 % wide, so what is told of one is within 2.6 %. */
export const binOf = (ms: string): string =>
  `case when ${ms} is not null then floor(ln(greatest(${ms}, 1)) * 20)::smallint end`;

/** The middle of a bin, milliseconds. */
export function binMiddleMs(bin: number): number {
  return Math.exp((bin + 0.5) / 20);
}

/** Rows of execution_rollups for the executions started in the hour that begins at $1. */
const rollUpHour = `
  insert into execution_rollups (hour, state_machine_id, state_machine_name, status, error, executions,
    first_at, last_at, sum_ms, min_ms, max_ms, bins, bin_counts)
  select hour, state_machine_id, min(state_machine_name), status, error, sum(n), min(first_at), max(last_at),
    sum(sum_ms), min(min_ms), max(max_ms),
    coalesce(array_agg(bin) filter (where bin is not null), '{}'),
    coalesce(array_agg(n) filter (where bin is not null), '{}')
  from (
    select hour, state_machine_id, min(state_machine_name) as state_machine_name, status, error, ${binOf("ms")} as bin,
      count(*)::integer as n, min(started_at) as first_at, max(started_at) as last_at,
      sum(ms) as sum_ms, min(ms) as min_ms, max(ms) as max_ms
    from (
      select date_trunc('hour', e.started_at, 'UTC') as hour, e.state_machine_id, e.state_machine_name, e.status,
        coalesce(e.error, '') as error, e.started_at,
        (extract(epoch from e.stopped_at - e.started_at) * 1000)::float8 as ms
      from executions e
      where e.started_at >= $1::timestamptz and e.started_at < $1::timestamptz + interval '1 hour'
        and strpos(e.state_machine_name, '/') = 0
    ) e group by hour, state_machine_id, status, error, bin
  ) b group by hour, state_machine_id, status, error`;

/** Rows of execution_day_rollups for the day that begins at $1. */
const rollUpDay = `
  with hours as (
    select * from execution_rollups where hour >= $1::timestamptz and hour < $1::timestamptz + interval '24 hours'
  ), binned as (
    select state_machine_id, status, error, array_agg(bin) as bins, array_agg(n) as bin_counts
    from (
      select state_machine_id, status, error, bin, sum(n)::integer as n
      from hours, unnest(bins, bin_counts) as u(bin, n) group by state_machine_id, status, error, bin
    ) b group by state_machine_id, status, error
  )
  insert into execution_day_rollups (day, state_machine_id, state_machine_name, status, error, executions,
    first_at, last_at, sum_ms, min_ms, max_ms, bins, bin_counts)
  select $1::timestamptz, state_machine_id, name, status, error, n, first_at, last_at, sum_ms, min_ms, max_ms,
    coalesce(bins, '{}'), coalesce(bin_counts, '{}')
  from (
    select state_machine_id, status, error, min(state_machine_name) as name, sum(executions) as n, min(first_at) as first_at,
      max(last_at) as last_at, sum(sum_ms) as sum_ms, min(min_ms) as min_ms, max(max_ms) as max_ms
    from hours group by state_machine_id, status, error
  ) h left join binned using (state_machine_id, status, error)`;

/**
 * Rolls up the hours that are over, those that have changed since they were, and their days. One server
 * at a time; what changes meanwhile is found the next time.
 *
 * @param isStopped asked between hours.
 */
export async function rollUp(sql: pg.Pool, isStopped = () => false): Promise<void> {
  while (!isStopped() && (await inTurn(sql, rollUpNextHour)));
  // Looked for once: where executions close late all the time, there is always another one.
  const { rows: changed } = await sql.query<{ hour: string }>(
    `select distinct hour::text as hour from execution_rollup_changes
     where hour < (select value::timestamptz from settings where key = 'rolled_up_until')`,
  );
  for (const { hour } of changed)
    if (!isStopped()) await inTurn(sql, (client) => rollUpAgain(client, hour));
  while (!isStopped() && (await inTurn(sql, rollUpNextDay)));
}

/** @returns what `work` says in a transaction of its own; false while another server is at it. */
async function inTurn(
  sql: pg.Pool,
  work: (client: pg.PoolClient) => Promise<boolean>,
): Promise<boolean> {
  const client = await sql.connect();
  try {
    await client.query("begin");
    const isDone = (await isMine(client)) && (await work(client));
    await client.query("commit");
    return isDone;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function isMine(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>(
    "select pg_try_advisory_xact_lock(hashtext('pawl_roll_up')) as mine",
  );
  return rows[0]!.mine;
}

/** Ten minutes after its end: whoever started something in it has committed. @returns whether there was one. */
async function rollUpNextHour(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ hour: string }>(
    `select hour::text as hour from (
       select coalesce((select value::timestamptz from settings where key = 'rolled_up_until'),
         (select date_trunc('hour', min(started_at), 'UTC') from executions)) as hour) h
     where hour < date_trunc('hour', clock_timestamp() - interval '10 minutes', 'UTC')`,
  );
  const next = rows[0];
  if (next === undefined) return false;
  await client.query(rollUpHour, [next.hour]);
  await client.query(
    `insert into settings (key, value) values ('rolled_up_until', ($1::timestamptz + interval '1 hour')::text)
     on conflict (key) do update set value = excluded.value`,
    [next.hour],
  );
  return true;
}

async function rollUpAgain(client: pg.PoolClient, hour: string): Promise<true> {
  await client.query("delete from execution_rollup_changes where hour = $1", [hour]);
  await client.query("delete from execution_rollups where hour = $1", [hour]);
  await client.query(rollUpHour, [hour]);
  return true;
}

/** A day that is over and, as its hours have changed, not there. @returns whether there was one. */
async function rollUpNextDay(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ day: string }>(
    `select day::text as day from generate_series(
       (select date_trunc('day', min(hour), 'UTC') from execution_rollups),
       (select value::timestamptz - interval '24 hours' from settings where key = 'rolled_up_until'),
       interval '24 hours') as days(day)
     where not exists (select from execution_day_rollups d where d.day = days.day)
       and exists (select from execution_rollups where hour >= days.day and hour < days.day + interval '24 hours')
     limit 1`,
  );
  const next = rows[0];
  if (next === undefined) return false;
  await client.query(rollUpDay, [next.day]);
  return true;
}
