import { Migration } from "@mikro-orm/migrations";

/** Executions that a `.sync` task waits for, so that none outlives its task. */
export class AwaitedExecutions extends Migration {
  override up(): void {
    this.addSql(`create table awaited_executions (
      id uuid primary key,
      execution_id uuid not null,
      task_id integer not null
    )`);
  }
}
