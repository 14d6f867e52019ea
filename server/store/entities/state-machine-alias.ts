import { defineEntity, p } from "@mikro-orm/core";

/** A name that routes starts to one or two versions. */
export const StateMachineAliasSchema = defineEntity({
  name: "StateMachineAlias",
  tableName: "state_machine_aliases",
  properties: {
    stateMachineId: p.uuid().primary(),
    name: p.text().primary(),
    description: p.text().default(""),
    routes: p.json().$type<readonly AliasRoute[]>(),
    /** Another one after every change. */
    etag: p.uuid(),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    updatedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
  },
});

/** A version and the share of starts it gets, in percent. */
export interface AliasRoute {
  readonly version: number;
  readonly weight: number;
}

export class StateMachineAliasRow extends StateMachineAliasSchema.class {}
StateMachineAliasSchema.setClass(StateMachineAliasRow);
