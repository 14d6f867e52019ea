import { Migration } from "@mikro-orm/migrations";

/** Batches: many executions as one resource, and their items. */
export class Batches extends Migration {
  override up(): void {
    this.addSql(`create table batches (
      id uuid primary key,
      name text not null,
      operation text not null,
      filter text not null,
      max_concurrency integer not null,
      micro_batch_size integer not null,
      stop_on_error boolean not null,
      failure_policy text,
      request_id text,
      status text not null,
      status_reason text not null default '',
      last_action text,
      is_stopping_started boolean not null default false,
      owner uuid,
      claim integer not null default 0,
      item_count integer not null default 0,
      begun integer not null default 0,
      succeeded integer not null default 0,
      failed integer not null default 0,
      skipped integer not null default 0,
      finish_number integer not null default 0,
      window_from integer not null default 0,
      recent_failure_rate double precision not null default 0,
      rolling_failure_rate double precision not null default 0,
      items_per_second double precision not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      ended_at timestamptz
    )`);
    this.addSql(`create unique index batches_open_name on batches (name) where ended_at is null`);
    this.addSql(`create unique index batches_request on batches (request_id)`);
    // finish_number: the order in which items were done. Null while they are not.
    this.addSql(`create table batch_items (
      batch_id uuid not null,
      index integer not null,
      value text,
      status text not null default 'PENDING',
      execution_id uuid,
      error text,
      cause text,
      finish_number integer,
      primary key (batch_id, index)
    )`);
    this.addSql(
      `create index batch_items_done on batch_items (batch_id, finish_number) where finish_number is not null`,
    );
  }
}
