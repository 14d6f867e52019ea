import { Migration } from "@mikro-orm/migrations";

/** A redrive of an execution goes on with its Map Runs. */
export class MapRunRedrives extends Migration {
  override up(): void {
    this.addSql(`alter table map_runs add column redrive_count integer not null default 0,
      add column redriven_at timestamptz`);
  }
}
