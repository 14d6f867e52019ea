/** ASL § Errors: Fallback states. */
import { describe, expect, test } from "vitest";
import { machine } from "../../support/asl/builders.ts";
import { eventLines } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { Answer } from "../../support/asl/run-in-memory.ts";

function task(Catch: readonly unknown[], fields: Record<string, unknown> = {}) {
  return machine(
    { Type: "Task", Resource: "t", Catch, ...fields },
    { Type: "Pass" },
    { Type: "Pass", Result: "third" },
  );
}
const fails = (error?: string, cause?: string): Answer => ({
  failed: true,
  ...(error !== undefined && { error }),
  ...(cause !== undefined && { cause }),
});
const all = { ErrorEquals: ["States.ALL"], Next: "S2" };

describe("output", () => {
  test.each([
    {
      rule: "the error output replaces the input",
      catcher: all,
      answer: fails("E", "why"),
      output: { Error: "E", Cause: "why" },
    },
    {
      rule: "ResultPath puts it into the input",
      catcher: { ...all, ResultPath: "$.e" },
      answer: fails("E", "why"),
      output: { a: 1, e: { Error: "E", Cause: "why" } },
    },
    {
      rule: "ResultPath null keeps the input",
      catcher: { ...all, ResultPath: null },
      answer: fails("E"),
      output: { a: 1 },
    },
    {
      rule: "a failure without a cause has an empty one",
      catcher: all,
      answer: fails("E"),
      output: { Error: "E", Cause: "" },
    },
    {
      rule: "a failure without a name has null for both",
      catcher: all,
      answer: fails(),
      output: { Error: null, Cause: null },
    },
  ])("$rule", async ({ catcher, answer, output }) => {
    const { execution } = await runInMemory(task([catcher]), {
      input: { a: 1 },
      worker: () => answer,
    });
    expect(JSON.parse(execution.output ?? "")).toEqual(output);
  });

  test("OutputPath, ResultPath and ResultSelector of the state do not touch it", async () => {
    const fields = { OutputPath: "$.no", ResultPath: "$.r", ResultSelector: { "x.$": "$.no" } };
    const { execution } = await runInMemory(task([all], fields), {
      worker: () => fails("E", "why"),
    });
    expect(JSON.parse(execution.output ?? "")).toEqual({ Error: "E", Cause: "why" });
  });
});

test("the first Catcher that names the error is taken", async () => {
  const catchers = [
    { ErrorEquals: ["Other"], Next: "S2" },
    { ErrorEquals: ["E"], Next: "S3" },
    all,
  ];
  const { execution } = await runInMemory(task(catchers), { worker: () => fails("E") });
  expect(execution.output).toBe('"third"');
});

test("no Catcher: the execution fails with the error", async () => {
  const { execution } = await runInMemory(task([{ ErrorEquals: ["Other"], Next: "S2" }]), {
    worker: () => fails("E", "why"),
  });
  expect(execution).toMatchObject({ status: "FAILED", failure: { error: "E", cause: "why" } });
});

test("Catch comes after Retry", async () => {
  const run = await runInMemory(task([all], { Retry: [{ ErrorEquals: ["E"], MaxAttempts: 2 }] }), {
    worker: () => fails("E"),
  });
  expect(run.tasks).toHaveLength(3);
  expect(run.execution.status).toBe("SUCCEEDED");
});

test("a caught state exits like any other", async () => {
  const { history } = await runInMemory(task([all]), { worker: () => fails("E") });
  expect(eventLines(history).slice(4)).toEqual([
    "5 <- 4 TaskFailed S",
    "6 <- 5 TaskStateExited S",
    "7 <- 6 PassStateEntered S2",
    "8 <- 7 PassStateExited S2",
    "9 <- 8 ExecutionSucceeded",
  ]);
});

test("States.Runtime is not caught, not even by its name", async () => {
  const catchers = [
    { ErrorEquals: ["States.Runtime"], Next: "S2" },
    { ErrorEquals: ["States.ALL"], Next: "S3" },
  ];
  const { execution } = await runInMemory(task(catchers, { InputPath: "$.no" }));
  expect(execution.failure?.error).toBe("States.Runtime");
});

test("an error of the data that has another name is caught, but never retried", async () => {
  const fields = {
    Parameters: { "x.$": "States.ArrayRange(1, 9, 0)" },
    Retry: [{ ErrorEquals: ["States.ALL"] }],
  };
  const run = await runInMemory(task([all], fields));
  expect(run.tasks).toHaveLength(0);
  expect(run.tookMs).toBe(0);
});
