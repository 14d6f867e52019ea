/** Rows that contradict one another, and rows that nobody attends to. */
import { chainQueue } from "../../asl/index.ts";
import { isPaused } from "../sql/release-tasks.ts";
import { sqlCheck } from "./check.ts";
import type { Check } from "./check.ts";

/** Living servers attend to what is due within 3 s. */
const lateSeconds = 30;

const isAlive = "v.heartbeat_at > now() - interval '3 s'";
const nameOf = "e.state_machine_name || '/' || e.name";
const late = `now() - interval '${lateSeconds} s'`;

const overdue = `
select e.id, ${nameOf} || ' (timer)' as about from timers w join executions e on e.id = w.execution_id
where w.due_at < ${late}
union all
select e.id, ${nameOf} || ' (task)' from tasks w join executions e on e.id = w.execution_id
where w.due_at < ${late}
union all
select e.id, ${nameOf} || ' (deadline)' from executions e
where e.deadline_at < ${late} and e.status = 'RUNNING'
union all
select e.id, ${nameOf} || ' (event)' from inbox w join executions e on e.id = w.execution_id
where w.created_at < ${late}`;

/** A closed execution may have a redrive on its way for a moment. */
const isOver = `not exists (select from executions e where e.id = w.execution_id and e.status = 'RUNNING')`;
const isGone = `not exists (select from executions e where e.id = w.execution_id)`;

const orphans: readonly (readonly [table: string, condition: string])[] = [
  ["tasks", isOver],
  ["timers", isOver],
  ["message_waits", isOver],
  ["inbox", `${isOver} and w.created_at < ${late}`],
  ["scopes", isGone],
];

/** Tasks of activities may be held without a session: GetActivityTask has none. */
const isHeldByNobody = (task: string): string =>
  `${task}.session_id is not null and ${task}.queue not like 'arn:%:activity:%' and not exists (select from sessions s where s.id = ${task}.session_id)`;

const deadSessions = `
select s.id, s.worker_id from sessions s
where s.closed_at is null and s.connected_at < now() - interval '1 minute'
  and not exists (select from servers v where v.id = s.server_id
    and v.heartbeat_at > now() - interval '1 minute')`;

const runsWithoutTask = `
m.status = 'RUNNING' and not exists (
  select from tasks t join executions e on e.id = t.execution_id
  where t.execution_id = m.execution_id and t.task_id = m.task_id and e.status = 'RUNNING')`;

const settledWithChildren = `
m.is_settled and exists (
  select from executions c where c.state_machine_id = m.id and c.status = 'RUNNING')`;

export const rowChecks: readonly Check[] = [
  sqlCheck({
    code: "NO_SERVER",
    severity: "ERROR",
    message: () => "executions are open, and no server runs",
    sql: `select ${nameOf} as about from executions e
      where e.status = 'RUNNING' and not exists (select from servers v where ${isAlive}) limit 1`,
    advice: "Start a server: pawl serve",
  }),
  sqlCheck({
    code: "OVERDUE",
    severity: "ERROR",
    message: (count) => `${count} things are due for more than ${lateSeconds} s`,
    sql: overdue,
    advice: "Look at the servers' logs for the execution's id",
    repair: "their servers let go of them, so that any server takes them up",
    repairSql: [
      `update executions set owner = null, rev = rev + 1 where id in (select id from (${overdue}) w) and status = 'RUNNING'`,
    ],
  }),
  sqlCheck({
    code: "LOST_DEFINITION",
    severity: "ERROR",
    message: (count) => `${count} open executions have lost their definition`,
    sql: `select ${nameOf} as about from executions e where e.status = 'RUNNING'
      and not exists (select from state_machine_revisions r where r.id = e.revision_id)`,
    advice: "Restore state_machine_revisions from a backup",
  }),
  sqlCheck({
    code: "LOST_SESSION",
    severity: "ERROR",
    message: (count) => `${count} tasks are held by a worker's session that there is not`,
    sql: `select e.state_machine_name || '/' || e.name || ' ' || w.queue as about
      from tasks w join executions e on e.id = w.execution_id where ${isHeldByNobody("w")}`,
    advice: "Nothing else will offer them again",
    repair: "they are offered again; a late result of an earlier delivery is refused by its epoch",
    repairSql: [
      `update tasks t set session_id = null, due_at = timeout_at, is_held = ${isPaused} where ${isHeldByNobody("t")}`,
    ],
  }),
  sqlCheck({
    code: "DEAD_SESSIONS",
    severity: "WARNING",
    message: (count) => `${count} workers' sessions are open on servers that are gone`,
    sql: `select worker_id as about from (${deadSessions}) s`,
    advice: "The next server to start closes them, too",
    repair: "they are closed; their tasks are offered again after the reconnect grace",
    repairSql: [
      `update sessions set closed_at = now() where id in (select id from (${deadSessions}) s)`,
    ],
  }),
  sqlCheck({
    code: "SILENT_SERVERS",
    severity: "WARNING",
    message: (count) => `${count} servers ended without signing off`,
    sql: `select v.address || ' ' || v.id as about from servers v
      where v.heartbeat_at < now() - interval '1 minute'`,
    advice: "Their executions are anybody's; another server forgets them after an hour",
    repair: "they are forgotten",
    repairSql: [`delete from servers where heartbeat_at < now() - interval '1 minute'`],
  }),
  ...orphans.map(([table, condition]) =>
    sqlCheck({
      code: "ORPHANED_ROWS",
      severity: "WARNING",
      message: (count) => `${count} rows of ${table} belong to executions that are over or gone`,
      sql: `select w.execution_id::text as about from ${table} w where ${condition}`,
      advice: "They wake nobody and take room",
      repair: "they are deleted",
      repairSql: [`delete from ${table} w where ${condition}`],
    }),
  ),
  sqlCheck({
    code: "CHAIN_WAITS",
    severity: "ERROR",
    message: (count) => `${count} chained executions wait for a source that has closed, or is gone`,
    sql: `select ${nameOf} || ' (for ' || (w.input::json ->> 'execution') || ')' as about
      from tasks w join executions e on e.id = w.execution_id
        left join executions s on s.id = (w.input::json ->> 'execution')::uuid
      where w.queue = '${chainQueue}' and w.scheduled_at < ${late} and (s.id is null or s.stopped_at < ${late})`,
    advice:
      "Look at the log of the server that waits for it; another takes it up when that one is stopped",
  }),
  sqlCheck({
    code: "LOST_MAP_RUN",
    severity: "ERROR",
    message: (count) => `${count} Map Runs go on without the state that began them`,
    sql: `select m.arn as about from map_runs m where ${runsWithoutTask}`,
    advice: "Look at the executions that began them",
    repair: "they are aborted; servers stop their children",
    repairSql: [
      `update map_runs m set status = 'ABORTED', stopped_at = now(), is_settled = false where ${runsWithoutTask}`,
    ],
  }),
  sqlCheck({
    code: "MAP_RUN_CHILDREN",
    severity: "ERROR",
    message: (count) => `${count} Map Runs are over, and children of theirs go on`,
    sql: `select m.arn as about from map_runs m where ${settledWithChildren}`,
    advice: "Nobody waits for these children",
    repair: "servers stop the children",
    repairSql: [`update map_runs m set is_settled = false where ${settledWithChildren}`],
  }),
  sqlCheck({
    code: "PAUSED",
    severity: "ADVICE",
    message: (count) => `${count} executions are paused`,
    sql: `select ${nameOf} || coalesce(': ' || (e.pause::json ->> 'reason'), '') as about
      from executions e where e.pause is not null order by e.pause::json ->> 'timeMs'`,
    advice: "Nothing but pawl resume, or pawl stop, moves them on",
  }),
  sqlCheck({
    code: "STRANDED_MESSAGES",
    severity: "WARNING",
    message: (count) => `${count} messages are on their way for more than a minute`,
    sql: `select id::text as about from messages where status in ('PENDING', 'CLAIMED')
      and looked_at < now() - interval '1 minute' and expires_at > now()`,
    advice: "Servers look at them every 5 s: look at their logs",
  }),
];
