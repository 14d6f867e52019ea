import { CreateTables } from "./202611230000-create-tables.ts";
import { AddVersionsAndAliases } from "./202611230400-add-versions-and-aliases.ts";
import { AddMessages } from "./202611240400-add-messages.ts";
import { Redrives } from "./202611240410-redrives.ts";
import { AddTaskCallbacks } from "./202611240500-add-task-callbacks.ts";
import { MapRuns } from "./202611240600-map-runs.ts";
import { ExecutionLinks } from "./202611240700-execution-links.ts";
import { MapRunRedrives } from "./202611240700-map-run-redrives.ts";
import { AwaitedExecutions } from "./202611240710-awaited-executions.ts";
import { Batches } from "./202611240700-batches.ts";
import { Records } from "./202611241500-records.ts";
import { BatchSelections } from "./202611250110-batch-selections.ts";
import { ServerLocks } from "./202611250300-server-locks.ts";
import { Pauses } from "./202611250700-pauses.ts";
import { DayRollups } from "./202611250900-day-rollups.ts";

/** All migrations, oldest first. Inline, so that a built package needs no folder scan. Forward only; never edited once released. */
export const migrations = [
  { name: "202611230000-create-tables", class: CreateTables },
  { name: "202611230400-add-versions-and-aliases", class: AddVersionsAndAliases },
  { name: "202611240400-add-messages", class: AddMessages },
  { name: "202611240410-redrives", class: Redrives },
  { name: "202611240500-add-task-callbacks", class: AddTaskCallbacks },
  { name: "202611240600-map-runs", class: MapRuns },
  { name: "202611240700-execution-links", class: ExecutionLinks },
  { name: "202611240700-map-run-redrives", class: MapRunRedrives },
  { name: "202611240710-awaited-executions", class: AwaitedExecutions },
  { name: "202611240700-batches", class: Batches },
  { name: "202611241500-records", class: Records },
  { name: "202611250110-batch-selections", class: BatchSelections },
  { name: "202611250300-server-locks", class: ServerLocks },
  { name: "202611250700-pauses", class: Pauses },
  { name: "202611250900-day-rollups", class: DayRollups },
] as const;
