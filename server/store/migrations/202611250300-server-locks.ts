import { Migration } from "@mikro-orm/migrations";

/** Whether a server has a connection that holds its lock, so that others see at once when it ends. */
export class ServerLocks extends Migration {
  override up(): void {
    this.addSql("alter table servers add column holds_lock boolean not null default false");
  }
}
