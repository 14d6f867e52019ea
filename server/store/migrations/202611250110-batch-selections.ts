import { Migration } from "@mikro-orm/migrations";

/** Batches over what a filter finds: found portion by portion. Items that did not succeed are found quickly. */
export class BatchSelections extends Migration {
  override up(): void {
    this.addSql(`alter table batches add column selection text, add column selection_after text`);
    this.addSql(
      `create index batch_items_unsuccessful on batch_items (batch_id, index) where status in ('FAILED', 'SKIPPED')`,
    );
  }
}
