import { defineEntity, p } from "@mikro-orm/core";

/** An execution that a `.sync` task of another one waits for. Goes when it has closed. */
export const AwaitedExecutionSchema = defineEntity({
  name: "AwaitedExecution",
  tableName: "awaited_executions",
  properties: {
    id: p.uuid().primary(),
    executionId: p.uuid(),
    taskId: p.integer(),
  },
});

export class AwaitedExecution extends AwaitedExecutionSchema.class {}
AwaitedExecutionSchema.setClass(AwaitedExecution);
