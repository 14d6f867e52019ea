import type pg from "pg";
import { lossPolicy, type LostTask } from "./lost-tasks.ts";
import { isPaused } from "./release-tasks.ts";

/** What was found in the sessions that are lost. */
export interface LostSessions {
  /** They have something ready now. */
  readonly queues: readonly string[];
  /** They stay with their lost session until a turn has taken account of it. */
  readonly lost: readonly LostTask[];
}

/**
 * Releases the tasks of sessions that will not come back: closed for longer than the grace, or on a
 * server that is gone. There, a session whose worker has come back elsewhere needs no grace: what the
 * worker holds it has named there, and the rest never reached it (one that polls names nothing). Nor
 * does that of the server's own worker, which has gone with it. The grace of all others begins when
 * their server is found gone. Rows are kept for a while: a commit that was long under way may still
 * name them.
 *
 * A task that may have reached its worker is lost with it, if its machine has a policy for that; it is not released then.
 *
 * @param serverId the server that asks. It is there, whatever the others have found.
 */
export async function releaseLostSessions(
  sql: pg.Pool,
  serverId: string,
  graceMs: number,
): Promise<LostSessions> {
  const { rows } = await sql.query<LostSessions>({
    name: "release-lost-sessions",
    text,
    values: [graceMs, serverId],
  });
  return rows[0]!;
}

const text = `
with orphans as (
  select s.* from sessions s
  where s.server_id <> $2 and not exists (select from servers v where v.id = s.server_id)
), over as (
  select s.id from sessions s where s.closed_at < clock_timestamp() - $1 * interval '1 ms'
), graceless as (
  select s.id from orphans s
  where s.facts -> 'isNative' is not null
    or (s.facts -> 'isPolling' is null and exists (select from sessions n
      where n.worker_id = s.worker_id and n.connected_at > s.connected_at and n.closed_at is null))
), closed as (
  update sessions s set closed_at = clock_timestamp() from orphans o where s.id = o.id and s.closed_at is null
), forgotten as (
  delete from sessions s where closed_at < clock_timestamp() - interval '5 minutes'
    and not exists (select from tasks t where t.session_id = s.id)
), lost as (
  select t.execution_id, t.task_id, t.epoch, t.session_id, t.heartbeat_details, ${lossPolicy} as policy
  from over join sessions s on s.id = over.id and s.facts -> 'isNative' is null
  join tasks t on t.session_id = s.id
  where not exists (select from graceless where graceless.id = s.id)
), released as (
  update tasks t set session_id = null, due_at = timeout_at, is_held = ${isPaused}
  where t.session_id in (select id from over union all select id from graceless)
    and not exists (select from lost where lost.policy is not null
      and lost.execution_id = t.execution_id and lost.task_id = t.task_id)
  returning t.queue
)
select coalesce((select json_agg(distinct queue) from released), '[]') as queues,
  coalesce((select json_agg(json_build_object('executionId', execution_id, 'taskId', task_id, 'epoch', epoch, 'sessionId', session_id,
      'heartbeatDetails', heartbeat_details, 'policy', policy))
    from lost where policy is not null), '[]') as lost`;
