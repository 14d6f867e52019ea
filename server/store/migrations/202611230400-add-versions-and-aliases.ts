import { Migration } from "@mikro-orm/migrations";

/** Published versions of state machines, aliases that route starts to them, and what an execution was started through. */
export class AddVersionsAndAliases extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // Numbers are not used again, so the last one is kept. routing_id changes with everything that
  // a start through a version or an alias relies on: it guards such a start as revision_id does others.
  `alter table state_machines
    add column last_version integer not null default 0,
    add column routing_id uuid not null default gen_random_uuid()`,
  `create table state_machine_versions (
    state_machine_id uuid not null,
    version integer not null,
    revision_id uuid not null,
    update_count integer not null,
    description text not null default '',
    role_arn text not null,
    logging jsonb,
    tracing jsonb,
    encryption jsonb,
    created_at timestamptz not null default now(),
    primary key (state_machine_id, version)
  )`,
  `create unique index state_machine_versions_revision on state_machine_versions (state_machine_id, revision_id)`,
  `create table state_machine_aliases (
    state_machine_id uuid not null,
    name text not null,
    description text not null default '',
    routes jsonb not null,
    etag uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (state_machine_id, name)
  )`,
  `alter table executions
    add column version integer,
    add column alias text`,
  // Partial: an execution of a plain machine is in neither.
  `create index executions_by_version on executions (state_machine_id, version, started_at desc, id desc) where version is not null`,
  `create index executions_by_alias on executions (state_machine_id, alias, started_at desc, id desc) where alias is not null`,
];
