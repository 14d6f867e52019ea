import { defineEntity, p } from "@mikro-orm/core";

/** A revision under a number, with the settings of its time. Never changes. */
export const StateMachineVersionSchema = defineEntity({
  name: "StateMachineVersion",
  tableName: "state_machine_versions",
  uniques: [
    { name: "state_machine_versions_revision", properties: ["stateMachineId", "revisionId"] },
  ],
  properties: {
    stateMachineId: p.uuid().primary(),
    version: p.integer().primary(),
    revisionId: p.uuid(),
    /** The machine's, when it was published. */
    updateCount: p.integer(),
    description: p.text().default(""),
    roleArn: p.text(),
    logging: p.json().$type<object>().nullable(),
    tracing: p.json().$type<object>().nullable(),
    encryption: p.json().$type<object>().nullable(),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
  },
});

export class StateMachineVersionRow extends StateMachineVersionSchema.class {}
StateMachineVersionSchema.setClass(StateMachineVersionRow);
