import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import { createEngines, endOf, historyOf, makeMachine, pause, until } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";
import { proxyDatabase } from "../support/tcp-proxy.ts";

let engines: Engines;
let engine: TestEngine;
let buckets: string;
beforeAll(async () => {
  engines = await createEngines();
  buckets = await mkdtemp(join(tmpdir(), "pawl-buckets-"));
  await mkdir(join(buckets, "data"));
  engine = await engines.open({ bucketsDir: buckets });
});
afterAll(async () => {
  await engines.close();
  await rm(buckets, { recursive: true });
});

const pass = { StartAt: "Item", States: { Item: { Type: "Pass", End: true } } };
const task = (resource: string): object => ({
  StartAt: "Item",
  States: { Item: { Type: "Task", Resource: resource, End: true } },
});
const each = (processor: object, more: object = {}, ExecutionType = "STANDARD"): object => ({
  Type: "Map",
  End: true,
  ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType }, ...processor },
  ...more,
});
const distributed = (processor: object, more: object = {}): object => ({
  StartAt: "Each",
  States: { Each: each(processor, more) },
});
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const start = async (definition: object, input: unknown, on = engine): Promise<string> => {
  const stateMachine = await makeMachine(on, definition);
  return (await on.startExecution({ stateMachine, input: JSON.stringify(input) })).execution.id;
};
const run = async (definition: object, input: unknown) =>
  await endOf(engine, await start(definition, input));
const mapRunOf = async (executionId: string, on = engine) => {
  const { items } = await on.listMapRuns(executionId, {});
  return await on.describeMapRun(items[0]!.id);
};
const childrenOf = async (mapRun: string, on = engine) =>
  (await on.listExecutions({ mapRun, pageSize: 1_000, includePayloads: true })).items;

test("each item is an execution of its own, under the run and not among the machine's", async () => {
  const stateMachine = await makeMachine(engine, distributed(pass, { Label: "each" }));
  const { execution } = await engine.startExecution({ stateMachine, input: "[1,2,3]" });
  const end = await endOf(engine, execution.id);
  expect(end.output).toBe("[1,2,3]");
  expect((await historyOf(engine.store, execution.id)).map(({ type }) => type)).toEqual([
    "ExecutionStarted",
    "MapStateEntered",
    "MapStateStarted",
    "MapRunStarted",
    "MapRunSucceeded",
    "MapStateSucceeded",
    "MapStateExited",
    "ExecutionSucceeded",
  ]);
  const found = await mapRunOf(execution.id);
  expect(found).toMatchObject({
    status: "SUCCEEDED",
    arn: `arn:aws:states:us-east-1:000000000000:mapRun:${stateMachine}/each:${found.id}`,
    itemCounts: { succeeded: 3, total: 3, resultsWritten: 3, pending: 0 },
  });
  const children = await childrenOf(found.arn);
  expect(new Set(children.map(({ input }) => input))).toEqual(new Set(["1", "2", "3"]));
  const child = await engine.describeExecution(children[0]!.arn);
  expect(child).toMatchObject({
    stateMachineArn: `arn:aws:states:us-east-1:000000000000:stateMachine:${stateMachine}/each`,
    mapRun: { arn: found.arn, itemCount: 1 },
  });
  expect((await engine.listExecutions({ stateMachine })).items).toHaveLength(1);
  expect(await engine.describeStateMachineForExecution(child.arn)).toMatchObject({
    mapRunArn: found.arn,
  });
});

test("a child sees its own execution and machine in the context object", async () => {
  const processor = {
    StartAt: "Item",
    States: {
      Item: {
        Type: "Pass",
        Parameters: { "input.$": "$$.Execution.Input", "machine.$": "$$.StateMachine.Id" },
        End: true,
      },
    },
  };
  const { output } = await run(distributed(processor, { Label: "L" }), ["a"]);
  expect(JSON.parse(output!)).toEqual([
    { input: "a", machine: expect.stringMatching(/:stateMachine:machine-\d+\/L$/) },
  ]);
});

test("ItemSelector and ItemBatcher make the children's inputs", async () => {
  const more = {
    ItemsPath: "$.items",
    ItemSelector: { "n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index", "of.$": "$.name" },
    ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "by.$": "$.name" } },
  };
  const id = await start(distributed(pass, more), { name: "x", items: [7, 8, 9] });
  expect(JSON.parse((await endOf(engine, id)).output!)).toEqual([
    {
      BatchInput: { by: "x" },
      Items: [
        { n: 7, at: 0, of: "x" },
        { n: 8, at: 1, of: "x" },
      ],
    },
    { BatchInput: { by: "x" }, Items: [{ n: 9, at: 2, of: "x" }] },
  ]);
  expect(await mapRunOf(id)).toMatchObject({
    itemCounts: { total: 3, succeeded: 3 },
    executionCounts: { total: 2, succeeded: 2 },
  });
});

test("no batch is larger than MaxInputBytesPerBatch, unless one item is", async () => {
  const more = { ItemBatcher: { MaxInputBytesPerBatch: 60 } };
  const items = ["a".repeat(20), "b".repeat(20), "c".repeat(100), "d"];
  const { output } = await run(distributed(pass, more), items);
  expect(JSON.parse(output!)).toEqual([
    { Items: [items[0], items[1]] },
    { Items: [items[2]] },
    { Items: [items[3]] },
  ]);
});

test("more failures than tolerated fail the run and stop the children that are left", async () => {
  const worker = await EngineWorker.open(engine, ["flaky"], {
    credit: 100,
    work: async (given) => {
      if (given.input === "0") return failWith("Bad", "it is bad");
      await new Promise(() => undefined);
      return succeed(0);
    },
  });
  const id = await start(distributed(task("flaky")), numbers(5));
  const { status, failure } = await endOf(engine, id);
  expect({ status, failure }).toEqual({
    status: "FAILED",
    failure: {
      error: "States.ExceedToleratedFailureThreshold",
      cause: "The specified tolerated failure threshold was exceeded",
    },
  });
  const events = await historyOf(engine.store, id);
  expect(events.slice(-3).map(({ type }) => type)).toEqual([
    "MapRunFailed",
    "MapStateFailed",
    "ExecutionFailed",
  ]);
  const { id: mapRun } = await mapRunOf(id);
  const counts = await until(async () => {
    const { executionCounts } = await engine.describeMapRun(mapRun);
    return executionCounts.running === 0 && executionCounts;
  });
  expect(counts).toMatchObject({ failed: 1, aborted: 4, total: 5 });
  worker.session.close(true);
});

test.each([
  [{ ToleratedFailureCount: 1 }, "SUCCEEDED"],
  [{ ToleratedFailureCount: 0 }, "FAILED"],
  [{ ToleratedFailurePercentage: 25 }, "SUCCEEDED"],
  [{ ToleratedFailurePercentage: 24.9 }, "FAILED"],
  [{ ToleratedFailurePercentage: 50, ToleratedFailureCount: 0 }, "FAILED"],
] as const)("one failure of four, %o: %s", async (tolerance, wanted) => {
  const processor = {
    StartAt: "Which",
    States: {
      Which: {
        Type: "Choice",
        Choices: [{ Variable: "$", NumericEquals: 2, Next: "Bad" }],
        Default: "Good",
      },
      Bad: { Type: "Fail", Error: "Bad" },
      Good: { Type: "Pass", End: true },
    },
  };
  const { status, output } = await run(distributed(processor, tolerance), [0, 1, 2, 3]);
  expect({ status, output }).toEqual({
    status: wanted,
    output: wanted === "SUCCEEDED" ? "[0,1,3]" : undefined,
  });
});

test("a failed run is retried as a new one, then caught", async () => {
  const definition = {
    StartAt: "Each",
    States: {
      Each: {
        ...each({ StartAt: "Bad", States: { Bad: { Type: "Fail" } } }),
        End: undefined,
        Next: "End",
        Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1, MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ["States.ExceedToleratedFailureThreshold"], Next: "Caught" }],
      },
      End: { Type: "Succeed" },
      Caught: { Type: "Pass", Result: "caught", End: true },
    },
  };
  const id = await start(definition, [1]);
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: '"caught"' });
  expect((await engine.listMapRuns(id, {})).items).toHaveLength(2);
});

test("MaxConcurrency is never exceeded, and a change of it is taken up by a running run", async () => {
  let running = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const worker = await EngineWorker.open(engine, ["slow"], {
    credit: 100,
    work: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
      return succeed(1);
    },
  });
  const id = await start(distributed(task("slow"), { MaxConcurrency: 2 }), numbers(12));
  await until(() => waiting.length === 2);
  waiting.splice(0).forEach((resolve) => resolve());
  await until(() => waiting.length === 2);
  expect(most).toBe(2);
  const { id: mapRun } = await mapRunOf(id);
  expect((await engine.describeMapRun(mapRun)).itemCounts).toMatchObject({
    running: 2,
    pending: 8,
    total: 12,
  });
  await engine.updateMapRun(mapRun, { maxConcurrency: 6 });
  await until(() => running === 6);
  const releasing = setInterval(() => waiting.splice(0).forEach((resolve) => resolve()), 5);
  expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
  clearInterval(releasing);
  expect(most).toBe(6);
  worker.session.close(true);
});

test("stopping the execution gives up the run and stops its children", async () => {
  const worker = await EngineWorker.open(engine, ["endless"], { credit: 100 });
  const id = await start(distributed(task("endless")), numbers(4));
  await until(() => worker.tasks.length === 4);
  const { id: mapRun } = await mapRunOf(id);
  await engine.stopExecution(id, { error: "Stop" });
  const stopped = await until(async () => {
    const found = await engine.describeMapRun(mapRun);
    return found.executionCounts.running === 0 && found;
  });
  expect(stopped).toMatchObject({ status: "ABORTED", executionCounts: { aborted: 4 } });
  worker.session.close(true);
});

test("EXPRESS children, and a distributed Map in a distributed Map", async () => {
  const inner = each(pass, { Label: "inner" }, "EXPRESS");
  const id = await start(distributed({ StartAt: "Inner", States: { Inner: inner } }), [
    [1, 2],
    [3],
  ]);
  expect((await endOf(engine, id)).output).toBe("[[1,2],[3]]");
  const { id: outer } = await mapRunOf(id);
  const [child] = await childrenOf(outer);
  const innerRun = await mapRunOf(child!.id);
  const [grandchild] = await childrenOf(innerRun.id);
  expect(grandchild).toMatchObject({
    type: "EXPRESS",
    stateMachineName: expect.stringMatching(/^machine-\d+\/inner$/),
  });
});

test("a result that no state may have fails the run", async () => {
  const { failure } = await run(
    distributed({
      StartAt: "Big",
      States: { Big: { Type: "Pass", Result: "x".repeat(90_000), End: true } },
    }),
    [1, 2, 3],
  );
  expect(failure).toEqual({
    error: "States.DataLimitExceeded",
    cause:
      "The state/task 'Each' returned a result with a size exceeding the maximum number of bytes service limit.",
  });
});

test("a run goes on where it was when its server dies, and starts no child twice", async () => {
  const cluster = await createEngines();
  const first = await cluster.open();
  const second = await cluster.open();
  const done: string[] = [];
  const workers = await Promise.all(
    [first, second].map((on) =>
      EngineWorker.open(on, ["item"], {
        credit: 20,
        work: async (given) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          done.push(given.input);
          return succeed(Number(given.input) * 2);
        },
      }),
    ),
  );
  const id = await start(distributed(task("item"), { MaxConcurrency: 10 }), numbers(300), first);
  await until(() => done.length > 60);
  await first.crash();
  const { status, output } = await endOf(second, id, 60_000);
  expect(status).toBe("SUCCEEDED");
  expect(JSON.parse(output!)).toEqual(numbers(300).map((n) => n * 2));
  const { id: mapRun, executionCounts } = await mapRunOf(id, second);
  expect(executionCounts).toMatchObject({ total: 300, succeeded: 300 });
  expect(await childrenOf(mapRun, second)).toHaveLength(300);
  workers[1]!.session.close(true);
  await cluster.close();
}, 90_000);

test("a run waits while the database is away, and goes on", async () => {
  const cluster = await createEngines();
  const proxy = await proxyDatabase(cluster.url);
  const on = await cluster.open({}, proxy.url);
  const worker = await EngineWorker.open(on, ["steady"], {
    credit: 20,
    work: async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return succeed(1);
    },
  });
  const id = await start(distributed(task("steady"), { MaxConcurrency: 5 }), numbers(500), on);
  await until(() => worker.tasks.length > 50);
  proxy.down();
  await pause(2_500);
  proxy.heal();
  const { status, output } = await endOf(on, id, 60_000);
  expect(status).toBe("SUCCEEDED");
  expect(JSON.parse(output!)).toHaveLength(500);
  worker.session.close(true);
  await cluster.close();
  await proxy.close();
}, 90_000);

// ---- readers and writers over a folder; the formats alone are in test/items -------------------

const reader = (config: object, more: object = {}): object => ({
  ItemReader: {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: config,
    Parameters: { Bucket: "data", "Key.$": "$.key" },
  },
  ...more,
});

test.each([
  [
    "CSV",
    { CSVHeaderLocation: "FIRST_ROW" },
    "a,b\n1,2\n3,4\n",
    [
      { a: "1", b: "2" },
      { a: "3", b: "4" },
    ],
  ],
  ["JSON", {}, '[1, {"a": [2]}, "]"]', [1, { a: [2] }, "]"]],
  ["JSON", { ItemsPointer: "/x/1" }, '{"y": [9], "x": [0, ["in"]]}', ["in"]],
  ["JSONL", { MaxItems: 2 }, '{"n":1}\n\n{"n":2}\n{"n":3}', [{ n: 1 }, { n: 2 }]],
])("items of %s %o", async (InputType, config, body, items) => {
  await writeFile(join(buckets, "data", "items"), body);
  const { output } = await run(distributed(pass, reader({ InputType, ...config })), {
    key: "items",
  });
  expect(JSON.parse(output!)).toEqual(items);
});

test.each([
  ["items.json", '{"a": 1}', "Attempting to map over non-iterable node."],
  ["../secret.json", "[]", "The key leads out of the bucket: ../secret.json"],
  ["link.json", "[]", "The key leads out of the bucket: link.json"],
  ["none.json", "[]", "The specified key does not exist: none.json"],
])("what can not be read fails with States.ItemReaderFailed: %s", async (key, body, cause) => {
  await writeFile(join(buckets, "data", "items.json"), body);
  await writeFile(join(buckets, "secret.json"), "[1]");
  await symlink(join(buckets, "secret.json"), join(buckets, "data", "link.json")).catch(
    () => undefined,
  );
  const { failure } = await run(distributed(pass, reader({ InputType: "JSON" })), { key });
  expect(failure).toEqual({ error: "States.ItemReaderFailed", cause });
});

test("a bucket that nobody configured is named", async () => {
  const more = {
    ItemReader: {
      Resource: "arn:aws:states:::s3:listObjectsV2",
      Parameters: { Bucket: "elsewhere" },
    },
  };
  const { failure } = await run(distributed(pass, more), {});
  expect(failure?.error).toBe("States.ItemReaderFailed");
  expect(failure?.cause).toContain("no bucket elsewhere");
});

test("the objects of a bucket are items", async () => {
  await mkdir(join(buckets, "listed", "in"), { recursive: true });
  await writeFile(join(buckets, "listed", "in", "b"), "22");
  await writeFile(join(buckets, "listed", "in", "a"), "1");
  await writeFile(join(buckets, "listed", "other"), "");
  const more = {
    ItemReader: {
      Resource: "arn:aws:states:::s3:listObjectsV2",
      Parameters: { Bucket: "listed", Prefix: "in/" },
    },
  };
  const { output } = await run(distributed(pass, more), {});
  expect(JSON.parse(output!)).toMatchObject([
    { Key: "in/a", Size: 1, StorageClass: "STANDARD" },
    { Key: "in/b", Size: 2 },
  ]);
});

test("a ResultWriter leaves files by outcome and a manifest that lists them", async () => {
  const processor = {
    StartAt: "Which",
    States: {
      Which: {
        Type: "Choice",
        Choices: [{ Variable: "$", NumericEquals: 1, Next: "Bad" }],
        Default: "Good",
      },
      Bad: { Type: "Fail", Error: "Bad", Cause: "one" },
      Good: { Type: "Pass", End: true },
    },
  };
  const more = {
    ToleratedFailureCount: 1,
    ResultWriter: {
      Resource: "arn:aws:states:::s3:putObject",
      Parameters: { Bucket: "data", Prefix: "out" },
    },
  };
  const id = await start(distributed(processor, more), [0, 1]);
  const result = JSON.parse((await endOf(engine, id)).output!);
  const found = await mapRunOf(id);
  const key = `out/${found.id}/manifest.json`;
  expect(result).toEqual({
    MapRunArn: found.arn,
    ResultWriterDetails: { Bucket: "data", Key: key },
  });
  const read = async (path: string) =>
    JSON.parse(await readFile(join(buckets, "data", path), "utf8"));
  const manifest = await read(key);
  expect(manifest).toMatchObject({
    DestinationBucket: "data",
    ResultFiles: {
      FAILED: [{ Key: `out/${found.id}/FAILED_0.json` }],
      PENDING: [],
      SUCCEEDED: [{ Key: `out/${found.id}/SUCCEEDED_0.json` }],
    },
  });
  expect(await read(manifest.ResultFiles.FAILED[0].Key)).toMatchObject([
    { Input: "1", Status: "FAILED", Error: "Bad", Cause: "one" },
  ]);
  expect(await read(manifest.ResultFiles.SUCCEEDED[0].Key)).toMatchObject([
    { Input: "0", Output: "0", Status: "SUCCEEDED" },
  ]);
});

test.each([
  [{ Transformation: "FLATTEN" }, [1, 2, 3]],
  [{ Transformation: "COMPACT" }, [[1, 2], [3]]],
])("a ResultWriter without a bucket forms the result: %o", async (WriterConfig, result) => {
  const { output } = await run(distributed(pass, { ResultWriter: { WriterConfig } }), [
    [1, 2],
    [3],
  ]);
  expect(JSON.parse(output!)).toEqual(result);
});
