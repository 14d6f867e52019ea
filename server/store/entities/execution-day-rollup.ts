import { defineEntity, p } from "@mikro-orm/core";
import { rollupProperties } from "./execution-rollup.ts";

/** Counts and durations of the executions that were started in one day: the sum of its hours. */
export const ExecutionDayRollupSchema = defineEntity({
  name: "ExecutionDayRollup",
  tableName: "execution_day_rollups",
  properties: {
    day: p.datetime().columnType("timestamptz").primary(),
    ...rollupProperties,
  },
});

export class ExecutionDayRollupRow extends ExecutionDayRollupSchema.class {}
ExecutionDayRollupSchema.setClass(ExecutionDayRollupRow);
