import { defineEntity, p } from "@mikro-orm/core";

/** A worker's stream. `facts` is what it said of itself when it came. */
export const SessionSchema = defineEntity({
  name: "Session",
  tableName: "sessions",
  properties: {
    id: p.uuid().primary(),
    serverId: p.uuid(),
    workerId: p.text(),
    identity: p.text(),
    facts: p.json().$type<Readonly<Record<string, unknown>>>(),
    connectedAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    lastSeenAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    closedAt: p.datetime().columnType("timestamptz").nullable(),
  },
});

export class SessionRow extends SessionSchema.class {}
SessionSchema.setClass(SessionRow);
