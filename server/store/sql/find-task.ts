import type pg from "pg";

/** What a task's row says of it and its latest delivery. */
export interface OpenTask {
  readonly input: string;
  readonly epoch: number;
  readonly heartbeatSeconds: number | null;
  readonly heartbeatDetails: string | null;
}

/** Undefined when the task is closed. */
export async function findTask(
  sql: pg.Pool,
  executionId: string,
  taskId: number,
): Promise<OpenTask | undefined> {
  const { rows } = await sql.query<OpenTask>({
    name: "find-task",
    text: `
select input, epoch, heartbeat_seconds as "heartbeatSeconds", heartbeat_details as "heartbeatDetails"
from tasks where execution_id = $1 and task_id = $2`,
    values: [executionId, taskId],
  });
  return rows[0];
}
