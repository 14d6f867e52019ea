import { defineEntity, p } from "@mikro-orm/core";

/** One item of a batch. */
export const BatchItemSchema = defineEntity({
  name: "BatchItem",
  tableName: "batch_items",
  indexes: [
    {
      name: "batch_items_done",
      properties: ["batchId", "finishNumber"],
      where: "finish_number is not null",
    },
    {
      name: "batch_items_unsuccessful",
      expression:
        'create index "batch_items_unsuccessful" on "batch_items" ("batch_id", "index") where "status" in (\'FAILED\', \'SKIPPED\')',
    },
  ],
  properties: {
    batchId: p.uuid().primary(),
    /** From 0. */
    index: p.integer().primary(),
    /** An input, or an execution. Null when done, unless it is a chain's source: the execution has it. */
    value: p.text().nullable(),
    /** PENDING, SUCCEEDED, FAILED or SKIPPED; which of the pending ones have begun, the batch says. */
    status: p.text().default("PENDING"),
    executionId: p.uuid().nullable(),
    error: p.text().nullable(),
    cause: p.text().nullable(),
    finishNumber: p.integer().nullable(),
  },
});

export class BatchItemRow extends BatchItemSchema.class {}
BatchItemSchema.setClass(BatchItemRow);
