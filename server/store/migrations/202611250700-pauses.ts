import { Migration } from "@mikro-orm/migrations";

/**
 * Executions that are paused, and what a machine wants when a task is lost
 * (docs/decisions/0021-lost-tasks-and-pauses.md). An ordinary turn changes none of these columns.
 */
export class Pauses extends Migration {
  override up(): void {
    this.addSql("alter table executions add column pause text");
    this.addSql("create index executions_paused on executions (id) where pause is not null");
    this.addSql("alter table tasks add column is_held boolean not null default false");
    this.addSql("drop index tasks_ready");
    this.addSql(
      "create index tasks_ready on tasks (queue, scheduled_at) where session_id is null and not awaits_callback and not is_held",
    );
    this.addSql(
      "alter table state_machines add column on_task_lost text, add column max_task_deliveries integer",
    );
  }
}
