import { defineEntity, p } from "@mikro-orm/core";
import type { ExecutionStatus } from "../../asl/index.ts";

/** An execution with its root scope. `rev` guards every write; only turns write it (store/sql). */
export const ExecutionSchema = defineEntity({
  name: "Execution",
  tableName: "executions",
  indexes: [
    {
      name: "executions_by_machine",
      // As text: MikroORM 7.2.1 takes the "id" of state_machine_id for the column id when it reads the index back.
      expression:
        'create index "executions_by_machine" on "executions" ("state_machine_id", "started_at" desc, "id" desc)',
    },
    {
      name: "executions_by_start",
      columns: [
        { name: "started_at", sort: "desc" },
        { name: "id", sort: "desc" },
      ],
      properties: ["startedAt", "id"],
    },
    {
      name: "executions_by_version",
      expression:
        'create index "executions_by_version" on "executions" ("state_machine_id", "version", "started_at" desc, "id" desc) where "version" is not null',
    },
    {
      name: "executions_by_alias",
      expression:
        'create index "executions_by_alias" on "executions" ("state_machine_id", "alias", "started_at" desc, "id" desc) where "alias" is not null',
    },
    { name: "executions_deadline", properties: ["deadlineAt"], where: "deadline_at is not null" },
  ],
  properties: {
    /** The name itself where we made it; else derived from machine and name (engine/ids.ts). */
    id: p.uuid().primary(),
    stateMachineId: p.uuid(),
    stateMachineName: p.text(),
    revisionId: p.uuid(),
    name: p.text(),
    status: p.text().$type<ExecutionStatus>(),
    rev: p.integer(),
    /** The server that turned it last. */
    owner: p.uuid().nullable(),
    nextEventId: p.integer(),
    nextScopeId: p.integer(),
    facts: p.text(),
    input: p.text(),
    state: p.text().nullable(),
    output: p.text().nullable(),
    error: p.text().nullable(),
    cause: p.text().nullable(),
    labels: p.json().$type<Readonly<Record<string, string>>>().nullable(),
    trace: p.text().nullable(),
    startedAt: p.datetime().columnType("timestamptz"),
    stoppedAt: p.datetime().columnType("timestamptz").nullable(),
    deadlineAt: p.datetime().columnType("timestamptz").nullable(),
    /** JSON of Redrives (engine/redrives.ts); null: never redriven. */
    redrive: p.text().nullable(),
    /** What it was started through, if not the plain machine. */
    version: p.integer().nullable(),
    alias: p.text().nullable(),
  },
});

export class ExecutionRow extends ExecutionSchema.class {}
ExecutionSchema.setClass(ExecutionRow);
