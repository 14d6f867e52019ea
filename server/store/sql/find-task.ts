import type pg from "pg";

/** The open task's input and delivery, or undefined when it is closed. */
export async function findTask(
  sql: pg.Pool,
  executionId: string,
  taskId: number,
): Promise<
  | { readonly input: string; readonly epoch: number; readonly heartbeatSeconds: number | null }
  | undefined
> {
  const { rows } = await sql.query<{
    input: string;
    epoch: number;
    heartbeatSeconds: number | null;
  }>({
    name: "find-task",
    text: `select input, epoch, heartbeat_seconds as "heartbeatSeconds" from tasks where execution_id = $1 and task_id = $2`,
    values: [executionId, taskId],
  });
  return rows[0];
}
