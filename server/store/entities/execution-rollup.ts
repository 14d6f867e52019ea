import { defineEntity, p } from "@mikro-orm/core";

/** Of some executions of one machine that have one status and error. */
export const rollupProperties = {
  stateMachineId: p.uuid().primary(),
  status: p.text().primary(),
  /** Empty: none. */
  error: p.text().primary(),
  stateMachineName: p.text(),
  executions: p.integer(),
  firstAt: p.datetime().columnType("timestamptz"),
  lastAt: p.datetime().columnType("timestamptz"),
  /** Null while none has closed. */
  sumMs: p.double().nullable(),
  minMs: p.double().nullable(),
  maxMs: p.double().nullable(),
  bins: p.array().columnType("smallint[]"),
  binCounts: p.array().columnType("integer[]"),
};

/** Counts and durations of the executions that were started in one hour (store/sql/roll-up.ts). */
export const ExecutionRollupSchema = defineEntity({
  name: "ExecutionRollup",
  tableName: "execution_rollups",
  properties: {
    hour: p.datetime().columnType("timestamptz").primary(),
    ...rollupProperties,
  },
});

export class ExecutionRollupRow extends ExecutionRollupSchema.class {}
ExecutionRollupSchema.setClass(ExecutionRollupRow);
