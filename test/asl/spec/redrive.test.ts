/** What a redrive takes up, beyond the histories of the cases. Decision 0012. */
import { describe, expect, test } from "vitest";
import { body, machine } from "../../support/asl/builders.ts";
import { eventLines, typesOf } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { RunOptions } from "../../support/asl/run-in-memory.ts";
import type { Definition } from "../../../server/asl/definition/definition.ts";

const task = { Type: "Task", Resource: "t" };
const [one, two] = ["A", "B"].map((Name) => body({ Name, ...task }));

/** Runs to its end, is redriven, and runs to the next one; restored before each turn, or not at all. */
const redriven = async (definition: Definition, options: RunOptions) => {
  const events = [{ atMs: 1_000_000, event: { type: "Redriven" } as const }];
  const run = await runInMemory(definition, { ...options, events });
  const restored = await runInMemory(definition, { ...options, events, restores: true });
  expect(restored.history).toEqual(run.history);
  const at = run.history.findIndex(({ type }) => type === "ExecutionRedriven");
  return { ...run, after: at < 0 ? [] : run.history.slice(at) };
};

describe("a state that failed by itself begins again after its entry", () => {
  test.each([
    ["Choice", { Type: "Choice", Choices: [{ Variable: "$.x", IsNull: true, Next: "S2" }] }],
    ["Pass", { Type: "Pass", Parameters: { "x.$": "$.missing" } }],
    ["Wait", { Type: "Wait", SecondsPath: "$.missing" }],
    ["Succeed", { Type: "Succeed", OutputPath: "$.missing" }],
    ["Map", { Type: "Map", ItemsPath: "$.missing", ItemProcessor: one }],
  ])("%s", async (type, state) => {
    const { after, execution } = await redriven(machine(state, { Type: "Pass" }), {});
    expect(typesOf(after)).toEqual(["ExecutionRedriven", "ExecutionFailed"]);
    expect(after[1]?.previousEventId).toBe(2);
    expect(execution.failure?.cause).toMatch(/entered at the event id #2/);
    expect(type).toBeDefined();
  });
});

describe("a Parallel or Map whose own end fails", () => {
  const branches = { Type: "Parallel", Branches: [one, two] };

  test("of a path joins again what its children gave, and runs none of them", async () => {
    const definition = machine({ ...branches, OutputPath: "$.missing" });
    const { after, tasks } = await redriven(definition, {});
    expect(typesOf(after)).toEqual([
      "ExecutionRedriven",
      "ParallelStateSucceeded",
      "ExecutionFailed",
    ]);
    expect(tasks).toHaveLength(2);
  });

  test("of States.DataLimitExceeded runs all its children again", async () => {
    const large = "x".repeat(200_000);
    const { execution, tasks } = await redriven(machine(branches), {
      worker: (_, taken) => ({ output: taken <= 2 ? large : taken }),
    });
    expect(tasks).toHaveLength(4);
    expect(execution).toMatchObject({ status: "SUCCEEDED", output: "[3,4]" });
  });
});

test("items that a Map put up with are taken up too", async () => {
  const definition = machine({
    Type: "Map",
    ToleratedFailureCount: 1,
    ItemProcessor: one,
  });
  const { execution, tasks } = await redriven(definition, {
    input: [0, 1, 2],
    worker: ({ input }, taken) =>
      taken <= 3 && input !== "1" ? { failed: true, error: "E" } : { text: input },
  });
  expect(execution).toMatchObject({ status: "SUCCEEDED", output: "[0,1,2]" });
  expect(tasks.map(({ input }) => input)).toEqual(["0", "1", "2", "0", "2"]);
});

test("variables stay, and the context object tells the redrive", async () => {
  const definition = machine(
    { Type: "Pass", Assign: { "kept.$": "$.a" }, Next: "S2" },
    {
      ...task,
      Parameters: { "kept.$": "$kept", "at.$": "$$.Execution.RedriveTime" },
      Retry: [],
      Next: "S3",
    },
    { Type: "Pass", Parameters: { "kept.$": "$kept", "run.$": "$$.Execution.RedriveCount" } },
  );
  const { execution, tasks, history } = await redriven(definition, { input: { a: 7 } });
  expect(eventLines(history).slice(4, 8)).toEqual([
    "5 <- 4 ExecutionFailed",
    "6 <- 5 ExecutionRedriven",
    "7 <- 4 TaskScheduled S2",
    "8 <- 7 TaskStarted S2",
  ]);
  expect(tasks[0]?.input).toBe('{"kept":7,"at":"2026-11-23T00:16:40.000Z"}');
  expect(execution.output).toBe('{"kept":7,"run":1}');
});

test.each<[string, RunOptions]>([
  ["that runs", { worker: () => "never" as const }],
  ["that succeeded", {}],
  ["of an EXPRESS machine", { facts: { type: "EXPRESS" as const }, worker: () => failed }],
])("an execution %s is not redriven", async (_, options) => {
  const { verdicts, after } = await redriven(machine(task), options);
  expect(verdicts.at(-1)).toBe("Stale");
  expect(after).toEqual([]);
});

const failed = { failed: true, error: "E" } as const;
