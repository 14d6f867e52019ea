import { defineEntity, p } from "@mikro-orm/core";

/** An hour whose executions are no longer what its rollup says. Written by triggers on executions. */
export const ExecutionRollupChangeSchema = defineEntity({
  name: "ExecutionRollupChange",
  tableName: "execution_rollup_changes",
  properties: {
    id: p.uuid().primary().defaultRaw("gen_random_uuid()"),
    hour: p.datetime().columnType("timestamptz"),
  },
});

export class ExecutionRollupChangeRow extends ExecutionRollupChangeSchema.class {}
ExecutionRollupChangeSchema.setClass(ExecutionRollupChangeRow);
