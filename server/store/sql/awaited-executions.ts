/** Executions that a `.sync` task waits for. Kept so that none goes on when its task is withdrawn by a server that dies. */
import type pg from "pg";
import { begunAt, type ExecutionAttempt } from "./begun-at.ts";

/** Before anybody relies on it. The same again changes nothing. */
export async function noteAwaited(
  sql: pg.Pool,
  id: string,
  { executionId, taskId }: { readonly executionId: string; readonly taskId: number },
): Promise<void> {
  await sql.query({
    name: "note-awaited",
    text: "insert into awaited_executions (id, execution_id, task_id) values ($1, $2, $3) on conflict (id) do nothing",
    values: [id, executionId, taskId],
  });
}

/** Some of those that go on and whose task is gone; empty: there are none. */
export async function abandonedExecutions(sql: pg.Pool): Promise<readonly ExecutionAttempt[]> {
  const { rows } = await sql.query<ExecutionAttempt>({
    name: "abandoned-executions",
    text: `select a.id, ${begunAt} as "begunAtMs" from awaited_executions a join executions e on e.id = a.id and e.status = 'RUNNING'
      where not exists (
        select from tasks t where t.execution_id = a.execution_id and t.task_id = a.task_id)
      limit 500`,
  });
  return rows;
}

export async function forgetClosedAwaited(sql: pg.Pool): Promise<void> {
  await sql.query({
    name: "forget-closed-awaited",
    text: `delete from awaited_executions a using executions e where e.id = a.id and e.status <> 'RUNNING'`,
  });
}
