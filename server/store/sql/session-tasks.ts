import type pg from "pg";
import type { TaskKey } from "./release-tasks.ts";

/** Open tasks that the rows say these sessions hold. */
export async function sessionTasks(
  sql: pg.Pool,
  sessionIds: readonly string[],
): Promise<readonly TaskKey[]> {
  const { rows } = await sql.query<TaskKey>({
    name: "session-tasks",
    text: `select execution_id as "executionId", task_id as "taskId", epoch from tasks where session_id = any($1::uuid[])`,
    values: [sessionIds],
  });
  return rows;
}

/** Queues with ready rows, for workers that register prefixes and for what a hint missed. */
export async function readyQueues(sql: pg.Pool): Promise<readonly string[]> {
  const { rows } = await sql.query<{ queue: string }>({
    name: "ready-queues",
    text: `
with recursive q as (
  (select queue from tasks where session_id is null and not awaits_callback and not is_held order by queue limit 1)
  union all
  select (select t.queue from tasks t where t.session_id is null and not t.awaits_callback and not t.is_held and t.queue > q.queue order by t.queue limit 1) from q where q.queue is not null
)
select queue from q where queue is not null`,
  });
  return rows.map(({ queue }) => queue);
}
