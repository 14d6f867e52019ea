import type pg from "pg";

/**
 * These executions, if they have closed, with all children of their Map Runs: what is removed together.
 * None of an execution whose Map Run still has children to stop.
 */
export async function removable(sql: pg.Pool, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `with recursive doomed as (
       select id from executions e
       where id = any($1::uuid[]) and status <> 'RUNNING'
         and not exists (select from map_runs m where m.execution_id = e.id and not m.is_settled)
       union
       select c.id from doomed d join map_runs m on m.execution_id = d.id
         join executions c on c.state_machine_id = m.id
     ) select id from doomed`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Some executions of machines with a retention that closed before it, oldest start first. */
export async function expiredExecutions(sql: pg.Pool, limit: number): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select e.id from (
       select id, clock_timestamp() - interval '1 s' * retention_seconds as kept_since
       from state_machines where retention_seconds is not null
     ) m cross join lateral (
       select id from executions
       where state_machine_id = m.id and started_at < m.kept_since and stopped_at < m.kept_since
         and status <> 'RUNNING'
         and not exists (select from map_runs r where r.execution_id = executions.id and not r.is_settled)
       order by started_at, id limit $1
     ) e limit $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Removes executions with everything that is kept of them, in one statement. One that was redriven
 * meanwhile stays.
 *
 * @returns how many were removed.
 */
export async function removeExecutions(sql: pg.Pool, ids: readonly string[]): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `with gone as (
       delete from executions where id = any($1::uuid[]) and status <> 'RUNNING' returning id
     ), gone_history as (
       delete from history where execution_id = any($1::uuid[]) and execution_id in (select id from gone)
     ), gone_scopes as (
       delete from scopes where execution_id = any($1::uuid[]) and execution_id in (select id from gone)
     ), gone_map_runs as (
       delete from map_runs where execution_id = any($1::uuid[]) and execution_id in (select id from gone)
     ), gone_links as (
       delete from execution_links where target_execution_id = any($1::uuid[])
         and target_execution_id in (select id from gone)
     ) select count(*)::integer as count from gone`,
    [ids],
  );
  return rows[0]!.count;
}

/** A record as it is archived: one JSON document without line breaks. */
export interface ArchivedRecord {
  readonly stateMachineName: string;
  /** Of its start, `2026-01-31`, UTC. */
  readonly day: string;
  readonly line: string;
}

/** What is known of each execution, history included. Payloads as they were sent, number for number. */
export async function archivedRecords(
  sql: pg.Pool,
  ids: readonly string[],
): Promise<readonly ArchivedRecord[]> {
  const { rows } = await sql.query<ArchivedRecord>(
    `select state_machine_name as "stateMachineName", to_char(started_at at time zone 'UTC', 'YYYY-MM-DD') as day,
       json_build_object('id', id, 'stateMachine', state_machine_name, 'revisionId', revision_id, 'name', name,
         'status', status, 'startTime', started_at, 'endTime', stopped_at, 'input', input::json, 'output', output::json,
         'error', error, 'cause', cause, 'labels', labels, 'trace', trace, 'facts', facts::json,
         'events', (select json_agg(event order by first_event_id, at) from history h,
           json_array_elements(h.events::json) with ordinality as t(event, at) where h.execution_id = e.id))::text as line
     from executions e where id = any($1::uuid[]) order by started_at, id`,
    [ids],
  );
  return rows.map(({ line, ...record }) => ({ ...record, line: onOneLine(line) }));
}

/** Line breaks in JSON text are white space between its tokens: inside strings they are escaped. */
function onOneLine(json: string): string {
  return json.replaceAll(/[\r\n]+/g, " ");
}
