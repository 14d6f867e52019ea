import { Migration } from "@mikro-orm/migrations";

/** Runs of distributed Map states. Their children are executions whose state_machine_id is the run's id. */
export class MapRuns extends Migration {
  override up(): void {
    this.addSql(`create table map_runs (
      id uuid primary key,
      arn text not null,
      execution_id uuid not null,
      task_id integer not null,
      revision_id uuid not null,
      status text not null,
      max_concurrency integer not null,
      tolerated_failure_count integer,
      tolerated_failure_percentage double precision,
      item_count integer,
      child_count integer,
      source text,
      is_settled boolean not null default false,
      started_at timestamptz not null,
      stopped_at timestamptz
    )`);
    this.addSql(
      `create index map_runs_by_execution on map_runs (execution_id, started_at desc, id desc)`,
    );
    // Over, with children that may still have to be stopped.
    this.addSql(
      `create index map_runs_unsettled on map_runs (id) where not is_settled and status <> 'RUNNING'`,
    );
  }
}
