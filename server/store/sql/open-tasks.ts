import type pg from "pg";
import { taskKeysText, type TaskKey } from "./release-tasks.ts";

/** Those of the tasks that are still open, each with its latest delivery. */
export async function openTasks(
  sql: pg.Pool,
  tasks: readonly TaskKey[],
): Promise<readonly TaskKey[]> {
  const { rows } = await sql.query<TaskKey>({
    name: "open-tasks",
    text: `
select t.execution_id as "executionId", t.task_id as "taskId", t.epoch
from json_to_recordset($1::json) as k("executionId" uuid, "taskId" int)
join tasks t on t.execution_id = k."executionId" and t.task_id = k."taskId"`,
    values: [taskKeysText(tasks)],
  });
  return rows;
}
