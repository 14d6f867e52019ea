import type pg from "pg";

export interface TaskKey {
  readonly executionId: string;
  readonly taskId: number;
  readonly epoch: number;
  /** The session it is taken from; absent: whichever has it. A worker may have brought it to another one. */
  readonly sessionId?: string;
}

/**
 * Makes delivered tasks ready again, unless they have been delivered anew since (the epoch tells).
 * The next claim raises the epoch, so the old delivery's outcome is refused from then on.
 *
 * @returns the queues that have something ready now.
 */
export async function releaseTasks(
  sql: pg.Pool,
  tasks: readonly TaskKey[],
): Promise<readonly string[]> {
  const { rows } = await sql.query<{ queue: string }>({
    name: "release-tasks",
    text,
    values: [taskKeysText(tasks)],
  });
  return rows.map(({ queue }) => queue);
}

/** Whether the execution of task `t` is paused, so that nobody is given the task. */
export const isPaused =
  "exists (select from executions e where e.id = t.execution_id and e.pause is not null)";

const text = `
with released as (
  update tasks t set session_id = null, due_at = timeout_at, is_held = ${isPaused}
  from json_to_recordset($1::json) as k("executionId" uuid, "taskId" int, epoch int, "sessionId" uuid)
  where t.execution_id = k."executionId" and t.task_id = k."taskId" and t.epoch = k.epoch
    and t.session_id is not null and (k."sessionId" is null or t.session_id = k."sessionId")
  returning t.queue
)
select distinct queue from released`;

/** The keys alone: what is given may be more than a key. */
export function taskKeysText(tasks: readonly TaskKey[]): string {
  return JSON.stringify(
    tasks.map(({ executionId, taskId, epoch, sessionId }) => ({
      executionId,
      taskId,
      epoch,
      sessionId,
    })),
  );
}
