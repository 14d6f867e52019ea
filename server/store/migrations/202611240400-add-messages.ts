import { Migration } from "@mikro-orm/migrations";

/** Message states: who waits for what, and messages that are kept until they have been received. */
export class AddMessages extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // A wake row: correlation is key and value as one UUID, so that finding the waits of a message is one index lookup.
  `create table message_waits (
    execution_id uuid not null,
    wait_id integer not null,
    correlation uuid not null,
    correlation_key text not null,
    correlation_value text not null,
    state_path text not null,
    since timestamptz not null,
    timeout_at timestamptz,
    primary key (execution_id, wait_id)
  )`,
  `create index message_waits_by_correlation on message_waits (correlation, since)`,
  `create index message_waits_by_since on message_waits (since, execution_id, wait_id)`,
  // Messages with an id or a time to live. received_at is written by the turn that receives it.
  `create table messages (
    id uuid primary key,
    correlation uuid not null,
    status text not null,
    request text not null,
    data text not null,
    target_execution_id uuid,
    target_wait_id integer,
    sent_at timestamptz not null default clock_timestamp(),
    looked_at timestamptz not null default clock_timestamp(),
    received_at timestamptz,
    expires_at timestamptz not null
  )`,
  `create index messages_buffered on messages (correlation, sent_at) where status = 'BUFFERED'`,
  `create index messages_under_way on messages (looked_at) where status in ('PENDING', 'CLAIMED')`,
  `create index messages_expire on messages (expires_at)`,
];
