/** ASL § Map State, with an inline item processor. */
import { describe, expect, test } from "vitest";
import { body, machine, startMs } from "../../support/asl/builders.ts";
import { effectLine, eventLines, typesOf } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { Answer, RunOptions } from "../../support/asl/run-in-memory.ts";

const taskBody = body({ Name: "T", Type: "Task", Resource: "t" });

function map(fields: Record<string, unknown> = {}, ItemProcessor: unknown = taskBody) {
  return machine({ Name: "M", Type: "Map", ItemProcessor, ...fields }, { Name: "H", Type: "Pass" });
}

/** Items that name what becomes of them. */
const byItem: NonNullable<RunOptions["worker"]> = ({ input }): Answer => {
  if (input === '"bad"') return { failed: true, error: "Bad", cause: "item" };
  return input === '"slow"' ? "never" : { text: input };
};

describe("items", () => {
  test.each([
    { rule: "the input is the array", fields: {}, input: [1, 2], output: [1, 2] },
    {
      rule: "ItemsPath names the array",
      fields: { ItemsPath: "$.x" },
      input: { x: ["a"] },
      output: ["a"],
    },
    {
      rule: "InputPath comes before ItemsPath",
      fields: { InputPath: "$.y", ItemsPath: "$.x" },
      input: { y: { x: [3] } },
      output: [3],
    },
    { rule: "no items: an empty array", fields: {}, input: [], output: [] },
    {
      rule: "ItemSelector makes each item's input from the state's input and the item",
      fields: {
        ItemsPath: "$.x",
        ItemSelector: { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "k.$": "$.k" },
      },
      input: { x: ["a", "b"], k: 7 },
      output: [
        { i: 0, v: "a", k: 7 },
        { i: 1, v: "b", k: 7 },
      ],
    },
  ])("$rule", async ({ fields, input, output }) => {
    const { execution } = await runInMemory(map({ ...fields, End: true }), {
      input,
      worker: byItem,
    });
    expect(JSON.parse(execution.output ?? "null")).toEqual(output);
  });

  test("something else than an array is States.Runtime", async () => {
    const { execution } = await runInMemory(map({ ItemsPath: "$.x" }), { input: { x: {} } });
    expect(execution.failure).toMatchObject({
      error: "States.Runtime",
      cause: expect.stringContaining("must point to array"),
    });
  });

  test("the item is known to every state of its iteration", async () => {
    const processor = body(
      { Name: "A", Type: "Pass", Result: "x", Next: "B" },
      { Name: "B", Type: "Pass", Parameters: { "v.$": "$$.Map.Item.Value" } },
    );
    const { execution } = await runInMemory(map({}, processor), { input: ["a", "b"] });
    expect(JSON.parse(execution.output ?? "")).toEqual([{ v: "a" }, { v: "b" }]);
  });

  test("the outputs are in the order of the items, whoever is first", async () => {
    const run = await runInMemory(map(), {
      input: [30, 10, 20],
      worker: ({ input }) => ({ text: input, afterMs: Number(input) }),
    });
    expect(run.execution.output).toBe("[30,10,20]");
  });
});

describe("MaxConcurrency", () => {
  async function mostAtOnce(fields: Record<string, unknown>, input: unknown): Promise<number> {
    const run = await runInMemory(map({ ItemsPath: "$.x", ...fields }), {
      input,
      worker: ({ input: item }) => ({ text: item, afterMs: 10 }),
    });
    let open = 0;
    return Math.max(
      ...run.history.map(({ type }) => {
        if (type === "MapIterationStarted") open += 1;
        if (type === "MapIterationSucceeded") open -= 1;
        return open;
      }),
    );
  }
  const x = [1, 2, 3, 4, 5, 6, 7];

  test.each([
    { rule: "absent: all at once", fields: {}, most: 7 },
    { rule: "0: all at once", fields: { MaxConcurrency: 0 }, most: 7 },
    { rule: "3: never more", fields: { MaxConcurrency: 3 }, most: 3 },
    { rule: "by a path", fields: { MaxConcurrencyPath: "$.max" }, most: 2 },
  ])("$rule", async ({ fields, most }) => {
    expect(await mostAtOnce(fields, { x, max: 2 })).toBe(most);
  });

  test.each([
    {
      max: "NoNumber",
      cause:
        'The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.max',
    },
    {
      max: {},
      cause:
        'The MaxConcurrencyPath field refers to value "{}" which is not a valid integer: $.max',
    },
    { max: -1, cause: "MaxConcurrency cannot be negative." },
  ])("$cause", async ({ max, cause }) => {
    const { execution, history } = await runInMemory(
      map({ ItemsPath: "$.x", MaxConcurrencyPath: "$.max" }),
      { input: { x, max } },
    );
    expect(execution.failure?.cause).toBe(
      `An error occurred while executing the state 'M' (entered at the event id #2). ${cause}`,
    );
    expect(typesOf(history).slice(1)).toEqual(["MapStateEntered", "ExecutionFailed"]);
  });

  test("an item that had to wait follows the last state event of the one that made room", async () => {
    const { history } = await runInMemory(map({ MaxConcurrency: 1 }), {
      input: [1, 2],
      worker: byItem,
    });
    expect(eventLines(history).slice(2, 19)).toEqual([
      "3 <- 2 MapStateStarted M",
      "4 <- 3 MapIterationStarted M 0",
      "5 <- 4 TaskStateEntered M[0]/T",
      "6 <- 5 TaskScheduled M[0]/T",
      "7 <- 6 TaskStarted M[0]/T",
      "8 <- 7 TaskSucceeded M[0]/T",
      "9 <- 8 TaskStateExited M[0]/T",
      "10 <- 9 MapIterationSucceeded M 0",
      "11 <- 9 MapIterationStarted M 1",
      "12 <- 11 TaskStateEntered M[1]/T",
      "13 <- 12 TaskScheduled M[1]/T",
      "14 <- 13 TaskStarted M[1]/T",
      "15 <- 14 TaskSucceeded M[1]/T",
      "16 <- 15 TaskStateExited M[1]/T",
      "17 <- 16 MapIterationSucceeded M 1",
      "18 <- 17 MapStateSucceeded M",
      "19 <- 17 MapStateExited M",
    ]);
  });
});

describe("failure", () => {
  test("the first failing item aborts the others, all following its last event", async () => {
    const run = await runInMemory(map(), { input: ["slow", "bad"], worker: byItem });
    expect(run.execution.failure).toEqual({ error: "Bad", cause: "item" });
    expect(eventLines(run.history).slice(9)).toEqual([
      "10 <- 9 TaskStarted M[1]/T",
      "11 <- 10 TaskFailed M[1]/T",
      "12 <- 11 MapIterationFailed M 1",
      "13 <- 11 MapIterationAborted M 0",
      "14 <- 11 TaskStateAborted M[0]/T",
      "15 <- 11 TaskStateAborted M[1]/T",
      "16 <- 11 MapStateFailed M",
      "17 <- 16 ExecutionFailed",
    ]);
    expect(run.effects.map((effect) => effectLine(effect, startMs)).at(-1)).toBe(
      "CancelTask 6 BranchFailed",
    );
  });

  test("Catch takes the failure of an item", async () => {
    const { execution } = await runInMemory(map({ Catch: [{ ErrorEquals: ["Bad"], Next: "H" }] }), {
      input: ["bad"],
      worker: byItem,
    });
    expect(JSON.parse(execution.output ?? "")).toEqual({ Error: "Bad", Cause: "item" });
  });

  test("Retry runs all items again", async () => {
    const run = await runInMemory(map({ Retry: [{ ErrorEquals: ["Bad"], MaxAttempts: 1 }] }), {
      input: ["a", "b"],
      worker: ({ input }, taken) =>
        input === '"b"' && taken === 2
          ? { failed: true, error: "Bad", afterMs: 3 }
          : { text: input },
    });
    expect(run.execution.output).toBe('["a","b"]');
    expect(run.tasks.map(({ input }) => input)).toEqual(['"a"', '"b"', '"a"', '"b"']);
    expect(typesOf(run.history).filter((type) => type.startsWith("MapState"))).toEqual([
      "MapStateEntered",
      "MapStateStarted",
      "MapStateStarted",
      "MapStateSucceeded",
      "MapStateExited",
    ]);
  });

  test("an ItemSelector that fails is the Map's failure, and ends the items that run", async () => {
    const fields = { MaxConcurrency: 2, ItemSelector: { "v.$": "$$.Map.Item.Value.id" } };
    const run = await runInMemory(map(fields), { input: [{ id: 1 }, {}], worker: () => "never" });
    expect(run.execution.failure?.error).toBe("States.Runtime");
    // The first item's task was withdrawn before anybody heard of it.
    expect(run.effects).toEqual([]);
  });
});

describe("tolerated failures", () => {
  const some = ["a", "bad", "c", "bad"];
  test.each([
    {
      rule: "ToleratedFailureCount: so many are left out",
      fields: { ToleratedFailureCount: 2 },
      output: ["a", "c"],
    },
    {
      rule: "ToleratedFailurePercentage",
      fields: { ToleratedFailurePercentage: 50 },
      output: ["a", "c"],
    },
    {
      rule: "both: the lower one counts",
      fields: { ToleratedFailureCount: 1, ToleratedFailurePercentage: 90 },
      error: "States.ExceedToleratedFailureThreshold",
    },
    {
      rule: "one more than that fails",
      fields: { ToleratedFailureCount: 1 },
      error: "States.ExceedToleratedFailureThreshold",
    },
    {
      rule: "by a path",
      fields: { ToleratedFailureCountPath: "$.n", ItemsPath: "$.x" },
      output: ["a", "c"],
    },
  ])("$rule", async ({ fields, output, error }) => {
    const input = "ItemsPath" in fields ? { n: 2, x: some } : some;
    const { execution } = await runInMemory(map(fields), { input, worker: byItem });
    expect(execution.failure?.error).toBe(error);
    expect(execution.output).toBe(output && JSON.stringify(output));
  });

  test.each([
    {
      n: "x",
      cause:
        'The ToleratedFailureCountPath field refers to value "x" which is not a valid integer: $.n',
    },
    { n: -1, cause: "ToleratedFailureCount cannot be negative." },
  ])("$cause", async ({ n, cause }) => {
    const { execution } = await runInMemory(
      map({ ToleratedFailureCountPath: "$.n", ItemsPath: "$.x" }),
      { input: { n, x: [1] } },
    );
    expect(execution.failure?.cause).toContain(cause);
  });
});
