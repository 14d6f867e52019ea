import { Migration } from "@mikro-orm/migrations";

/** Tasks that wait for the report under their token: not offered to workers, still due. */
export class AddTaskCallbacks extends Migration {
  override up(): void {
    this.addSql("alter table tasks add column awaits_callback boolean not null default false");
    this.addSql("drop index tasks_ready");
    this.addSql(
      "create index tasks_ready on tasks (queue, scheduled_at) where session_id is null and not awaits_callback",
    );
  }
}
