import { defineEntity, p } from "@mikro-orm/core";
import type { BatchStatus } from "../reads/batches.ts";

/** Many executions as one resource. Its items are {@link BatchItemRow}s. */
export const BatchSchema = defineEntity({
  name: "Batch",
  tableName: "batches",
  uniques: [{ name: "batches_request", properties: ["requestId"] }],
  indexes: [
    {
      name: "batches_open_name",
      // As text: see ExecutionSchema.
      expression:
        'create unique index "batches_open_name" on "batches" ("name") where ended_at is null',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    /** JSON text: engine/batches/stored-operation.ts. */
    operation: p.text(),
    filter: p.text(),
    /** JSON of a ListExecutionsFilter: the executions that are its items; null: they were given. */
    selection: p.text().nullable(),
    /** JSON of an ExecutionPosition: how far the selection was read. */
    selectionAfter: p.text().nullable(),
    maxConcurrency: p.integer(),
    microBatchSize: p.integer(),
    stopOnError: p.boolean(),
    /** JSON text; null: nothing but `stopOnError` ends it early. */
    failurePolicy: p.text().nullable(),
    requestId: p.text().nullable(),
    status: p.text().$type<BatchStatus>(),
    statusReason: p.text().default(""),
    /** JSON text: who paused, resumed or cancelled it last, when, and why. */
    lastAction: p.text().nullable(),
    /** Cancelled, and what it started is to be stopped. */
    isStoppingStarted: p.boolean().default(false),
    /** The server that carries it out. */
    owner: p.uuid().nullable(),
    /** Grows whenever a server takes it up, and guards what an earlier one writes. */
    claim: p.integer().default(0),
    itemCount: p.integer().default(0),
    /** Items that have begun, in the order of their index. */
    begun: p.integer().default(0),
    succeeded: p.integer().default(0),
    failed: p.integer().default(0),
    skipped: p.integer().default(0),
    /** Of the item that was done last. */
    finishNumber: p.integer().default(0),
    /** Failures up to this finish number are forgotten by the failure policy. */
    windowFrom: p.integer().default(0),
    recentFailureRate: p.double().default(0),
    rollingFailureRate: p.double().default(0),
    itemsPerSecond: p.double().default(0),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    endedAt: p.datetime().columnType("timestamptz").nullable(),
  },
});

export class BatchRow extends BatchSchema.class {}
BatchSchema.setClass(BatchRow);
