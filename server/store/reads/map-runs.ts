/** Map Runs as callers see them. */
import type pg from "pg";
import type { ExecutionStatus } from "../../asl/index.ts";
import { begunAt } from "../sql/begun-at.ts";

export type MapRunStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";

/** Times in milliseconds since the epoch. */
export interface MapRunRecord {
  readonly id: string;
  readonly arn: string;
  readonly executionId: string;
  readonly revisionId: string;
  readonly status: MapRunStatus;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number | null;
  readonly toleratedFailurePercentage: number | null;
  /** Null while not all are known. */
  readonly itemCount: number | null;
  readonly childCount: number | null;
  readonly source: string | null;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number | null;
  readonly redriveCount: number;
  /** The last time. */
  readonly redrivenAtMs: number | null;
  /** Whether the execution that has the Map state is paused. */
  readonly isPaused: boolean;
  /** ExecutionFacts of the execution that has the Map state, as JSON text. */
  readonly parentFacts: string;
}

export interface MapRunCount {
  readonly status: ExecutionStatus;
  /** Whether they wait for the redriven run to take them up. */
  readonly isPending: boolean;
  readonly children: number;
  readonly items: number;
}

const columns = `r.id, r.arn, r.execution_id as "executionId", r.revision_id as "revisionId", r.status,
  r.max_concurrency as "maxConcurrency", r.tolerated_failure_count as "toleratedFailureCount",
  r.tolerated_failure_percentage as "toleratedFailurePercentage",
  r.item_count as "itemCount", r.child_count as "childCount", r.source,
  (extract(epoch from r.started_at) * 1000)::float8 as "startedAtMs",
  (extract(epoch from r.stopped_at) * 1000)::float8 as "stoppedAtMs",
  r.redrive_count as "redriveCount", (extract(epoch from r.redriven_at) * 1000)::float8 as "redrivenAtMs",
  e.pause is not null as "isPaused", e.facts as "parentFacts"`;

export async function findMapRun(sql: pg.Pool, id: string): Promise<MapRunRecord | undefined> {
  const { rows } = await sql.query<MapRunRecord>({
    name: "find-map-run",
    text: `select ${columns} from map_runs r join executions e on e.id = r.execution_id where r.id = $1`,
    values: [id],
  });
  return rows[0];
}

/** Runs of an execution, newest first. @param after exclusive. */
export async function listMapRuns(
  sql: pg.Pool,
  executionId: string,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly MapRunRecord[]> {
  const { rows } = await sql.query<MapRunRecord>({
    name: "list-map-runs",
    text: `select ${columns} from map_runs r join executions e on e.id = r.execution_id
      where r.execution_id = $1 and ($2::uuid is null
        or (r.started_at, r.id) < (select started_at, id from map_runs where id = $2))
      order by r.started_at desc, r.id desc limit $3`,
    values: [executionId, after ?? null, limit],
  });
  return rows;
}

/** How the children of a run fare, by status. */
export async function countChildren(
  sql: pg.Pool,
  mapRunId: string,
): Promise<readonly MapRunCount[]> {
  const { rows } = await sql.query<MapRunCount>({
    name: "count-map-run-children",
    text: `select e.status, coalesce(r.status = 'RUNNING' and e.status <> 'SUCCEEDED'
          and ${begunAt} < extract(epoch from r.redriven_at) * 1000, false) as "isPending",
        count(*)::int as children, sum((facts::json -> 'mapRun' ->> 'itemCount')::int)::int as items
      from executions e join map_runs r on r.id = e.state_machine_id
      where e.state_machine_id = $1 group by 1, 2`,
    values: [mapRunId],
  });
  return rows;
}
