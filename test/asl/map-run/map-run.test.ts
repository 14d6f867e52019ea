import { describe, expect, test } from "vitest";
import { compileDefinition } from "../../../server/asl/definition/compile.ts";
import { mapAt } from "../../../server/asl/map-run/map-pointer.ts";
import type { MapRunArguments } from "../../../server/asl/map-run/arguments.ts";
import { body, machine } from "../../support/asl/builders.ts";
import { effectLine, eventLines } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { RunOptions } from "../../support/asl/run-in-memory.ts";
import { startMs } from "../../support/asl/builders.ts";

const distributed = (more: object = {}, states: object = body({ Name: "I", Type: "Pass" })) => ({
  Name: "M",
  Type: "Map",
  ItemProcessor: {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    ...states,
  },
  ...more,
});

describe("the record of a distributed Map", () => {
  test.each([true, false])("that succeeds; restored before each step: %s", async (restores) => {
    const { history, effects, execution } = await runInMemory(machine(distributed()), {
      input: [1, 2],
      worker: () => ({ output: [3, 4] }),
      restores,
    });
    expect(eventLines(history)).toEqual([
      "1 <- 0 ExecutionStarted",
      "2 <- 0 MapStateEntered M",
      "3 <- 2 MapStateStarted M",
      "4 <- 3 MapRunStarted M",
      "5 <- 4 MapRunSucceeded M",
      "6 <- 5 MapStateSucceeded M",
      "7 <- 5 MapStateExited M",
      "8 <- 7 ExecutionSucceeded",
    ]);
    const lines = effects.map((effect) => effectLine(effect, startMs).replace(/\{.*/, "..."));
    expect(lines).toEqual([
      "StartMapRun 4 2 items",
      "ScheduleTask 4 pawl:map-run ...",
      "EndMapRun SUCCEEDED",
    ]);
    expect(execution.output).toBe("[3,4]");
  });

  test.each([
    ["States.ExceedToleratedFailureThreshold", "9 <- 4 MapRunRedriven M"],
    ["States.ItemReaderFailed", "9 <- 4 MapRunRedriven M"],
    ["States.DataLimitExceeded", "9 <- 2 MapStateStarted M"],
    ["States.Runtime", "9 <- 2 MapStateStarted M"],
  ])("that failed with %s and is redriven", async (error, first) => {
    const options: RunOptions = {
      input: [1],
      events: [{ atMs: 60_000, event: { type: "Redriven" } }],
      worker: (_task, _taken, redrives) =>
        redrives === 0 ? { failed: true, error } : { output: [1] },
    };
    const { history, execution } = await runInMemory(machine(distributed()), options);
    expect(eventLines(history).slice(7, 9)).toEqual(["8 <- 7 ExecutionRedriven", first]);
    expect(execution.status).toBe("SUCCEEDED");
    const restored = await runInMemory(machine(distributed()), { ...options, restores: true });
    expect(restored.history).toEqual(history);
  });

  test("that fails, is retried, and fails again", async () => {
    const { history } = await runInMemory(
      machine(distributed({ Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }] })),
      { input: [], worker: () => ({ failed: true, error: "States.ItemReaderFailed" }) },
    );
    expect(eventLines(history).slice(2)).toEqual([
      "3 <- 2 MapStateStarted M",
      "4 <- 3 MapRunStarted M",
      "5 <- 4 MapRunFailed M",
      "6 <- 5 MapStateStarted M",
      "7 <- 6 MapRunStarted M",
      "8 <- 7 MapRunFailed M",
      "9 <- 8 MapStateFailed M",
      "10 <- 9 ExecutionFailed",
    ]);
  });

  test("that is stopped: its run is given up", async () => {
    const { effects } = await runInMemory(machine(distributed()), {
      input: [1],
      worker: () => "never",
      events: [{ atMs: 50, event: { type: "Stopped", failure: {} } }],
    });
    expect(effects.map(({ type }) => type)).toEqual([
      "StartMapRun",
      "ScheduleTask",
      "CancelTask",
      "EndMapRun",
    ]);
    expect(effects.at(-1)).toMatchObject({ status: "ABORTED" });
  });

  test("whose branch a failing sibling cuts short", async () => {
    const definition = machine({
      Type: "Parallel",
      Branches: [
        body(distributed({ ItemsPath: "$.items" })),
        body({ Name: "T", Type: "Task", Resource: "t" }),
      ],
    });
    const { history } = await runInMemory(definition, {
      input: { items: [1] },
      worker: ({ queue }) => (queue === "t" ? { failed: true, error: "E" } : "never"),
    });
    const types = history.map(({ type }) => type);
    expect(types.slice(-6)).toEqual([
      "TaskFailed",
      "MapRunAborted",
      "MapStateAborted",
      "TaskStateAborted",
      "ParallelStateFailed",
      "ExecutionFailed",
    ]);
  });
});

test("what carries the run out is given what the expressions came to", async () => {
  const definition = machine(
    { Type: "Pass", Assign: { most: "2" }, Next: "M" },
    distributed({
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", MaxItemsPath: "$most" },
        Parameters: { Bucket: "b", "Key.$": "$.key" },
      },
      ItemBatcher: { MaxItemsPerBatchPath: "$most", BatchInput: { "key.$": "$.key" } },
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "b", Prefix: "p" },
      },
      Label: "L",
    }),
  );
  const { tasks, history } = await runInMemory(definition, {
    input: { key: "k" },
    worker: () => ({ output: [] }),
  });
  const given = JSON.parse(tasks[0]!.input) as MapRunArguments;
  expect(given).toMatchObject({
    mapRunArn: expect.stringMatching(/:mapRun:[^:]+\/L:/),
    map: "/States/M",
    enteredEventId: 4,
    snapshot: { input: { key: "k" }, variables: { most: "2" } },
    reader: {
      resource: "arn:aws:states:::s3:getObject",
      parameters: { Bucket: "b", Key: "k" },
      config: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      maxItems: 2,
    },
    batcher: { maxItemsPerBatch: 2, batchInput: { key: "k" } },
    writer: { resource: "arn:aws:states:::s3:putObject", parameters: { Bucket: "b", Prefix: "p" } },
  });
  expect(given.items).toBeUndefined();
  expect(history.find(({ type }) => type === "MapStateStarted")?.details).toEqual({ length: 0 });
});

test("a pointer finds its Map again, wherever it is and whatever its name", async () => {
  const inner = { ...distributed(), Name: "a/b~c" };
  const definition = machine({
    Type: "Parallel",
    Branches: [
      body({ Type: "Pass", Name: "P" }),
      body({ Type: "Map", Name: "Outer", ItemProcessor: body(inner) }),
    ],
  });
  const { tasks } = await runInMemory(definition, {
    input: [[1]],
    worker: () => ({ output: [] }),
  });
  const { map } = JSON.parse(tasks[0]!.input) as MapRunArguments;
  expect(map).toBe("/States/S/Branches/1/States/Outer/ItemProcessor/States/a~1b~0c");
  expect(mapAt(definition, map).name).toBe("a/b~c");
  expect(() => mapAt(definition, "/States/Other")).toThrow("no Map at /States/Other");
});

const mapOf = (state: object, type: "STANDARD" | "EXPRESS" = "STANDARD"): readonly string[] => {
  const text = JSON.stringify({
    StartAt: "M",
    States: { M: { ...state, Name: undefined, End: true } },
  });
  return compileDefinition(text, { type }).diagnostics.map(
    ({ code, pointer }) => `${code} ${pointer.replace("/States/M", "")}`,
  );
};
const object = "arn:aws:states:::s3:getObject";

test.each<[string, object]>([
  [
    "MISSING_FIELD /ItemProcessor/ProcessorConfig",
    { ItemProcessor: { ...body({ Type: "Pass" }), ProcessorConfig: { Mode: "DISTRIBUTED" } } },
  ],
  [
    "RESOURCE_INVALID /ItemReader/Resource",
    { ItemReader: { Resource: "arn:aws:states:::s3:putObject" } },
  ],
  ["MISSING_FIELD /ItemReader/ReaderConfig", { ItemReader: { Resource: object } }],
  [
    "MISSING_FIELD /ItemReader/ReaderConfig",
    { ItemReader: { Resource: object, ReaderConfig: { InputType: "CSV" } } },
  ],
  [
    "MISSING_FIELD /ItemReader/ReaderConfig",
    {
      ItemReader: {
        Resource: object,
        ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "GIVEN" },
      },
    },
  ],
  [
    "FIELDS_EXCLUDE_EACH_OTHER /ItemReader/ReaderConfig",
    {
      ItemReader: {
        Resource: object,
        ReaderConfig: { InputType: "JSON", MaxItems: 1, MaxItemsPath: "$.n" },
      },
    },
  ],
  [
    "FIELD_VALUE /ItemReader/ReaderConfig/InputType",
    { ItemReader: { Resource: object, ReaderConfig: { InputType: "XML" } } },
  ],
  [
    "PARQUET_UNSUPPORTED /ItemReader/ReaderConfig/InputType",
    { ItemReader: { Resource: object, ReaderConfig: { InputType: "PARQUET" } } },
  ],
  [
    "POINTER_INVALID /ItemReader/ReaderConfig/ItemsPointer",
    { ItemReader: { Resource: object, ReaderConfig: { InputType: "JSON", ItemsPointer: "a" } } },
  ],
  ["MISSING_FIELD /ItemBatcher", { ItemBatcher: { BatchInput: {} } }],
  [
    "FIELD_RANGE /ItemBatcher/MaxInputBytesPerBatch",
    { ItemBatcher: { MaxInputBytesPerBatch: 262_145 } },
  ],
  ["MISSING_FIELD /ResultWriter", { ResultWriter: {} }],
  [
    "FIELD_VALUE /ResultWriter/WriterConfig/Transformation",
    { ResultWriter: { WriterConfig: { Transformation: "ZIP" } } },
  ],
  ["LABEL_INVALID /Label", { Label: "x".repeat(41) }],
  ["LABEL_INVALID /Label", { Label: "a:b" }],
])("%s", (finding, more) => {
  expect(mapOf(distributed(more))).toEqual([finding]);
});

test.each(["ItemReader", "ItemBatcher", "ResultWriter", "Label"])(
  "%s is refused on an inline Map",
  (field) => {
    const values = {
      ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2" },
      ItemBatcher: { MaxItemsPerBatch: 1 },
      ResultWriter: { WriterConfig: {} },
      Label: "L",
    };
    const inline = {
      Type: "Map",
      ItemProcessor: body({ Type: "Pass" }),
      [field]: values[field as keyof typeof values],
    };
    expect(mapOf(inline)).toEqual([`DISTRIBUTED_ONLY /${field}`]);
  },
);

test("labels are unique in the whole definition", () => {
  const inner = body({ ...distributed({ Label: "L" }), Name: "Inner" });
  expect(mapOf(distributed({ Label: "L" }, inner))).toEqual([
    "DUPLICATE_LABEL /ItemProcessor/States/Inner/Label",
  ]);
});

test("an Express machine has no distributed Map, and Express children no activities", () => {
  expect(mapOf(distributed(), "EXPRESS")).toEqual(["EXPRESS_UNSUPPORTED "]);
  const activity = "arn:aws:states:us-east-1:000000000000:activity:a";
  const processor = {
    ...body({ Name: "T", Type: "Task", Resource: activity }),
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
  };
  expect(mapOf(distributed({ ItemProcessor: processor }))).toEqual([
    "EXPRESS_UNSUPPORTED /ItemProcessor/States/T/Resource",
  ]);
});
