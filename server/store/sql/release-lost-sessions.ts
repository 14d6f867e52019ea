import type pg from "pg";

/**
 * Releases the tasks of sessions that will not come back: closed, or on a server without a
 * heartbeat, for longer than the grace. Forgets those sessions.
 *
 * @returns the queues that have something ready now.
 */
export async function releaseLostSessions(
  sql: pg.Pool,
  graceMs: number,
  serverStaleMs: number,
): Promise<readonly string[]> {
  const { rows } = await sql.query<{ queue: string }>({
    name: "release-lost-sessions",
    text,
    values: [graceMs, serverStaleMs],
  });
  return rows.map(({ queue }) => queue);
}

const text = `
with lost as (
  delete from sessions s
  where s.closed_at < clock_timestamp() - $1 * interval '1 ms'
    or (s.closed_at is null and not exists (
      select 1 from servers v where v.id = s.server_id
      and v.heartbeat_at > clock_timestamp() - ($1 + $2::float8) * interval '1 ms'))
  returning s.id
), released as (
  update tasks t set session_id = null, due_at = timeout_at
  from lost where t.session_id = lost.id
  returning t.queue
)
select distinct queue from released`;
