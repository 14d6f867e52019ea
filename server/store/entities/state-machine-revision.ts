import { defineEntity, p } from "@mikro-orm/core";

/** One text of a definition. Never changes; executions keep the one they started with. */
export const StateMachineRevisionSchema = defineEntity({
  name: "StateMachineRevision",
  tableName: "state_machine_revisions",
  indexes: [
    { name: "state_machine_revisions_machine", properties: ["stateMachineId", "createdAt"] },
  ],
  properties: {
    id: p.uuid().primary(),
    stateMachineId: p.uuid(),
    /** Exactly what the author sent. */
    definition: p.text(),
    format: p.text().$type<"JSON" | "YAML">(),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
  },
});

export class StateMachineRevisionRow extends StateMachineRevisionSchema.class {}
StateMachineRevisionSchema.setClass(StateMachineRevisionRow);
