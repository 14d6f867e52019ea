import { defineEntity, p } from "@mikro-orm/core";

/** A server that lives, or did. */
export const ServerSchema = defineEntity({
  name: "Server",
  tableName: "servers",
  properties: {
    id: p.uuid().primary(),
    version: p.text(),
    address: p.text(),
    startedAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    heartbeatAt: p.datetime().columnType("timestamptz").defaultRaw("clock_timestamp()"),
    holdsLock: p.boolean().default(false),
  },
});

export class ServerRow extends ServerSchema.class {}
ServerSchema.setClass(ServerRow);
