import type pg from "pg";

/** An execution as its rows have it, for restoring the aggregate. Times in milliseconds since the epoch. */
export interface LoadedExecution {
  readonly id: string;
  readonly stateMachineId: string;
  readonly stateMachineName: string;
  readonly revisionId: string;
  readonly name: string;
  readonly status: string;
  readonly rev: number;
  readonly owner: string | null;
  readonly nextEventId: number;
  readonly nextScopeId: number;
  readonly facts: string;
  readonly input: string;
  readonly state: string | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly trace: string | null;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number | null;
  readonly deadlineAtMs: number | null;
  /** JSON of Redrives; null: never redriven. */
  readonly redrive: string | null;
  /** JSON of Pause; null: it is not paused. */
  readonly pause: string | null;
  /** Null: its state machine is gone. */
  readonly stateMachineStatus: string | null;
  /** While it runs: no later event may be earlier, whichever server writes it. */
  readonly lastEventTimeMs: number | null;
  /** While it runs, or when asked for. */
  readonly scopes: readonly { readonly id: number; readonly state: string }[];
  readonly tasks: readonly LoadedTask[];
  readonly timers: readonly { readonly id: number; readonly dueMs: number }[];
  readonly inbox: readonly { readonly id: string; readonly event: string }[];
}

export interface LoadedTask {
  readonly id: number;
  readonly queue: string;
  readonly epoch: number;
  readonly session: string | null;
  readonly awaitsCallback: boolean;
}

/**
 * One execution with everything that belongs to it, or undefined. One statement: one snapshot.
 *
 * @param options.forRedrive with the scopes that a closed one has left.
 */
export async function loadExecution(
  sql: pg.Pool,
  executionId: string,
  { forRedrive = false } = {},
): Promise<LoadedExecution | undefined> {
  const { rows } = await sql.query<LoadedExecution>({
    name: "load-execution",
    text,
    values: [executionId, forRedrive],
  });
  return rows[0];
}

const text = `
select id, state_machine_id as "stateMachineId", state_machine_name as "stateMachineName",
  revision_id as "revisionId", name, status, rev, owner,
  next_event_id as "nextEventId", next_scope_id as "nextScopeId", facts, input, state, output, error, cause,
  labels, trace, redrive, pause,
  (select m.status from state_machines m where m.id = e.state_machine_id) as "stateMachineStatus",
  (extract(epoch from started_at) * 1000)::float8 as "startedAtMs",
  (extract(epoch from stopped_at) * 1000)::float8 as "stoppedAtMs",
  (extract(epoch from deadline_at) * 1000)::float8 as "deadlineAtMs",
  case when status = 'RUNNING' then (
    select (h.events::json -> -1 ->> 'timestampMs')::float8 from history h
    where h.execution_id = e.id order by h.first_event_id desc limit 1) end as "lastEventTimeMs",
  case when status = 'RUNNING' or $2 then (
    select coalesce(json_agg(json_build_object('id', scope_id, 'state', s.state) order by scope_id), '[]')
    from scopes s where s.execution_id = e.id) else '[]' end as scopes,
  case when status = 'RUNNING' then (
    select coalesce(json_agg(json_build_object('id', task_id, 'queue', queue, 'epoch', epoch, 'session', session_id, 'awaitsCallback', awaits_callback)), '[]')
    from tasks t where t.execution_id = e.id) else '[]' end as tasks,
  case when status = 'RUNNING' then (
    select coalesce(json_agg(json_build_object('id', timer_id, 'dueMs', extract(epoch from due_at) * 1000)), '[]')
    from timers t where t.execution_id = e.id) else '[]' end as timers,
  (select coalesce(json_agg(json_build_object('id', i.id, 'event', i.event) order by i.created_at), '[]')
    from inbox i where i.execution_id = e.id) as inbox
from executions e where id = $1`;
