/** ASL § Succeed State, § Fail State. */
import { expect, test } from "vitest";
import { machine } from "../../support/asl/builders.ts";
import { detailsOf, eventLines } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";

test("Succeed ends its scope with its input, through InputPath and OutputPath", async () => {
  const definition = machine({ Type: "Succeed", InputPath: "$.a", OutputPath: "$.b" });
  const { execution, history } = await runInMemory(definition, { input: { a: { b: 1 } } });
  expect(execution).toMatchObject({ status: "SUCCEEDED", output: "1" });
  expect(eventLines(history)).toEqual([
    "1 <- 0 ExecutionStarted",
    "2 <- 0 SucceedStateEntered S",
    "3 <- 2 SucceedStateExited S",
    "4 <- 3 ExecutionSucceeded",
  ]);
});

test.each([
  {
    rule: "Error and Cause",
    state: { Error: "E", Cause: "why" },
    failure: { error: "E", cause: "why" },
  },
  { rule: "neither", state: {}, failure: {} },
  { rule: "only Cause", state: { Cause: "why" }, failure: { cause: "why" } },
  {
    rule: "ErrorPath and CausePath",
    state: { ErrorPath: "$.e", CausePath: "$$.State.Name" },
    failure: { error: "Bad", cause: "S" },
  },
])("Fail fails the execution with $rule", async ({ state, failure }) => {
  const { execution, history } = await runInMemory(machine({ Type: "Fail", ...state }), {
    input: { e: "Bad" },
  });
  expect(execution).toMatchObject({ status: "FAILED", failure });
  expect(detailsOf(history, "ExecutionFailed")).toEqual(failure);
  expect(eventLines(history).slice(1)).toEqual([
    "2 <- 0 FailStateEntered S",
    "3 <- 2 ExecutionFailed",
  ]);
});

test("an ErrorPath to something else than a string is States.Runtime", async () => {
  const { execution } = await runInMemory(machine({ Type: "Fail", ErrorPath: "$.e" }), {
    input: { e: 5 },
  });
  expect(execution.failure?.error).toBe("States.Runtime");
});
