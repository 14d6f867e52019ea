import { defineEntity, p } from "@mikro-orm/core";

/** The events of one turn, as a JSON array of HistoryEvent. */
export const HistorySchema = defineEntity({
  name: "History",
  tableName: "history",
  properties: {
    executionId: p.uuid().primary(),
    firstEventId: p.integer().primary(),
    lastEventId: p.integer(),
    events: p.text(),
  },
});

export class HistoryRow extends HistorySchema.class {}
HistorySchema.setClass(HistoryRow);
