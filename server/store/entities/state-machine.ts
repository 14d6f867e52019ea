import { defineEntity, p } from "@mikro-orm/core";
import type { TaskLossPolicy } from "../../asl/index.ts";

/** The head of a state machine; its text is that of `revisionId`. */
export const StateMachineSchema = defineEntity({
  name: "StateMachine",
  tableName: "state_machines",
  properties: {
    id: p.uuid().primary(),
    name: p.text().unique("state_machines_name_key"),
    type: p.text().$type<"STANDARD" | "EXPRESS">(),
    status: p.text().$type<"ACTIVE" | "DELETING">().default("ACTIVE"),
    roleArn: p.text().default(""),
    description: p.text().default(""),
    labels: p.json().$type<Readonly<Record<string, string>>>().defaultRaw("'{}'"),
    logging: p.json().$type<object>().nullable(),
    tracing: p.json().$type<object>().nullable(),
    encryption: p.json().$type<object>().nullable(),
    revisionId: p.uuid(),
    updateCount: p.integer().default(0),
    /** The highest number ever published; 0: none. */
    lastVersion: p.integer().default(0),
    /** Another one when an alias changes or a version goes: guards starts through them. */
    routingId: p.uuid().defaultRaw("gen_random_uuid()"),
    /** Seconds that closed executions are kept; null: for ever. */
    retentionSeconds: p.integer().nullable(),
    /** What becomes of a task whose worker was lost; null: it is offered again. */
    onTaskLost: p.text().$type<TaskLossPolicy>().nullable(),
    /** Deliveries before that; null: 1. */
    maxTaskDeliveries: p.integer().nullable(),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    updatedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
  },
});

export class StateMachineRow extends StateMachineSchema.class {}
StateMachineSchema.setClass(StateMachineRow);
