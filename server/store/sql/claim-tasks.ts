import type pg from "pg";

/** A task claimed for a session: all that a delivery needs. */
export interface ClaimedTask {
  readonly executionId: string;
  readonly taskId: number;
  readonly queue: string;
  readonly resource: string;
  readonly input: string;
  readonly facts: string;
  readonly epoch: number;
  readonly sessionId: string;
  readonly scheduledAtMs: number;
  readonly timeoutAtMs: number | null;
  readonly heartbeatSeconds: number | null;
  readonly heartbeatDetails: string | null;
  readonly executionFacts: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly trace: string | null;
}

/**
 * Claims up to `sessionIds.length` ready tasks of a queue, oldest first, one for each session given.
 *
 * One statement: claim and lease can not come apart. Rows that another server is claiming are
 * skipped. The epoch grows, which fences whoever held the task before.
 */
export async function claimTasks(
  sql: pg.Pool,
  queue: string,
  sessionIds: readonly string[],
): Promise<readonly ClaimedTask[]> {
  const { rows } = await sql.query<ClaimedTask>({
    name: "claim-tasks",
    text,
    values: [queue, sessionIds],
  });
  return rows;
}

const text = `
with picked as (
  select execution_id, task_id from tasks
  where queue = $1 and session_id is null and not awaits_callback and not is_held
  order by scheduled_at
  limit array_length($2::uuid[], 1)
  for update skip locked
), paired as (
  select execution_id, task_id, ($2::uuid[])[row_number() over ()] as session_id from picked
), claimed as (
  update tasks t set session_id = p.session_id, epoch = t.epoch + 1
  from paired p
  where t.execution_id = p.execution_id and t.task_id = p.task_id
  returning t.*
)
select c.execution_id as "executionId", c.task_id as "taskId", c.queue, c.resource, c.input, c.facts, c.epoch,
  c.session_id as "sessionId", (extract(epoch from c.scheduled_at) * 1000)::float8 as "scheduledAtMs",
  (extract(epoch from c.timeout_at) * 1000)::float8 as "timeoutAtMs", c.heartbeat_seconds as "heartbeatSeconds",
  c.heartbeat_details as "heartbeatDetails", e.facts as "executionFacts", e.labels, e.trace
from claimed c join executions e on e.id = c.execution_id
order by c.scheduled_at`;
