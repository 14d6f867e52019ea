import { Migration } from "@mikro-orm/migrations";

/**
 * Everything Pawl keeps. Payloads are `text` with lz4: nine times cheaper to insert than `jsonb` at 100 KB.
 * A PostgreSQL built without lz4 (the embedded one) compresses them its own way.
 */
export class CreateTables extends Migration {
  override async up(): Promise<void> {
    const [server] = await this.execute(
      `select 'lz4' = any(enumvals) as "hasLz4" from pg_settings where name = 'default_toast_compression'`,
    );
    const { hasLz4 } = server as unknown as { readonly hasLz4: boolean };
    for (const statement of statements)
      this.addSql(hasLz4 ? statement : statement.replaceAll(" compression lz4", ""));
  }
}

const statements = [
  // ---- definitions -------------------------------------------------------------------------
  `create table state_machines (
    id uuid primary key,
    name text not null unique,
    type text not null,
    status text not null default 'ACTIVE',
    role_arn text not null default '',
    description text not null default '',
    labels jsonb not null default '{}',
    logging jsonb,
    tracing jsonb,
    encryption jsonb,
    revision_id uuid not null,
    update_count integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  // A revision never changes; executions keep the one they started with.
  `create table state_machine_revisions (
    id uuid primary key,
    state_machine_id uuid not null,
    definition text compression lz4 not null,
    format text not null,
    created_at timestamptz not null default now()
  )`,
  `create index state_machine_revisions_machine on state_machine_revisions (state_machine_id, created_at)`,
  `create table activities (
    name text primary key,
    labels jsonb not null default '{}',
    encryption jsonb,
    created_at timestamptz not null default now()
  )`,

  // ---- executions: hot ---------------------------------------------------------------------
  // id is derived from machine and name, or a UUIDv7 that is also the name: no second unique index.
  // rev guards every write. state is the root scope. owner is the server that turned it last.
  `create table executions (
    id uuid primary key,
    state_machine_id uuid not null,
    state_machine_name text not null,
    revision_id uuid not null,
    name text not null,
    status text not null,
    rev integer not null,
    owner uuid,
    next_event_id integer not null,
    next_scope_id integer not null,
    facts text compression lz4 not null,
    input text compression lz4 not null,
    state text compression lz4,
    output text compression lz4,
    error text,
    cause text compression lz4,
    labels jsonb,
    trace text,
    started_at timestamptz not null,
    stopped_at timestamptz,
    deadline_at timestamptz
  ) with (fillfactor = 70)`,
  `create index executions_by_machine on executions (state_machine_id, started_at desc, id desc)`,
  `create index executions_by_start on executions (started_at desc, id desc)`,
  `create index executions_deadline on executions (deadline_at) where deadline_at is not null`,

  // One row a turn: the turn's events as a JSON array.
  `create table history (
    execution_id uuid not null,
    first_event_id integer not null,
    last_event_id integer not null,
    events text compression lz4 not null,
    primary key (execution_id, first_event_id)
  )`,
  `create table scopes (
    execution_id uuid not null,
    scope_id integer not null,
    state text compression lz4 not null,
    primary key (execution_id, scope_id)
  ) with (fillfactor = 70)`,

  // ---- wake rows: every open execution has at least one ------------------------------------
  // session_id null: ready, anyone may claim it. epoch counts deliveries and fences old ones.
  `create table tasks (
    execution_id uuid not null,
    task_id integer not null,
    scope_id integer not null,
    queue text not null,
    resource text not null,
    input text compression lz4 not null,
    facts text not null,
    epoch integer not null,
    session_id uuid,
    scheduled_at timestamptz not null,
    timeout_at timestamptz,
    heartbeat_seconds integer,
    due_at timestamptz,
    heartbeat_details text,
    primary key (execution_id, task_id)
  ) with (fillfactor = 70)`,
  `create index tasks_ready on tasks (queue, scheduled_at) where session_id is null`,
  `create index tasks_by_session on tasks (session_id) where session_id is not null`,
  `create index tasks_due on tasks (due_at) where due_at is not null`,
  `create table timers (
    execution_id uuid not null,
    timer_id integer not null,
    scope_id integer not null,
    due_at timestamptz not null,
    primary key (execution_id, timer_id)
  )`,
  `create index timers_due on timers (due_at)`,
  // Events that reached a server which does not own the execution.
  `create table inbox (
    execution_id uuid not null,
    id uuid not null,
    event text compression lz4 not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (execution_id, id)
  )`,

  // ---- who is here -------------------------------------------------------------------------
  `create table servers (
    id uuid primary key,
    version text not null,
    address text not null,
    started_at timestamptz not null default clock_timestamp(),
    heartbeat_at timestamptz not null default clock_timestamp()
  )`,
  `create table sessions (
    id uuid primary key,
    server_id uuid not null,
    worker_id text not null,
    identity text not null,
    facts jsonb not null,
    connected_at timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz
  )`,
  // Secrets and settings all servers share (the key that signs task and page tokens).
  `create table settings (key text primary key, value text not null)`,
  `insert into settings (key, value)
   values ('token_key', encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'))`,
];
