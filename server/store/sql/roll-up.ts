import type pg from "pg";

/** Durations are counted in bins that grow by a twentieth of e: 5 % wide, so what is told of one is within 2.6 %. */
export const binOf = (ms: string): string =>
  `case when ${ms} is not null then floor(ln(greatest(${ms}, 1)) * 20)::smallint end`;

/** The middle of a bin, milliseconds. */
export function binMiddleMs(bin: number): number {
  return Math.exp((bin + 0.5) / 20);
}

/** Rows of execution_rollups for the executions started in the hour that begins at $1. */
const rollUp = `
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

/**
 * Rolls up an hour that is over, and one that has changed since it was. One server at a time; what
 * changes meanwhile is found the next time.
 *
 * @returns whether there is more to do.
 */
export async function rollUpHours(sql: pg.Pool): Promise<boolean> {
  const client = await sql.connect();
  try {
    await client.query("begin");
    const more = (await isMine(client)) && (await rolledUp(client));
    await client.query("commit");
    return more;
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

async function rolledUp(client: pg.PoolClient): Promise<boolean> {
  // Ten minutes after its end: whoever started something in it has committed.
  const { rows: next } = await client.query<{ hour: string }>(
    `select hour::text as hour from (
       select coalesce((select value::timestamptz from settings where key = 'rolled_up_until'),
         (select date_trunc('hour', min(started_at), 'UTC') from executions)) as hour) h
     where hour < date_trunc('hour', clock_timestamp() - interval '10 minutes', 'UTC')`,
  );
  const { rows: changed } = await client.query<{ hour: string }>(
    `select hour::text as hour from execution_rollup_changes
     where hour < (select value::timestamptz from settings where key = 'rolled_up_until') limit 1`,
  );
  for (const { hour } of changed) {
    await client.query("delete from execution_rollup_changes where hour = $1", [hour]);
    await client.query("delete from execution_rollups where hour = $1", [hour]);
  }
  for (const { hour } of [...next, ...changed]) await client.query(rollUp, [hour]);
  for (const { hour } of next)
    await client.query(
      `insert into settings (key, value) values ('rolled_up_until', ($1::timestamptz + interval '1 hour')::text)
       on conflict (key) do update set value = excluded.value`,
      [hour],
    );
  return next.length + changed.length > 0;
}
