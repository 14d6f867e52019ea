import type pg from "pg";
import type { TaskLossPolicy } from "../../asl/index.ts";
import { taskKeysText, type TaskKey } from "./release-tasks.ts";

/** A task that is not offered again although its worker is lost. */
export interface LostTask extends TaskKey {
  readonly policy: TaskLossPolicy;
  readonly heartbeatDetails: string | null;
}

/**
 * What is to become of task `t` now that its worker is lost, by the policy of its machine; null: it is
 * offered again. `epoch` counts the deliveries. A child of a Map Run has the machine of the run.
 */
export const lossPolicy = `(
  select m.on_task_lost from executions e join state_machines m on m.name = split_part(e.state_machine_name, '/', 1)
  where e.id = t.execution_id and t.epoch >= coalesce(m.max_task_deliveries, 1)
    and not (m.on_task_lost = 'PAUSE' and e.pause is not null))`;

/** Those of the delivered tasks that are not to be offered again; none that its worker has brought to another session. */
export async function lostTasks(
  sql: pg.Pool,
  tasks: readonly TaskKey[],
): Promise<readonly LostTask[]> {
  const { rows } = await sql.query<LostTask>({
    name: "lost-tasks",
    text,
    values: [taskKeysText(tasks)],
  });
  return rows;
}

const text = `
select * from (
  select t.execution_id as "executionId", t.task_id as "taskId", t.epoch, t.session_id as "sessionId",
    t.heartbeat_details as "heartbeatDetails", ${lossPolicy} as policy
  from json_to_recordset($1::json) as k("executionId" uuid, "taskId" int, epoch int, "sessionId" uuid)
  join tasks t on t.execution_id = k."executionId" and t.task_id = k."taskId" and t.epoch = k.epoch
    and t.session_id = k."sessionId"
) lost where policy is not null`;
