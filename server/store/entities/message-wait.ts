import { defineEntity, p } from "@mikro-orm/core";

/** A wake row: a message that someone waits for. */
export const MessageWaitSchema = defineEntity({
  name: "MessageWait",
  tableName: "message_waits",
  indexes: [
    { name: "message_waits_by_correlation", properties: ["correlation", "since"] },
    { name: "message_waits_by_since", properties: ["since", "executionId", "waitId"] },
  ],
  properties: {
    executionId: p.uuid().primary(),
    waitId: p.integer().primary(),
    correlation: p.uuid(),
    correlationKey: p.text(),
    correlationValue: p.text(),
    statePath: p.text(),
    since: p.datetime().columnType("timestamptz"),
    timeoutAt: p.datetime().columnType("timestamptz").nullable(),
  },
});

export class MessageWaitRow extends MessageWaitSchema.class {}
MessageWaitSchema.setClass(MessageWaitRow);
