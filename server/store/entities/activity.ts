import { defineEntity, p } from "@mikro-orm/core";

/** A name under which workers ask for tasks, registered the AWS way. */
export const ActivitySchema = defineEntity({
  name: "Activity",
  tableName: "activities",
  properties: {
    name: p.text().primary(),
    labels: p.json().$type<Readonly<Record<string, string>>>().defaultRaw("'{}'"),
    encryption: p.json().$type<object>().nullable(),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
  },
});

export class ActivityRow extends ActivitySchema.class {}
ActivitySchema.setClass(ActivityRow);
