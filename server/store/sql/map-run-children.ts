/** What carrying a Map Run out asks the database about its children. */
import type pg from "pg";
import type { ExecutionStatus } from "../../asl/index.ts";
import { begunAt, type ExecutionAttempt } from "./begun-at.ts";

export interface ChildStatus extends ExecutionAttempt {
  readonly status: ExecutionStatus;
}

/** Those of the children that there are. */
export async function childStatuses(
  sql: pg.Pool,
  ids: readonly string[],
): Promise<readonly ChildStatus[]> {
  const { rows } = await sql.query<ChildStatus>({
    name: "map-run-child-statuses",
    text: `select id, status, ${begunAt} as "begunAtMs" from executions e where id = any($1::uuid[])`,
    values: [ids],
  });
  return rows;
}

/** Makes room for another execution of the same child, where this one has not succeeded. */
export async function forgetChild(sql: pg.Pool, id: string): Promise<void> {
  await sql.query({
    name: "map-run-forget-child",
    text: `with gone as (
        delete from executions where id = $1 and status in ('FAILED', 'TIMED_OUT', 'ABORTED') returning id)
      delete from history where execution_id in (select id from gone)`,
    values: [id],
  });
}

/** A child that is over, as results are made of it. Times in milliseconds since the epoch. */
export interface ChildResult extends Omit<ChildStatus, "begunAtMs"> {
  readonly name: string;
  readonly redriveCount: number;
  readonly facts: string;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number | null;
}

/** In the order of the ids; children that were never started are left out. */
export async function childResults(
  sql: pg.Pool,
  ids: readonly string[],
): Promise<readonly ChildResult[]> {
  const { rows } = await sql.query<ChildResult>({
    name: "map-run-child-results",
    text: `select e.id, status, name, coalesce((redrive::json ->> 'count')::int, 0) as "redriveCount", facts, input, output, error, cause,
        (extract(epoch from started_at) * 1000)::float8 as "startedAtMs",
        (extract(epoch from stopped_at) * 1000)::float8 as "stoppedAtMs"
      from unnest($1::uuid[]) with ordinality as k(id, at) join executions e on e.id = k.id order by k.at`,
    values: [ids],
  });
  return rows;
}

/** Runs that are over while children of theirs may not be. */
export async function unsettledMapRuns(sql: pg.Pool): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>({
    name: "unsettled-map-runs",
    text: `select id from map_runs where not is_settled and status <> 'RUNNING' limit 100`,
  });
  return rows.map(({ id }) => id);
}

/** Some of the children of a run that is over which go on, oldest first; of a run that was redriven, none. */
export async function leftRunning(
  sql: pg.Pool,
  mapRunId: string,
): Promise<readonly ExecutionAttempt[]> {
  const { rows } = await sql.query<ExecutionAttempt>({
    name: "map-run-left-running",
    text: `select id, ${begunAt} as "begunAtMs" from executions e where state_machine_id = $1 and status = 'RUNNING'
        and exists (select from map_runs r where r.id = $1 and r.status <> 'RUNNING')
      order by started_at, id limit 500`,
    values: [mapRunId],
  });
  return rows;
}

/** Nothing of the run goes on any more: a child whose start was on its way when it ended has been seen by now. */
export async function settleMapRun(sql: pg.Pool, id: string): Promise<void> {
  await sql.query({
    name: "settle-map-run",
    text: "update map_runs set is_settled = true where id = $1 and stopped_at < clock_timestamp() - interval '15 s'",
    values: [id],
  });
}
