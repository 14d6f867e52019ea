/** ASL § Errors: which names in ErrorEquals match which errors, for Retry and Catch alike. */
import { describe, expect, test } from "vitest";
import { matchesError } from "../../../server/asl/error-equals.ts";
import { machine } from "../../support/asl/builders.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";

test.each([
  { names: ["A", "B"], error: "B", matches: true },
  { names: ["A"], error: "a", matches: false },
  { names: ["States.ALL"], error: "Anything", matches: true },
  { names: ["States.ALL"], error: undefined, matches: true },
  { names: ["States.ALL"], error: "States.Timeout", matches: true },
  { names: ["States.ALL"], error: "States.DataLimitExceeded", matches: true },
  { names: ["States.ALL"], error: "States.Runtime", matches: false },
  { names: ["States.Runtime"], error: "States.Runtime", matches: false },
  { names: ["States.TaskFailed"], error: "Anything", matches: true },
  { names: ["States.TaskFailed"], error: "States.DataLimitExceeded", matches: true },
  { names: ["States.TaskFailed"], error: "States.Timeout", matches: false },
  { names: ["States.TaskFailed"], error: "States.Runtime", matches: false },
  { names: ["States.Timeout"], error: "States.Timeout", matches: true },
  { names: ["States.HeartbeatTimeout"], error: "States.Timeout", matches: false },
  { names: ["States.DataLimitExceeded"], error: "States.DataLimitExceeded", matches: true },
])("$names against $error: $matches", ({ names, error, matches }) => {
  expect(matchesError(names, { failure: error === undefined ? {} : { error } })).toBe(matches);
});

describe("heartbeats", () => {
  test.each(["States.Timeout", "States.HeartbeatTimeout"])(
    "%s catches a missing heartbeat",
    async (name) => {
      const state = {
        Type: "Task",
        Resource: "t",
        HeartbeatSeconds: 1,
        Catch: [{ ErrorEquals: [name], Next: "S2" }],
      };
      const run = await runInMemory(machine(state, { Type: "Pass" }), { worker: () => "never" });
      expect(JSON.parse(run.execution.output ?? "")).toEqual({
        Error: "States.Timeout",
        Cause: "",
      });
    },
  );
});
