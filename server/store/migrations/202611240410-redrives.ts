import { Migration } from "@mikro-orm/migrations";

/** How often an execution was redriven, when, and for which requests. Null: never; costs nothing then. */
export class Redrives extends Migration {
  override up(): void {
    this.addSql("alter table executions add column redrive text");
  }
}
