import type { StartedExecution } from "@pawl/sdk";
import { executionJson } from "./execution-json.ts";
import type { Io } from "./io.ts";
import { shown } from "./text/plain.ts";

/** Says what was started, or found, and how to follow it. */
export function tellStarted({ execution, created }: StartedExecution, io: Io, json: boolean): void {
  if (json) return io.json({ created, ...executionJson(execution) });
  io.line(
    shown`${created ? "started" : "found"} ${execution.stateMachine}/${execution.name} (${execution.id})`,
  );
  io.note(
    io.paintNote(
      "dim",
      shown`follow it with: pawl watch ${execution.stateMachine}/${execution.name}`,
    ),
  );
}
