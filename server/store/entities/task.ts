import { defineEntity, p } from "@mikro-orm/core";

/**
 * A wake row: work for a worker. Without a session it is ready, unless it waits for the report under
 * its token or its execution is paused; `epoch` fences earlier deliveries, and counts them.
 */
export const TaskSchema = defineEntity({
  name: "Task",
  tableName: "tasks",
  indexes: [
    {
      name: "tasks_ready",
      properties: ["queue", "scheduledAt"],
      where: "session_id is null and not awaits_callback and not is_held",
    },
    { name: "tasks_by_session", properties: ["sessionId"], where: "session_id is not null" },
    { name: "tasks_due", properties: ["dueAt"], where: "due_at is not null" },
  ],
  properties: {
    executionId: p.uuid().primary(),
    taskId: p.integer().primary(),
    scopeId: p.integer(),
    queue: p.text(),
    resource: p.text(),
    input: p.text(),
    facts: p.text(),
    epoch: p.integer(),
    sessionId: p.uuid().nullable(),
    scheduledAt: p.datetime().columnType("timestamptz"),
    timeoutAt: p.datetime().columnType("timestamptz").nullable(),
    heartbeatSeconds: p.integer().nullable(),
    dueAt: p.datetime().columnType("timestamptz").nullable(),
    heartbeatDetails: p.text().nullable(),
    awaitsCallback: p.boolean().default(false),
    /** Its execution is paused: it is in no queue. */
    isHeld: p.boolean().default(false),
  },
});

export class TaskRow extends TaskSchema.class {}
TaskSchema.setClass(TaskRow);
