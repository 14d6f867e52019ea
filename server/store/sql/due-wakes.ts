import type pg from "pg";
import { begunAt } from "./begun-at.ts";
import { isFreeFor } from "./servers.ts";

/** Something whose time has come, by the database's clock. */
export interface DueWake {
  readonly kind: "Timer" | "Task" | "Deadline";
  readonly executionId: string;
  /** timer_id or task_id; 0 for a deadline. */
  readonly id: number;
  /** Of a task: whether its TimeoutSeconds has passed (else a missed heartbeat). */
  readonly isTimeout: boolean;
  readonly epoch: number;
  /** Of a task. */
  readonly heartbeatDetails: string | null;
  /** Of a deadline: when the attempt began whose deadline it is. */
  readonly begunAtMs: number | null;
  /** The database's clock. */
  readonly nowMs: number;
}

/**
 * Due timers, tasks and execution deadlines of executions that are this server's to turn: its own,
 * or owned by a server that is gone. Nothing is claimed: the turn's `rev` decides who wins.
 */
export async function dueWakes(
  sql: pg.Pool,
  serverId: string,
  limit: number,
): Promise<readonly DueWake[]> {
  const { rows } = await sql.query<DueWake>({
    name: "due-wakes",
    text: dueText,
    values: [serverId, limit],
  });
  return rows;
}

const mine = isFreeFor("$1", "e.owner");

const now = "(extract(epoch from clock_timestamp()) * 1000)::float8";

const dueText = `
(select 'Timer' as kind, w.execution_id as "executionId", w.timer_id as id, false as "isTimeout", 0 as epoch,
   null as "heartbeatDetails", null::float8 as "begunAtMs", ${now} as "nowMs"
 from timers w join executions e on e.id = w.execution_id
 where w.due_at <= clock_timestamp() and ${mine} order by w.due_at limit $2)
union all
(select 'Task', w.execution_id, w.task_id, coalesce(w.timeout_at <= clock_timestamp(), false), w.epoch,
   w.heartbeat_details, null, ${now}
 from tasks w join executions e on e.id = w.execution_id
 where w.due_at <= clock_timestamp() and ${mine} order by w.due_at limit $2)
union all
(select 'Deadline', e.id, 0, true, 0, null, ${begunAt}, ${now} from executions e
 where e.deadline_at <= clock_timestamp() and e.status = 'RUNNING' and ${mine} order by e.deadline_at limit $2)`;

/** Milliseconds until the next thing is due (negative: overdue), or undefined when nothing is. */
export async function nextDueInMs(sql: pg.Pool): Promise<number | undefined> {
  const { rows } = await sql.query<{ ms: number | null }>({ name: "next-due", text: nextText });
  return rows[0]?.ms ?? undefined;
}

const nextText = `
select (extract(epoch from least(
  (select min(due_at) from timers),
  (select min(due_at) from tasks where due_at is not null),
  (select min(deadline_at) from executions where deadline_at is not null)
) - clock_timestamp()) * 1000)::float8 as ms`;
