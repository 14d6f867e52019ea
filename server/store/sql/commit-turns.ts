/**
 * Commits many turns in one statement: the group commit.
 *
 * One statement is one implicit transaction and one round trip. Each execution in it stands for
 * itself: `rev` guards its update (a turn computed from a stale cache changes nothing), a start is
 * guarded by the primary key and by its machine's present revision, and every other row is written
 * only for executions that passed (`done`). What is returned is what was committed.
 *
 * Sections that a batch does not need are left out of the text; each combination is prepared once.
 * One JSON document a section: within 5 % of `unnest` of typed arrays and cheaper to encode here.
 */
import type { TurnWrites } from "../turn-writes.ts";

export interface CommitStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly string[];
}

type Cell = string | number | boolean | object | null | undefined;
type Rows = readonly Record<string, Cell>[];

/** @param serverId becomes the owner of every execution in the batch. */
export function commitTurnsStatement(
  batch: readonly TurnWrites[],
  serverId: string,
): CommitStatement {
  const present = sections
    .map((section) => ({ section, rows: section.rows(batch) }))
    .filter(({ rows }) => rows.length > 0);
  const key = present.map(({ section }) => section.key).join("");
  let text = texts.get(key);
  if (text === undefined) {
    text = commitText(present.map(({ section }) => section));
    texts.set(key, text);
  }
  return {
    name: `commit-turns-${key}`,
    text,
    values: [serverId, ...present.map(({ rows }) => JSON.stringify(rows))],
  };
}

const texts = new Map<string, string>();

interface Section {
  /** One letter; its place in the statement's name. */
  readonly key: string;
  readonly rows: (batch: readonly TurnWrites[]) => Rows;
  /** @param p the parameter that holds the section's rows. */
  readonly sql: (p: string) => string;
}

function commitText(present: readonly Section[]): string {
  const keys = new Set(present.map(({ key }) => key));
  const parts = present
    .filter(({ key }) => key === "t" || key === "s")
    .map((section) => section.sql(`$${present.indexOf(section) + 2}::json`));
  const done = [
    keys.has("t") && "select id from updated",
    keys.has("s") && "select id from started",
  ].filter(Boolean);
  parts.push(`done as (${done.join(" union all ")})`);
  for (const [index, section] of present.entries()) {
    if (section.key !== "t" && section.key !== "s") parts.push(section.sql(`$${index + 2}::json`));
  }
  return `with server as (select $1::uuid as id),
${parts.join(",\n")}
select id, extract(epoch from clock_timestamp()) * 1000 as "nowMs" from done`;
}

/**
 * Whether an execution of the batch was committed. Not a join: the planner takes `done` for one row
 * and would compare every row with every other; a subquery it can not pull up is hashed.
 */
function isDone(id: string): string {
  return `coalesce(${id} in (select id from done), false)`;
}

const sections: readonly Section[] = [
  {
    key: "t",
    rows: (batch) => batch.flatMap((w) => (w.start === undefined ? [turnRow(w)] : [])),
    sql: (p) => `turn as materialized (
  select * from json_to_recordset(${p}) as t(
    id uuid, rev int, status text, next_event int, next_scope int, state text, keep bool,
    output text, error text, cause text, stopped_ms float8, first int, last int, events text)
), updated as (
  update executions e
  set rev = e.rev + 1, owner = (select id from server), status = t.status,
      next_event_id = t.next_event, next_scope_id = t.next_scope,
      state = case when t.keep then e.state else t.state end,
      output = t.output, error = t.error, cause = t.cause,
      stopped_at = to_timestamp(t.stopped_ms / 1000),
      deadline_at = case when t.status = 'RUNNING' then e.deadline_at end
  from turn t
  where e.id = t.id and e.rev = t.rev and e.status = 'RUNNING'
  returning e.id, t.first, t.last, t.events
), turn_history as (
  insert into history (execution_id, first_event_id, last_event_id, events)
  select id, first, last, events from updated where events is not null
)`,
  },
  {
    key: "s",
    rows: (batch) => batch.flatMap((w) => (w.start === undefined ? [] : [startRow(w)])),
    sql: (p) => `start as materialized (
  select * from json_to_recordset(${p}) as s(
    id uuid, machine uuid, machine_name text, revision uuid, name text, facts text, input text, labels jsonb, trace text,
    started_ms float8, deadline_ms float8, status text, next_event int, next_scope int, state text,
    output text, error text, cause text, stopped_ms float8, first int, last int, events text)
), started as (
  insert into executions (id, state_machine_id, state_machine_name, revision_id, name, status, rev, owner,
    next_event_id, next_scope_id, facts, input, state, output, error, cause, labels, trace,
    started_at, stopped_at, deadline_at)
  select s.id, s.machine, s.machine_name, s.revision, s.name, s.status, 1, (select id from server),
    s.next_event, s.next_scope, s.facts, s.input, s.state, s.output, s.error, s.cause, s.labels, s.trace,
    to_timestamp(s.started_ms / 1000), to_timestamp(s.stopped_ms / 1000), to_timestamp(s.deadline_ms / 1000)
  from start s
  join state_machines m on m.id = s.machine and m.revision_id = s.revision and m.status = 'ACTIVE'
  on conflict (id) do nothing
  returning id
), start_history as (
  insert into history (execution_id, first_event_id, last_event_id, events)
  select s.id, s.first, s.last, s.events from start s where coalesce(s.id in (select id from started), false)
)`,
  },
  {
    key: "k",
    rows: (batch) =>
      batch.flatMap((w) =>
        w.newTasks.map((task) => ({
          id: w.executionId,
          task: task.taskId,
          scope: task.scopeId,
          queue: task.queue,
          resource: task.resource,
          input: task.input,
          facts: task.facts,
          session: task.sessionId,
          scheduled_ms: task.scheduledAtMs,
          timeout_ms: task.timeoutAtMs,
          heartbeat: task.heartbeatSeconds,
        })),
      ),
    sql: (p) => `new_tasks as (
  insert into tasks (execution_id, task_id, scope_id, queue, resource, input, facts, epoch, session_id,
    scheduled_at, timeout_at, heartbeat_seconds, due_at)
  select k.id, k.task, k.scope, k.queue, k.resource, k.input, k.facts, case when k.session is null then 0 else 1 end, k.session,
    to_timestamp(k.scheduled_ms / 1000), to_timestamp(k.timeout_ms / 1000), k.heartbeat, to_timestamp(k.timeout_ms / 1000)
  from json_to_recordset(${p}) as k(id uuid, task int, scope int, queue text, resource text, input text, facts text,
    session uuid, scheduled_ms float8, timeout_ms float8, heartbeat int)
  where ${isDone("k.id")}
)`,
  },
  goneSection("g", "tasks", "task_id", (w) => w.goneTasks),
  {
    key: "m",
    rows: (batch) =>
      batch.flatMap((w) =>
        w.newTimers.map((timer) => ({
          id: w.executionId,
          timer: timer.timerId,
          scope: timer.scopeId,
          due_ms: timer.dueAtMs,
        })),
      ),
    sql: (p) => `new_timers as (
  insert into timers (execution_id, timer_id, scope_id, due_at)
  select m.id, m.timer, m.scope, to_timestamp(m.due_ms / 1000)
  from json_to_recordset(${p}) as m(id uuid, timer int, scope int, due_ms float8)
  where ${isDone("m.id")}
  on conflict (execution_id, timer_id) do update set due_at = excluded.due_at
)`,
  },
  goneSection("n", "timers", "timer_id", (w) => w.goneTimers),
  {
    key: "c",
    rows: (batch) =>
      batch.flatMap((w) =>
        w.scopes.map((scope) => ({ id: w.executionId, scope: scope.scopeId, state: scope.state })),
      ),
    sql: (p) => `changed_scopes as (
  insert into scopes (execution_id, scope_id, state)
  select c.id, c.scope, c.state from json_to_recordset(${p}) as c(id uuid, scope int, state text)
  where ${isDone("c.id")}
  on conflict (execution_id, scope_id) do update set state = excluded.state
)`,
  },
  goneSection("d", "scopes", "scope_id", (w) => w.goneScopes),
  {
    key: "i",
    rows: (batch) =>
      batch.flatMap((w) => w.goneInbox.map((id) => ({ id: w.executionId, gone: id }))),
    sql: (p) => `gone_inbox as (
  delete from inbox using json_to_recordset(${p}) as i(id uuid, gone uuid)
  where inbox.execution_id = i.id and inbox.id = i.gone and ${isDone("i.id")}
)`,
  },
];

function goneSection(
  key: string,
  table: string,
  column: string,
  ids: (w: TurnWrites) => readonly number[],
): Section {
  return {
    key,
    rows: (batch) => batch.flatMap((w) => ids(w).map((gone) => ({ id: w.executionId, gone }))),
    sql: (p) => `gone_${table} as (
  delete from ${table} using json_to_recordset(${p}) as ${key}(id uuid, gone int)
  where ${table}.execution_id = ${key}.id and ${table}.${column} = ${key}.gone and ${isDone(`${key}.id`)}
)`,
  };
}

function turnRow(w: TurnWrites): Record<string, Cell> {
  return { id: w.executionId, rev: w.expectedRev, keep: w.state === undefined, ...resultRow(w) };
}

function startRow(w: TurnWrites): Record<string, Cell> {
  const start = w.start!;
  return {
    id: w.executionId,
    machine: start.stateMachineId,
    machine_name: start.stateMachineName,
    revision: start.revisionId,
    name: start.name,
    facts: start.facts,
    input: start.input,
    labels: start.labels,
    trace: start.trace,
    started_ms: start.startedAtMs,
    deadline_ms: start.deadlineAtMs,
    ...resultRow(w),
  };
}

function resultRow(w: TurnWrites): Record<string, Cell> {
  return {
    status: w.status,
    next_event: w.nextEventId,
    next_scope: w.nextScopeId,
    state: w.state ?? null,
    output: w.output,
    error: w.error,
    cause: w.cause,
    stopped_ms: w.stoppedAtMs,
    first: w.history?.firstEventId,
    last: w.history?.lastEventId,
    events: w.history?.events,
  };
}
