import type pg from "pg";
import type { TaskKey } from "./release-tasks.ts";

/** Epoch 0 is that of no delivery: a beat under the task's own token. */
export interface TaskBeat extends TaskKey {
  /** How long ago the beat arrived, so that a late flush does not lengthen the lease. */
  readonly agoMs: number;
  readonly details?: string;
}

/** Moves the heartbeat deadline of tasks on; many at once. Returns the beats that still concerned an open delivery. */
export async function beatTasks(
  sql: pg.Pool,
  beats: readonly TaskBeat[],
): Promise<readonly TaskKey[]> {
  const { rows } = await sql.query<TaskKey>({
    name: "beat-tasks",
    text,
    values: [JSON.stringify(beats)],
  });
  return rows;
}

const text = `
update tasks t set
  due_at = case when t.heartbeat_seconds is null then t.timeout_at
    else least(t.timeout_at, clock_timestamp() + t.heartbeat_seconds * interval '1 s' - b."agoMs" * interval '1 ms') end,
  heartbeat_details = coalesce(b.details, t.heartbeat_details)
from json_to_recordset($1::json) as b("executionId" uuid, "taskId" int, epoch int, "agoMs" float8, details text)
where t.execution_id = b."executionId" and t.task_id = b."taskId" and b.epoch in (t.epoch, 0)
returning t.execution_id as "executionId", t.task_id as "taskId", t.epoch`;
