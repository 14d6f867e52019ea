import { defineEntity, p } from "@mikro-orm/core";

/** A wake row: a moment. */
export const TimerSchema = defineEntity({
  name: "Timer",
  tableName: "timers",
  indexes: [{ name: "timers_due", properties: ["dueAt"] }],
  properties: {
    executionId: p.uuid().primary(),
    timerId: p.integer().primary(),
    scopeId: p.integer(),
    dueAt: p.datetime().columnType("timestamptz"),
  },
});

export class TimerRow extends TimerSchema.class {}
TimerSchema.setClass(TimerRow);
