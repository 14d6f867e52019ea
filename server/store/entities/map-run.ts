import { defineEntity, p } from "@mikro-orm/core";
import type { MapRunStatus } from "../reads/map-runs.ts";

/** The run of a distributed Map state. How its children fare is counted from their rows. */
export const MapRunSchema = defineEntity({
  name: "MapRun",
  tableName: "map_runs",
  indexes: [
    {
      name: "map_runs_by_execution",
      // As text: see ExecutionSchema.
      expression:
        'create index "map_runs_by_execution" on "map_runs" ("execution_id", "started_at" desc, "id" desc)',
    },
    {
      name: "map_runs_unsettled",
      properties: ["id"],
      where: "not is_settled and status <> 'RUNNING'",
    },
  ],
  properties: {
    id: p.uuid().primary(),
    arn: p.text(),
    /** Of the execution that has the Map state. */
    executionId: p.uuid(),
    taskId: p.integer(),
    revisionId: p.uuid(),
    status: p.text().$type<MapRunStatus>(),
    /** 0: no bound but the server's own. */
    maxConcurrency: p.integer(),
    toleratedFailureCount: p.integer().nullable(),
    toleratedFailurePercentage: p.double().nullable(),
    /** Null while not all items are known. */
    itemCount: p.integer().nullable(),
    childCount: p.integer().nullable(),
    /** What a reader read from, so that a change is noticed. */
    source: p.text().nullable(),
    /** Over, and so are all children. */
    isSettled: p.boolean().default(false),
    redriveCount: p.integer().default(0),
    redrivenAt: p.datetime().columnType("timestamptz").nullable(),
    startedAt: p.datetime().columnType("timestamptz"),
    stoppedAt: p.datetime().columnType("timestamptz").nullable(),
  },
});

export class MapRunRow extends MapRunSchema.class {}
MapRunSchema.setClass(MapRunRow);
