import { defineEntity, p } from "@mikro-orm/core";

/** A message that is kept, see store/sql/messages.ts. */
export const MessageSchema = defineEntity({
  name: "Message",
  tableName: "messages",
  indexes: [
    {
      name: "messages_buffered",
      properties: ["correlation", "sentAt"],
      where: "status = 'BUFFERED'",
    },
    {
      name: "messages_under_way",
      properties: ["lookedAt"],
      where: "status in ('PENDING', 'CLAIMED')",
    },
    { name: "messages_expire", properties: ["expiresAt"] },
  ],
  properties: {
    id: p.uuid().primary(),
    correlation: p.uuid(),
    status: p.text(),
    request: p.text(),
    data: p.text(),
    targetExecutionId: p.uuid().nullable(),
    targetWaitId: p.integer().nullable(),
    sentAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    lookedAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    receivedAt: p.datetime().columnType("timestamptz").nullable(),
    expiresAt: p.datetime().columnType("timestamptz"),
  },
});

export class MessageRow extends MessageSchema.class {}
MessageSchema.setClass(MessageRow);
