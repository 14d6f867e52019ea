/** ASL § Parallel State. */
import { describe, expect, test } from "vitest";
import { body, machine, startMs } from "../../support/asl/builders.ts";
import { effectLine, eventLines, typesOf } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { Answer } from "../../support/asl/run-in-memory.ts";

const boom: Answer = { failed: true, error: "Boom", cause: "why" };
const task = (name: string) => body({ Name: name, Type: "Task", Resource: name });

function parallel(branches: readonly unknown[], fields: Record<string, unknown> = {}) {
  return machine({ Type: "Parallel", Branches: branches, ...fields }, { Type: "Pass" });
}

describe("data flow", () => {
  test("every branch gets the effective input; the outputs are an array in the order of the branches", async () => {
    const definition = parallel([task("a"), task("b"), body({ Type: "Pass", Name: "c" })], {
      InputPath: "$.in",
      Parameters: { "n.$": "$.n" },
    });
    const { execution, tasks } = await runInMemory(definition, {
      input: { in: { n: 1 } },
      worker: ({ queue }) => ({ output: queue, afterMs: queue === "a" ? 20 : 10 }),
    });
    expect(tasks.map(({ input }) => input)).toEqual(['{"n":1}', '{"n":1}']);
    expect(JSON.parse(execution.output ?? "")).toEqual(["a", "b", { n: 1 }]);
  });

  test("ResultSelector, ResultPath and OutputPath work on the array", async () => {
    const fields = {
      ResultSelector: { "first.$": "$[0]" },
      ResultPath: "$.r",
      OutputPath: "$.r.first",
    };
    const { execution } = await runInMemory(parallel([task("a"), task("b")], fields), {
      worker: ({ queue }) => ({ output: queue }),
    });
    expect(execution.output).toBe('"a"');
  });

  test("branches may be nested", async () => {
    const inner = body({ Name: "I", Type: "Parallel", Branches: [task("a"), task("b")] });
    const run = await runInMemory(parallel([inner, task("c")]), {
      worker: ({ queue }) => ({ output: queue }),
    });
    expect(JSON.parse(run.execution.output ?? "")).toEqual([["a", "b"], "c"]);
    expect(run.tasks.map(({ statePath }) => statePath)).toEqual([
      "/States/S[0]/I[0]/a",
      "/States/S[0]/I[1]/b",
      "/States/S[1]/c",
    ]);
  });
});

describe("failure", () => {
  test.each([
    { type: "Parallel", fields: (branch: unknown) => ({ Branches: [branch, task("a")] }) },
    {
      type: "Map",
      fields: (ItemProcessor: unknown) => ({ ItemProcessor, ToleratedFailureCount: 1 }),
    },
  ])("what nothing may catch ends the execution inside a $type", async ({ type, fields }) => {
    const inner = body({ Name: "I", Type: "Pass", Parameters: { "x.$": "$.missing" } });
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "S2" }];
    const state = { Type: type, ...fields(inner), Catch };
    const run = await runInMemory(machine(state, { Type: "Pass" }), { input: [{}] });
    expect(typesOf(run.history).at(-2)).toBe("PassStateEntered");
    expect(run.history.at(-1)).toMatchObject({
      type: "ExecutionFailed",
      previousEventId: run.history.find((event) => event.type === "PassStateEntered")?.id,
    });
    expect(run.execution.failure?.error).toBe("States.Runtime");
  });

  test("the first failure aborts the other branches, withdraws what they wait for and is the state's", async () => {
    const wait = body({ Name: "w", Type: "Wait", Seconds: 60 });
    const run = await runInMemory(parallel([task("a"), task("b"), wait]), {
      worker: ({ queue }) => (queue === "b" ? boom : "never"),
    });
    expect(run.execution).toMatchObject({
      status: "FAILED",
      failure: { error: "Boom", cause: "why" },
    });
    expect(eventLines(run.history).slice(9)).toEqual([
      "10 <- 9 TaskFailed S[1]/b",
      "11 <- 10 TaskStateAborted S[0]/a",
      "12 <- 10 TaskStateAborted S[1]/b",
      "13 <- 10 WaitStateAborted S[2]/w",
      "14 <- 10 ParallelStateFailed S",
      "15 <- 14 ExecutionFailed",
    ]);
    expect(run.effects.slice(3).map((effect) => effectLine(effect, startMs))).toEqual([
      "CancelTask 5 BranchFailed",
      "CancelTimer 8",
    ]);
  });

  test("Catch takes the failure of a branch", async () => {
    const definition = parallel([task("a")], { Catch: [{ ErrorEquals: ["Boom"], Next: "S2" }] });
    const { execution } = await runInMemory(definition, { worker: () => boom });
    expect(JSON.parse(execution.output ?? "")).toEqual({ Error: "Boom", Cause: "why" });
  });

  test("a branch's own Catch comes first", async () => {
    const branch = body(
      { Name: "a", Type: "Task", Resource: "a", Catch: [{ ErrorEquals: ["Boom"], Next: "c" }] },
      { Name: "c", Type: "Pass", Result: "saved" },
    );
    const { execution } = await runInMemory(parallel([branch]), { worker: () => boom });
    expect(execution.output).toBe('["saved"]');
  });

  test("Retry runs all branches again, without another Entered or a Failed event between", async () => {
    const definition = parallel([task("a"), task("b")], {
      Retry: [{ ErrorEquals: ["Boom"], MaxAttempts: 1 }],
    });
    const run = await runInMemory(definition, {
      worker: ({ queue }, taken) =>
        queue === "b" && taken === 1 ? boom : { output: queue, afterMs: 5 },
    });
    expect(run.execution.output).toBe('["a","b"]');
    expect(run.tasks.map(({ queue }) => queue)).toEqual(["a", "b", "a", "b"]);
    expect(typesOf(run.history).filter((type) => type.startsWith("ParallelState"))).toEqual([
      "ParallelStateEntered",
      "ParallelStateStarted",
      "ParallelStateStarted",
      "ParallelStateSucceeded",
      "ParallelStateExited",
    ]);
    const failed = run.history.find(({ type }) => type === "TaskFailed");
    expect(
      run.history.findLast(({ type }) => type === "ParallelStateStarted")?.previousEventId,
    ).toBe(failed?.id);
  });

  test("States.Runtime in a branch goes past every Catch", async () => {
    const definition = parallel([body({ Type: "Pass", Name: "p", InputPath: "$.no" })], {
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "S2" }],
    });
    const { execution } = await runInMemory(definition);
    expect(execution.failure?.error).toBe("States.Runtime");
  });

  test("a failure inside a nested Parallel can be caught at any level", async () => {
    const inner = body({ Name: "I", Type: "Parallel", Branches: [task("a")] });
    const definition = parallel([inner, task("z")], {
      Catch: [{ ErrorEquals: ["Boom"], Next: "S2" }],
    });
    const run = await runInMemory(definition, {
      worker: ({ queue }) => (queue === "a" ? boom : "never"),
    });
    expect(run.execution.status).toBe("SUCCEEDED");
    expect(run.execution.scopes.size).toBe(0);
  });
});

test("the end of the state follows the last event of the branch that ended last", async () => {
  const run = await runInMemory(parallel([task("a"), task("b")]), {
    worker: ({ queue }) => ({ output: queue, afterMs: queue === "a" ? 20 : 10 }),
  });
  expect(eventLines(run.history).slice(3, 17)).toEqual([
    "4 <- 3 TaskStateEntered S[0]/a",
    "5 <- 4 TaskScheduled S[0]/a",
    "6 <- 3 TaskStateEntered S[1]/b",
    "7 <- 6 TaskScheduled S[1]/b",
    "8 <- 7 TaskStarted S[1]/b",
    "9 <- 8 TaskSucceeded S[1]/b",
    "10 <- 9 TaskStateExited S[1]/b",
    "11 <- 5 TaskStarted S[0]/a",
    "12 <- 11 TaskSucceeded S[0]/a",
    "13 <- 12 TaskStateExited S[0]/a",
    "14 <- 13 ParallelStateSucceeded S",
    "15 <- 13 ParallelStateExited S",
    "16 <- 15 ExecutionSucceeded",
  ]);
});
