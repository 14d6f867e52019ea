/** What a commit may consist of: each section writes one kind of row, and is left out where there is none. */
import type { StartWrite, TurnWrites } from "../turn-writes.ts";
import type { Cell, ElementType } from "./binary-array.ts";

type Row = readonly Cell[];

export interface Section {
  /** One letter: its place in the statement's name, and its alias in the text. */
  readonly key: string;
  /** Types by column name, in the order of a row's cells. */
  readonly columns: Readonly<Record<string, ElementType>>;
  readonly rows: (writes: TurnWrites) => readonly Row[];
  /** @param from the section's rows as a table expression, alias and columns included. */
  readonly sql: (from: string) => string;
}

/** The sections that write executions, and the names under which they say which ones they wrote. */
export const writers: Readonly<Record<string, string>> = {
  t: "updated",
  r: "redriven",
  s: "started",
  h: "begun",
  b: "chained",
  u: "paused",
};

/**
 * Whether an execution of the batch was committed. Not a join: the planner takes `done` for one row
 * and would compare every row with every other; a subquery it can not pull up is hashed.
 */
function isDone(id: string): string {
  return `coalesce(${id} in (select id from done), false)`;
}

/** What turns and starts both leave behind. */
const resultColumns = {
  status: "text",
  next_event: "int4",
  next_scope: "int4",
  state: "text",
  output: "text",
  error: "text",
  cause: "text",
  stopped_ms: "float8",
  first: "int4",
  last: "int4",
  events: "text",
} as const;

function resultCells(writes: TurnWrites): Row {
  const { status, nextEventId, nextScopeId, state, output, error, cause, stoppedAtMs } = writes;
  const { firstEventId, lastEventId, events } = writes.history ?? {};
  const result = [status, nextEventId, nextScopeId, state, output, error, cause, stoppedAtMs];
  return [...result, firstEventId, lastEventId, events];
}

/** What every turn of an execution sets. @param key of the section it is read from. */
function turnUpdate(key: string): string {
  return `rev = e.rev + 1, owner = (select id from server), status = ${key}.status,
      next_event_id = ${key}.next_event, next_scope_id = ${key}.next_scope,
      output = ${key}.output, error = ${key}.error, cause = ${key}.cause,
      stopped_at = to_timestamp(${key}.stopped_ms / 1000)`;
}

/** The turn's events, of the executions that `table` says were written. */
function turnHistory(table: string): string {
  return `${table}_history as (
  insert into history (execution_id, first_event_id, last_event_id, events)
  select id, first, last, events from ${table} where events is not null
)`;
}

export const sections: readonly Section[] = [
  {
    key: "t",
    columns: { id: "uuid", rev: "int4", keep: "bool", ...resultColumns },
    rows: (writes) => {
      const { start, redrive, input, pause } = writes;
      if ((start ?? redrive ?? input ?? pause) !== undefined) return [];
      const keepsState = writes.state === undefined;
      return [[writes.executionId, writes.expectedRev, keepsState, ...resultCells(writes)]];
    },
    sql: (from) => `updated as (
  update executions e
  set ${turnUpdate("t")},
      state = case when t.keep then e.state else t.state end,
      deadline_at = case when t.status = 'RUNNING' then e.deadline_at end
  from ${from}
  where e.id = t.id and e.rev = t.rev and e.status = 'RUNNING'
  returning e.id, t.first, t.last, t.events
), ${turnHistory("updated")}`,
  },
  {
    key: "r",
    columns: {
      id: "uuid",
      rev: "int4",
      redrive: "text",
      revision: "uuid",
      deadline_ms: "float8",
      ...resultColumns,
    },
    rows: ({ redrive, ...writes }) => {
      if (redrive === undefined) return [];
      const of = [writes.executionId, writes.expectedRev];
      const given = [redrive.redrive, redrive.revisionId, redrive.deadlineAtMs];
      return [[...of, ...given, ...resultCells(writes)]];
    },
    sql: (from) => `redriven as (
  update executions e
  set ${turnUpdate("r")},
      state = r.state, redrive = r.redrive, revision_id = r.revision,
      deadline_at = case when r.status = 'RUNNING' then to_timestamp(r.deadline_ms / 1000) end
  from ${from}
  where e.id = r.id and e.rev = r.rev and e.status in ('FAILED', 'TIMED_OUT', 'ABORTED')
    and (exists (select from state_machines m where m.id = e.state_machine_id and m.status = 'ACTIVE')
      or exists (select from map_runs m where m.id = e.state_machine_id and m.status = 'RUNNING'))
  returning e.id, r.first, r.last, r.events
), ${turnHistory("redriven")}`,
  },
  {
    key: "b",
    columns: { id: "uuid", rev: "int4", input: "text", deadline_ms: "float8", ...resultColumns },
    rows: ({ input: given, ...writes }) => {
      if (given === undefined) return [];
      const of = [writes.executionId, writes.expectedRev, given.input, given.deadlineAtMs];
      return [[...of, ...resultCells(writes)]];
    },
    sql: (from) => `chained as (
  update executions e
  set ${turnUpdate("b")},
      state = b.state, input = b.input,
      deadline_at = case when b.status = 'RUNNING' then to_timestamp(b.deadline_ms / 1000) end
  from ${from}
  where e.id = b.id and e.rev = b.rev and e.status = 'RUNNING'
  returning e.id, b.first, b.last, b.events
), ${turnHistory("chained")}`,
  },
  {
    key: "u",
    columns: { id: "uuid", rev: "int4", keep: "bool", pause: "text", ...resultColumns },
    rows: ({ pause: given, ...writes }) => {
      if (given === undefined) return [];
      const of = [writes.executionId, writes.expectedRev, writes.state === undefined, given.pause];
      return [[...of, ...resultCells(writes)]];
    },
    sql: (from) => `paused as (
  update executions e
  set ${turnUpdate("u")},
      state = case when u.keep then e.state else u.state end, pause = u.pause,
      deadline_at = case when u.status = 'RUNNING' then e.deadline_at end
  from ${from}
  where e.id = u.id and e.rev = u.rev and e.status = 'RUNNING'
  returning e.id, u.first, u.last, u.events
), ${turnHistory("paused")}`,
  },
  startSection("s", "started", {
    isGuarded: ({ isChild = false }) => !isChild,
    guard: `state_machines m on m.id = s.machine and m.status = 'ACTIVE'
    and case when s.routing is null then m.revision_id = s.revision else m.routing_id = s.routing end`,
  }),
  startSection("h", "begun", {
    isGuarded: ({ isChild = false }) => isChild,
    guard: "map_runs m on m.id = s.machine and m.status = 'RUNNING'",
  }),
  {
    key: "l",
    columns: {
      id: "uuid",
      machine_name: "text",
      source: "uuid",
      source_machine: "text",
      source_state: "text",
      transformer: "text",
      link_key: "uuid",
      is_unique: "bool",
      created_ms: "float8",
    },
    rows: ({ executionId, start }) => {
      if (start?.link === undefined) return [];
      const { sourceExecutionId, sourceStateMachineName, sourceState, transformer } = start.link;
      const { key, isUnique } = start.link;
      const source = [sourceExecutionId, sourceStateMachineName, sourceState, transformer];
      return [[executionId, start.stateMachineName, ...source, key, isUnique, start.startedAtMs]];
    },
    sql: (from) => `new_links as (
  insert into execution_links (target_execution_id, target_state_machine_name, source_execution_id,
    source_state_machine_name, source_state, transformer, link_key, is_unique, created_at)
  select l.id, l.machine_name, l.source, l.source_machine, l.source_state, l.transformer, l.link_key, l.is_unique,
    to_timestamp(l.created_ms / 1000)
  from ${from}
  where ${isDone("l.id")}
)`,
  },
  {
    key: "f",
    columns: { id: "uuid" },
    rows: ({ executionId, dropsLink }) => (dropsLink === true ? [[executionId]] : []),
    sql: (from) => `gone_links as (
  delete from execution_links using ${from}
  where execution_links.target_execution_id = f.id and ${isDone("f.id")}
)`,
  },
  {
    key: "k",
    columns: {
      id: "uuid",
      task: "int4",
      scope: "int4",
      queue: "text",
      resource: "text",
      input: "text",
      facts: "text",
      session: "uuid",
      scheduled_ms: "float8",
      timeout_ms: "float8",
      heartbeat: "int4",
    },
    rows: ({ executionId, newTasks }) =>
      newTasks.map((task) => {
        const { taskId, scopeId, queue, resource, input, facts, sessionId } = task;
        const of = [executionId, taskId, scopeId, queue, resource, input, facts, sessionId];
        return [...of, task.scheduledAtMs, task.timeoutAtMs, task.heartbeatSeconds];
      }),
    sql: (from) => `new_tasks as (
  insert into tasks (execution_id, task_id, scope_id, queue, resource, input, facts, epoch, session_id,
    scheduled_at, timeout_at, heartbeat_seconds, due_at)
  select k.id, k.task, k.scope, k.queue, k.resource, k.input, k.facts, case when k.session is null then 0 else 1 end, k.session,
    to_timestamp(k.scheduled_ms / 1000), to_timestamp(k.timeout_ms / 1000), k.heartbeat, to_timestamp(k.timeout_ms / 1000)
  from ${from}
  where ${isDone("k.id")}
)`,
  },
  {
    key: "a",
    columns: { id: "uuid", task: "int4" },
    rows: ({ executionId, awaitingTasks }) => awaitingTasks.map((task) => [executionId, task]),
    sql: (from) => `awaiting_tasks as (
  update tasks set session_id = null, awaits_callback = true,
    due_at = least(timeout_at, clock_timestamp() + heartbeat_seconds * interval '1 s')
  from ${from}
  where tasks.execution_id = a.id and tasks.task_id = a.task and ${isDone("a.id")}
)`,
  },
  {
    key: "v",
    columns: { id: "uuid", task: "int4", held: "bool" },
    rows: ({ executionId, pause }) =>
      pause?.taskIds.map((task) => [executionId, task, pause.pause !== null]) ?? [],
    sql: (from) => `held_tasks as (
  update tasks set is_held = v.held from ${from}
  where tasks.execution_id = v.id and tasks.task_id = v.task and ${isDone("v.id")}
    and tasks.session_id is null and not tasks.awaits_callback
)`,
  },
  goneSection("g", "tasks", "task_id", (writes) => writes.goneTasks),
  {
    key: "m",
    columns: { id: "uuid", timer: "int4", scope: "int4", due_ms: "float8" },
    rows: ({ executionId, newTimers }) =>
      newTimers.map(({ timerId, scopeId, dueAtMs }) => [executionId, timerId, scopeId, dueAtMs]),
    sql: (from) => `new_timers as (
  insert into timers (execution_id, timer_id, scope_id, due_at)
  select m.id, m.timer, m.scope, to_timestamp(m.due_ms / 1000) from ${from}
  where ${isDone("m.id")}
  on conflict (execution_id, timer_id) do update set due_at = excluded.due_at
)`,
  },
  goneSection("n", "timers", "timer_id", (writes) => writes.goneTimers),
  {
    key: "w",
    columns: {
      id: "uuid",
      wait: "int4",
      correlation: "uuid",
      correlation_key: "text",
      correlation_value: "text",
      state_path: "text",
      due_ms: "float8",
    },
    rows: ({ executionId, newMessageWaits }) =>
      newMessageWaits.map((wait) => {
        const { waitId, correlation, correlationKey, correlationValue, statePath } = wait;
        const of = [executionId, waitId, correlation, correlationKey, correlationValue, statePath];
        return [...of, wait.dueAtMs];
      }),
    // By the clock that messages have, too: what has received one waits for the next one later than that was sent.
    sql: (from) => `new_message_waits as (
  insert into message_waits (execution_id, wait_id, correlation, correlation_key, correlation_value,
    state_path, since, timeout_at)
  select w.id, w.wait, w.correlation, w.correlation_key, w.correlation_value, w.state_path,
    clock_timestamp(), to_timestamp(w.due_ms / 1000)
  from ${from}
  where ${isDone("w.id")}
)`,
  },
  goneSection("x", "message_waits", "wait_id", (writes) => writes.goneMessageWaits),
  {
    key: "y",
    columns: { id: "uuid", message: "uuid" },
    rows: ({ executionId, receivedMessages }) =>
      receivedMessages.map((message) => [executionId, message]),
    sql: (from) => `received_messages as (
  update messages set received_at = clock_timestamp() from ${from}
  where messages.id = y.message and ${isDone("y.id")}
)`,
  },
  {
    key: "c",
    columns: { id: "uuid", scope: "int4", state: "text" },
    rows: ({ executionId, scopes }) =>
      scopes.map(({ scopeId, state }) => [executionId, scopeId, state]),
    sql: (from) => `changed_scopes as (
  insert into scopes (execution_id, scope_id, state)
  select c.id, c.scope, c.state from ${from}
  where ${isDone("c.id")}
  on conflict (execution_id, scope_id) do update set state = excluded.state
)`,
  },
  goneSection("d", "scopes", "scope_id", (writes) => writes.goneScopes),
  {
    key: "i",
    columns: { id: "uuid", gone: "uuid" },
    rows: ({ executionId, goneInbox }) => goneInbox.map((gone) => [executionId, gone]),
    sql: (from) => `gone_inbox as (
  delete from inbox using ${from}
  where inbox.execution_id = i.id and inbox.id = i.gone and ${isDone("i.id")}
)`,
  },
  {
    key: "p",
    columns: {
      id: "uuid",
      run: "uuid",
      arn: "text",
      task: "int4",
      revision: "uuid",
      status: "text",
      concurrency: "int4",
      count: "int4",
      percentage: "float8",
      items: "int4",
      started_ms: "float8",
    },
    rows: ({ executionId, newMapRuns = [] }) =>
      newMapRuns.map((run) => {
        const { mapRunId, arn, taskId, revisionId, status, maxConcurrency } = run;
        const of = [executionId, mapRunId, arn, taskId, revisionId, status, maxConcurrency];
        const { toleratedFailureCount, toleratedFailurePercentage, itemCount } = run;
        return [
          ...of,
          toleratedFailureCount,
          toleratedFailurePercentage,
          itemCount,
          run.startedAtMs,
        ];
      }),
    sql: (from) => `new_map_runs as (
  insert into map_runs (id, arn, execution_id, task_id, revision_id, status, max_concurrency,
    tolerated_failure_count, tolerated_failure_percentage, item_count, started_at, stopped_at)
  select p.run, p.arn, p.id, p.task, p.revision, p.status, p.concurrency, p.count, p.percentage, p.items,
    to_timestamp(p.started_ms / 1000), case when p.status <> 'RUNNING' then to_timestamp(p.started_ms / 1000) end
  from ${from}
  where ${isDone("p.id")}
)`,
  },
  {
    key: "q",
    columns: {
      id: "uuid",
      run: "uuid",
      task: "int4",
      revision: "uuid",
      status: "text",
      redriven_ms: "float8",
    },
    rows: ({ executionId, redrivenMapRuns = [] }) =>
      redrivenMapRuns.map(({ mapRunId, taskId, revisionId, status, atMs }) => {
        return [executionId, mapRunId, taskId, revisionId, status, atMs];
      }),
    sql: (from) => `redriven_map_runs as (
  update map_runs set status = q.status, task_id = q.task, revision_id = q.revision, is_settled = false,
    redrive_count = redrive_count + 1, redriven_at = to_timestamp(q.redriven_ms / 1000),
    stopped_at = case when q.status <> 'RUNNING' then to_timestamp(q.redriven_ms / 1000) end
  from ${from}
  where map_runs.id = q.run and ${isDone("q.id")}
)`,
  },
  {
    key: "z",
    columns: { id: "uuid", run: "uuid", status: "text", stopped_ms: "float8" },
    rows: ({ executionId, endedMapRuns = [] }) =>
      endedMapRuns.map(({ mapRunId, status, stoppedAtMs }) => [
        executionId,
        mapRunId,
        status,
        stoppedAtMs,
      ]),
    sql: (from) => `ended_map_runs as (
  update map_runs set status = z.status, stopped_at = to_timestamp(z.stopped_ms / 1000), is_settled = z.status = 'SUCCEEDED'
  from ${from}
  where map_runs.id = z.run and map_runs.status = 'RUNNING' and ${isDone("z.id")}
)`,
  },
];

/** @param name of what it wrote. */
function startSection(
  key: string,
  name: string,
  {
    isGuarded,
    guard,
  }: {
    /** Whether the start is one of these. */
    readonly isGuarded: (start: StartWrite) => boolean;
    /** What must be there for it, as a join with `s`. */
    readonly guard: string;
  },
): Section {
  return {
    key,
    columns: {
      id: "uuid",
      machine: "uuid",
      machine_name: "text",
      revision: "uuid",
      version: "int4",
      alias: "text",
      routing: "uuid",
      name: "text",
      facts: "text",
      input: "text",
      labels: "text",
      trace: "text",
      started_ms: "float8",
      deadline_ms: "float8",
      ...resultColumns,
    },
    rows: ({ start, ...writes }) => {
      if (start === undefined || !isGuarded(start)) return [];
      const { stateMachineId, stateMachineName, revisionId, name: of, facts, input } = start;
      const labels = start.labels === undefined ? undefined : JSON.stringify(start.labels);
      const { version, alias, routingId } = start.route ?? {};
      const machine = [stateMachineId, stateMachineName, revisionId, version, alias, routingId];
      const named = [writes.executionId, ...machine, of];
      const given = [facts, input, labels, start.trace, start.startedAtMs, start.deadlineAtMs];
      return [[...named, ...given, ...resultCells(writes)]];
    },
    sql: (from) => `${name}_start as materialized (select * from ${from}), ${name} as (
  insert into executions (id, state_machine_id, state_machine_name, revision_id, version, alias, name, status, rev, owner,
    next_event_id, next_scope_id, facts, input, state, output, error, cause, labels, trace,
    started_at, stopped_at, deadline_at)
  select s.id, s.machine, s.machine_name, s.revision, s.version, s.alias, s.name, s.status, 1, (select id from server),
    s.next_event, s.next_scope, s.facts, s.input, s.state, s.output, s.error, s.cause, s.labels::jsonb, s.trace,
    to_timestamp(s.started_ms / 1000), to_timestamp(s.stopped_ms / 1000), to_timestamp(s.deadline_ms / 1000)
  from ${name}_start s
  join ${guard}
  on conflict (id) do nothing
  returning id
), ${name}_history as (
  insert into history (execution_id, first_event_id, last_event_id, events)
  select s.id, s.first, s.last, s.events from ${name}_start s where s.events is not null and coalesce(s.id in (select id from ${name}), false)
)`,
  };
}

function goneSection(
  key: string,
  table: string,
  column: string,
  ids: (writes: TurnWrites) => readonly number[],
): Section {
  return {
    key,
    columns: { id: "uuid", gone: "int4" },
    rows: (writes) => ids(writes).map((gone) => [writes.executionId, gone]),
    sql: (from) => `gone_${table} as (
  delete from ${table} using ${from}
  where ${table}.execution_id = ${key}.id and ${table}.${column} = ${key}.gone and ${isDone(`${key}.id`)}
)`,
  };
}
