import { defineEntity, p } from "@mikro-orm/core";

/** A wake row: an event that reached a server which does not own the execution. */
export const InboxSchema = defineEntity({
  name: "Inbox",
  tableName: "inbox",
  properties: {
    executionId: p.uuid().primary(),
    id: p.uuid().primary(),
    event: p.text(),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
  },
});

export class InboxRow extends InboxSchema.class {}
InboxSchema.setClass(InboxRow);
