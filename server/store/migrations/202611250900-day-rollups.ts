import { Migration } from "@mikro-orm/migrations";

/** Hours rolled up once more, by the day; links found by what was made of the output (docs/decisions/0019-statistics.md). */
export class DayRollups extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // The sum of execution_rollups for a day that is over. A day that is not here is read by its hours.
  `create table execution_day_rollups (
    day timestamptz not null,
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
    primary key (day, state_machine_id, status, error)
  )`,
  // Whoever rolls up an hour, a server of the version before too, does away with what its day said.
  `create function forget_day_rollup() returns trigger language plpgsql as $$
  begin
    delete from execution_day_rollups where day = date_trunc('day', coalesce(new.hour, old.hour), 'UTC');
    return null;
  end $$`,
  `create trigger execution_rollups_changed after insert or delete on execution_rollups for each row
    execute function forget_day_rollup()`,
  // Nearly all executions fulfil this condition of lists; without statistics one in 200 is expected to.
  `create statistics executions_of_machines on (strpos(state_machine_name, '/')) from executions`,
  `create statistics execution_links_of_machines on (strpos(source_state_machine_name, '/')) from execution_links`,
  // Only for links that have a transformer, or take a state's output.
  `create index execution_links_by_transformer on execution_links (transformer, created_at desc, target_execution_id desc) where transformer <> ''`,
  `create index execution_links_by_source_state on execution_links (source_state, created_at desc, target_execution_id desc) where source_state <> ''`,
];
