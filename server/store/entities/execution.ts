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
    {
      name: "executions_failed",
      expression:
        'create index "executions_failed" on "executions" ("failed_as", "started_at" desc, "id" desc) where "failed_as" is not null',
    },
    {
      name: "executions_failed_by_machine",
      expression:
        'create index "executions_failed_by_machine" on "executions" ("state_machine_id", "failed_as", "started_at" desc, "id" desc) where "failed_as" is not null',
    },
    {
      name: "executions_by_error",
      expression:
        'create index "executions_by_error" on "executions" ("error", "started_at" desc, "id" desc) where "error" is not null',
    },
    {
      name: "executions_by_name",
      expression:
        'create index "executions_by_name" on "executions" ("name" collate "C") where "name" <> "id"::text',
    },
    {
      name: "executions_by_label",
      expression:
        'create index "executions_by_label" on "executions" using gin ("labels" jsonb_path_ops) where "labels" is not null',
    },
    {
      name: "executions_by_end",
      expression:
        'create index "executions_by_end" on "executions" using brin ("stopped_at") with (pages_per_range = 32, autosummarize = on)',
    },
    { name: "executions_paused", properties: ["id"], where: "pause is not null" },
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
    /** JSON of Pause (asl/pause.ts) while it runs and is paused; else null. */
    pause: p.text().nullable(),
    /** What it was started through, if not the plain machine. */
    version: p.integer().nullable(),
    alias: p.text().nullable(),
    /** Its status if it has closed without success: written by PostgreSQL, for the indexes. */
    failedAs: p
      .text()
      .generated(
        // As PostgreSQL reads it back.
        "(CASE WHEN (status = ANY (ARRAY['FAILED'::text, 'TIMED_OUT'::text, 'ABORTED'::text])) THEN status ELSE NULL::text END) stored",
      )
      .nullable(),
  },
});

export class ExecutionRow extends ExecutionSchema.class {}
ExecutionSchema.setClass(ExecutionRow);
