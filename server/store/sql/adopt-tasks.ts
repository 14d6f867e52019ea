import type pg from "pg";
import { taskKeysText, type TaskKey } from "./release-tasks.ts";

/** What became of a task that a worker says it still holds. */
export interface AdoptedTask extends TaskKey {
  readonly queue: string;
  readonly heartbeatSeconds: number | null;
  readonly heartbeatDetails: string | null;
  /** False: delivered to someone else since, or its worker's part is done. */
  readonly isOurs: boolean;
}

/**
 * Moves tasks that a worker still runs to its new session, where no newer delivery was made.
 * Tasks that are no longer open are missing in the answer.
 */
export async function adoptTasks(
  sql: pg.Pool,
  sessionId: string,
  tasks: readonly TaskKey[],
): Promise<readonly AdoptedTask[]> {
  const { rows } = await sql.query<AdoptedTask>({
    name: "adopt-tasks",
    text,
    values: [taskKeysText(tasks), sessionId],
  });
  return rows;
}

const text = `
with held as (
  select * from json_to_recordset($1::json) as k("executionId" uuid, "taskId" int, epoch int)
), adopted as (
  update tasks t set session_id = $2,
    due_at = least(t.timeout_at, clock_timestamp() + t.heartbeat_seconds * interval '1 s')
  from held where t.execution_id = held."executionId" and t.task_id = held."taskId" and t.epoch = held.epoch
    and not t.awaits_callback
  returning t.execution_id, t.task_id
)
select held."executionId", held."taskId", t.epoch, t.queue, t.heartbeat_seconds as "heartbeatSeconds",
  t.heartbeat_details as "heartbeatDetails", a.task_id is not null as "isOurs"
from held
join tasks t on t.execution_id = held."executionId" and t.task_id = held."taskId"
left join adopted a on a.execution_id = held."executionId" and a.task_id = held."taskId"`;
