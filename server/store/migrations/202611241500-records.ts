import { Migration } from "@mikro-orm/migrations";

/**
 * What makes records quick to search, count and remove (docs/decisions/0018-records.md). No index here
 * is on a column that an ordinary turn changes: the updates of a running execution stay HOT.
 */
export class Records extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
    const [server] = await this.execute(
      "select current_setting('server_version_num')::integer >= 160000 as \"isHot\"",
    );
    const { isHot } = server as unknown as { readonly isHot: boolean };
    // Before PostgreSQL 16 a BRIN index keeps updates from being HOT, too: ends are searched without it there.
    if (isHot)
      this.addSql(
        "create index executions_by_end on executions using brin (stopped_at) with (pages_per_range = 32, autosummarize = on)",
      );
  }
}

const statements = [
  // Null while it runs and when it succeeds: the index on it costs those nothing.
  `alter table executions
    add column failed_as text generated always as (
      case when status in ('FAILED', 'TIMED_OUT', 'ABORTED') then status end) stored`,
  `create index executions_failed on executions (failed_as, started_at desc, id desc) where failed_as is not null`,
  `create index executions_failed_by_machine on executions (state_machine_id, failed_as, started_at desc, id desc) where failed_as is not null`,
  `create index executions_by_error on executions (error, started_at desc, id desc) where error is not null`,
  // Names that Pawl made are ids, and found as such.
  `create index executions_by_name on executions (name collate "C") where name <> id::text`,
  `create index executions_by_label on executions using gin (labels jsonb_path_ops) where labels is not null`,
  // Seconds that closed executions are kept; null: for ever.
  `alter table state_machines add column retention_seconds integer`,

  // ---- counts and durations by hour of the start ---------------------------------------------
  // Every hour before settings.rolled_up_until is here, but for those in execution_rollup_changes.
  `create table execution_rollups (
    hour timestamptz not null,
    state_machine_id uuid not null,
    state_machine_name text not null,
    status text not null,
    error text not null,
    executions integer not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    sum_ms double precision,
    min_ms double precision,
    max_ms double precision,
    bins smallint[] not null,
    bin_counts integer[] not null,
    primary key (hour, state_machine_id, status, error)
  )`,
  `create table execution_rollup_changes (
    id uuid primary key default gen_random_uuid(),
    hour timestamptz not null
  )`,
  `create function note_rollup_change() returns trigger language plpgsql as $$
  begin
    insert into execution_rollup_changes (hour) values (date_trunc('hour', new.started_at, 'UTC'));
    return null;
  end $$`,
  `create function note_rollup_removal() returns trigger language plpgsql as $$
  begin
    insert into execution_rollup_changes (hour) select distinct date_trunc('hour', started_at, 'UTC') from gone;
    return null;
  end $$`,
  // An hour is rolled up ten minutes after its end at the earliest, so what is younger changes none.
  `create trigger executions_started_late after insert on executions for each row
    when (new.started_at < now() - interval '5 minutes') execute function note_rollup_change()`,
  `create trigger executions_changed_late after update on executions for each row
    when (old.status is distinct from new.status and new.started_at < now() - interval '5 minutes')
    execute function note_rollup_change()`,
  `create trigger executions_removed after delete on executions referencing old table as gone
    for each statement execute function note_rollup_removal()`,
];
