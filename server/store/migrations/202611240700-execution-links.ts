import { Migration } from "@mikro-orm/migrations";

/** Chained executions: whose output became whose input. */
export class ExecutionLinks extends Migration {
  override up(): void {
    this.addSql(`create table execution_links (
      target_execution_id uuid primary key,
      target_state_machine_name text not null,
      source_execution_id uuid not null,
      source_state_machine_name text not null,
      source_state text not null,
      transformer text not null,
      link_key uuid not null,
      is_unique boolean not null,
      created_at timestamptz not null
    )`);
    this.addSql(
      `create unique index execution_links_unique on execution_links (link_key) where is_unique`,
    );
    this.addSql(
      `create index execution_links_by_source on execution_links (source_execution_id, created_at desc, target_execution_id desc)`,
    );
    this.addSql(
      `create index execution_links_by_creation on execution_links (created_at desc, target_execution_id desc)`,
    );
    this.addSql(
      `create index execution_links_by_source_machine on execution_links (source_state_machine_name, created_at desc, target_execution_id desc)`,
    );
    this.addSql(
      `create index execution_links_by_target_machine on execution_links (target_state_machine_name, created_at desc, target_execution_id desc)`,
    );
  }
}
