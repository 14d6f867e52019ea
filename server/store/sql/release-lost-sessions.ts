import type pg from "pg";

/**
 * Releases the tasks of sessions that will not come back: closed for longer than the grace, or on a
 * server without a heartbeat for longer than that. On a dead server a session whose worker has come back
 * elsewhere needs no grace: what the worker holds it has named there, and the rest never reached it (one that polls names nothing). Their rows are kept for a while: a commit that was
 * long under way may still name them.
 *
 * @param serverId the server that asks. It is alive, whatever its heartbeat's row says.
 * @returns the queues that have something ready now.
 */
export async function releaseLostSessions(
  sql: pg.Pool,
  serverId: string,
  { graceMs, serverStaleMs }: { readonly graceMs: number; readonly serverStaleMs: number },
): Promise<readonly string[]> {
  const { rows } = await sql.query<{ queue: string }>({
    name: "release-lost-sessions",
    text,
    values: [graceMs, serverStaleMs, serverId],
  });
  return rows.map(({ queue }) => queue);
}

const text = `
with lost as (
  select s.id from sessions s
  where s.closed_at < clock_timestamp() - $1 * interval '1 ms'
    or (s.closed_at is null and s.server_id <> $3 and not exists (
      select 1 from servers v where v.id = s.server_id
      and v.heartbeat_at > clock_timestamp() - ($1 + $2::float8) * interval '1 ms'))
    or (s.closed_at is null and s.server_id <> $3 and not exists (
      select 1 from servers v where v.id = s.server_id
      and v.heartbeat_at > clock_timestamp() - $2::float8 * interval '1 ms')
      and exists (select 1 from sessions n where n.worker_id = s.worker_id
        and n.connected_at > s.connected_at and n.closed_at is null)
      and s.facts -> 'isPolling' is null)
), closed as (
  update sessions s set closed_at = clock_timestamp() from lost where s.id = lost.id and s.closed_at is null
), forgotten as (
  delete from sessions where closed_at < clock_timestamp() - interval '5 minutes'
), released as (
  update tasks t set session_id = null, due_at = timeout_at
  from lost where t.session_id = lost.id
  returning t.queue
)
select distinct queue from released`;
