import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Batch, BatchItem, CreateBatch } from "../../server/engine/engine.ts";
import { createEngines, makeMachine, pause, until } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

const by = { operator: "ada", reason: "looked at it" };
/** Fails where its input says so. */
const choosy = {
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Choice",
      Choices: [{ Variable: "$.fails", BooleanEquals: true, Next: "No" }],
      Default: "Yes",
    },
    Yes: { Type: "Pass", End: true },
    No: { Type: "Fail", Error: "Refused", Cause: "it said so" },
  },
};
const waiting = {
  StartAt: "Wait",
  States: { Wait: { Type: "Wait", Seconds: 600, End: true } },
};
const inputs = (count: number, fails: (index: number) => boolean = () => false) =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ index, fails: fails(index) }));
const create = (
  stateMachine: string,
  values: readonly string[],
  more: Partial<CreateBatch> & { namePrefix?: string } = {},
): Promise<Batch> => {
  const { namePrefix, ...settings } = more;
  return engine.createBatch({
    operation: { kind: "Start", stateMachine, ...(namePrefix !== undefined && { namePrefix }) },
    items: { kind: "Inline", values },
    ...settings,
  });
};
const ended = async (id: string, on: TestEngine = engine): Promise<Batch> => {
  await until(async () => (await on.describeBatch(id)).endedAtMs !== undefined, 20_000);
  return on.describeBatch(id);
};
const itemsOf = async (id: string): Promise<readonly BatchItem[]> =>
  (await engine.listBatchItems(id, { pageSize: 1_000, includeOutputs: true })).items;
const startedOf = async (stateMachine: string): Promise<number> =>
  (await engine.listExecutions({ stateMachine, pageSize: 1_000 })).items.length;

describe("a batch", () => {
  test("runs one execution for each input, and has their outputs in the order of the inputs", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id, status } = await create(machine, inputs(50), { maxConcurrency: 7 });
    expect(status).toBe("RUNNING");
    const batch = await ended(id);
    expect(batch).toMatchObject({
      status: "SUCCEEDED",
      counts: { total: 50, pending: 0, running: 0, succeeded: 50, failed: 0, skipped: 0 },
    });
    const items = await itemsOf(id);
    expect(items.map((item) => JSON.parse(item.output!).index)).toEqual([...items.keys()]);
    expect(await startedOf(machine)).toBe(50);
  });

  test("with nothing to do has succeeded", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id } = await create(machine, []);
    expect(await ended(id)).toMatchObject({ status: "SUCCEEDED", counts: { total: 0 } });
  });

  test("of which some items fail is COMPLETED_WITH_FAILURES, and says which and why", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id } = await create(
      machine,
      inputs(10, (index) => index === 3),
    );
    expect(await ended(id)).toMatchObject({
      status: "COMPLETED_WITH_FAILURES",
      counts: { succeeded: 9, failed: 1 },
    });
    const failed = (await itemsOf(id)).filter(({ status }) => status !== "SUCCEEDED");
    expect(failed).toMatchObject([
      { index: 3, status: "FAILED", failure: { error: "Refused", cause: "it said so" } },
    ]);
  });

  test("has no more items under way than it may; 0 is the default, not none", async () => {
    const machine = await makeMachine(engine, waiting);
    const { id } = await create(machine, inputs(30), { maxConcurrency: 4 });
    await until(async () => (await engine.describeBatch(id)).counts.running === 4);
    await pause(300);
    expect(await startedOf(machine)).toBe(4);
    await engine.cancelBatch(id, { ...by, stopStarted: true });
    expect(await ended(id)).toMatchObject({ status: "CANCELLED", maxConcurrency: 4 });
    const { id: other } = await create(machine, inputs(2), { maxConcurrency: 0 });
    await until(async () => (await engine.describeBatch(other)).counts.running === 2);
    await engine.cancelBatch(other, { ...by, stopStarted: true });
  });

  test("run again under its name prefix starts nothing twice", async () => {
    const machine = await makeMachine(engine, choosy);
    await ended((await create(machine, inputs(5), { namePrefix: "nightly" })).id);
    const { id } = await create(machine, inputs(8), { namePrefix: "nightly" });
    expect(await ended(id)).toMatchObject({
      status: "SUCCEEDED",
      counts: { succeeded: 3, skipped: 5 },
    });
    expect(await startedOf(machine)).toBe(8);
  });

  test("sent again under its request id is the same batch; an open name is taken", async () => {
    const machine = await makeMachine(engine, waiting);
    const first = await create(machine, inputs(1), { name: "report", requestId: "r-1" });
    const again = await create(machine, inputs(1), { name: "report", requestId: "r-1" });
    expect(again.id).toBe(first.id);
    await expect(create(machine, inputs(1), { name: "report" })).rejects.toMatchObject({
      reason: "BATCH_NAME_TAKEN",
    });
    await engine.cancelBatch(first.id, { ...by, stopStarted: true });
    await ended(first.id);
    await expect(create(machine, [], { name: "report" })).resolves.toMatchObject({
      name: "report",
    });
  });

  test("whose inputs can not be inputs, or whose machine is not there, is refused", async () => {
    const machine = await makeMachine(engine, choosy);
    await expect(create(machine, ["{}", "{"])).rejects.toMatchObject({ reason: "INPUT_SYNTAX" });
    await expect(create("nobody", ["{}"])).rejects.toMatchObject({
      code: "StateMachineDoesNotExist",
    });
  });
});

describe("items that are added", () => {
  test("run when the last one is there; what is sent again changes nothing, gaps are refused", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id, status } = await engine.createBatch({
      operation: { kind: "Start", stateMachine: machine },
      items: { kind: "Streamed" },
    });
    expect(status).toBe("LOADING");
    const all = inputs(6);
    const add = (firstIndex: number, values: readonly string[], isLast = false): Promise<Batch> =>
      engine.addBatchItems(id, { firstIndex, values, isLast });
    await add(0, all.slice(0, 3));
    await add(0, all.slice(0, 3));
    await expect(add(4, all.slice(4))).rejects.toMatchObject({ reason: "OUT_OF_RANGE" });
    expect(await startedOf(machine)).toBe(0);
    await add(3, all.slice(3), true);
    await add(3, all.slice(3), true);
    expect(await ended(id)).toMatchObject({ status: "SUCCEEDED", counts: { total: 6 } });
    await expect(add(6, all)).rejects.toMatchObject({ reason: "BATCH_STATUS" });
  });
});

describe("failures", () => {
  test("stopOnError: what has begun goes on to its end, the rest never starts", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id } = await create(
      machine,
      inputs(20, (index) => index === 4),
      {
        maxConcurrency: 1,
        stopOnError: true,
      },
    );
    expect(await ended(id)).toMatchObject({
      status: "FAILED",
      statusReason: "item 4 failed: Refused",
      counts: { succeeded: 4, failed: 1, pending: 15 },
    });
    expect(await startedOf(machine)).toBe(5);
  });

  const policy = { windowItems: 10, severeRate: 0.5, windowMicroBatches: 2, softRate: 0.3 };

  test("half of the last items: FAILED", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id } = await create(
      machine,
      inputs(100, (index) => index >= 20),
      {
        maxConcurrency: 1,
        microBatchSize: 100,
        failurePolicy: policy,
      },
    );
    expect(await ended(id)).toMatchObject({
      status: "FAILED",
      statusReason: "50 % of the last 10 items failed; the limit is 50 %",
      counts: { succeeded: 20, failed: 5, pending: 75 },
    });
  });

  test("too many in the last micro-batches: PAUSED until somebody resumes it", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id } = await create(
      machine,
      inputs(40, (index) => index < 20 && index % 3 === 0),
      {
        maxConcurrency: 1,
        microBatchSize: 10,
        failurePolicy: policy,
      },
    );
    await until(async () => (await engine.describeBatch(id)).status === "PAUSED");
    const paused = await engine.describeBatch(id);
    expect(paused.statusReason).toBe("40 % failed in the last 1 micro-batches; the limit is 30 %");
    const resumed = await engine.resumeBatch(id, {
      ...by,
      failurePolicy: { ...policy, softRate: 1 },
    });
    expect(resumed).toMatchObject({ status: "RUNNING", lastAction: by });
    expect(await ended(id)).toMatchObject({
      status: "COMPLETED_WITH_FAILURES",
      counts: { failed: 7, succeeded: 33 },
    });
  });
});

describe("operators", () => {
  test("pause and resume: nothing new begins in between", async () => {
    const machine = await makeMachine(engine, {
      StartAt: "Wait",
      States: { Wait: { Type: "Wait", SecondsPath: "$", End: true } },
    });
    const { id } = await create(machine, ["1", "1", "3", "3"], { maxConcurrency: 2 });
    await until(async () => (await startedOf(machine)) === 2);
    await engine.pauseBatch(id, by);
    await until(async () => (await engine.describeBatch(id)).counts.succeeded === 2);
    await pause(500);
    expect(await startedOf(machine)).toBe(2);
    await engine.resumeBatch(id, by);
    // The rate from before says nothing of now: until an item is done, none is known.
    await until(async () => {
      const { counts, status } = await engine.describeBatch(id);
      return status === "RUNNING" && counts.running === 2 && counts.itemsPerSecond === 0;
    });
    expect(await ended(id)).toMatchObject({ status: "SUCCEEDED", lastAction: by });
    await expect(engine.pauseBatch(id, by)).rejects.toMatchObject({ reason: "BATCH_STATUS" });
  });

  test.each(["Stop", "Redrive"] as const)(
    "%s many executions by a filter, dry run first",
    async (kind) => {
      const machine = await makeMachine(engine, kind === "Stop" ? waiting : choosy);
      for (const input of inputs(5, () => true))
        await engine.startExecution({ stateMachine: machine, input });
      const query = { stateMachine: machine };
      const request: CreateBatch = {
        operation: kind === "Stop" ? { kind, failure: { error: "Enough" } } : { kind },
        items: { kind: "Executions", query, filter: `state_machine = "${machine}"` },
      };
      const planned = await engine.createBatch({ ...request, isDryRun: true });
      expect(planned).toMatchObject({ id: "", counts: { total: 5 } });
      const { id } = await engine.createBatch(request);
      expect(await ended(id)).toMatchObject({ status: "SUCCEEDED", counts: { succeeded: 5 } });
      const { items } = await engine.listExecutions(query);
      const now = await Promise.all(items.map((item) => engine.describeExecution(item.id)));
      const done = now.filter(({ status, redrive }) =>
        kind === "Stop" ? status === "ABORTED" : redrive.count === 1,
      );
      expect(done).toHaveLength(5);
    },
  );
});

describe("a watcher", () => {
  test("hears each item begin and end once, and goes on where it left off", async () => {
    const machine = await makeMachine(engine, choosy);
    const { id } = await create(machine, inputs(12), { maxConcurrency: 3 });
    const heard: string[] = [];
    const { signal } = new AbortController();
    let after = { begun: 0, done: 0 };
    let isOver = false;
    while (!isOver) {
      const watching = { signal, intervalMs: 100, includeItems: true, after };
      for await (const update of engine.watchBatch(id, watching)) {
        after = update.position;
        if (update.kind === "Item") heard.push(`${update.item.status} ${update.item.index}`);
        else isOver = update.batch.endedAtMs !== undefined;
        if (heard.length % 5 === 4) break; // comes back
      }
    }
    const all = [...Array(12).keys()].flatMap((index) => [
      `RUNNING ${index}`,
      `SUCCEEDED ${index}`,
    ]);
    expect(heard.toSorted()).toEqual(all.toSorted());
  });
});

describe("another server", () => {
  test("takes a batch up: what is under way is not started again, what follows is", async () => {
    const first = await engines.open();
    const machine = await makeMachine(engine, {
      StartAt: "Wait",
      States: { Wait: { Type: "Wait", Seconds: 2, End: true } },
    });
    const { id } = await first.createBatch({
      operation: { kind: "Start", stateMachine: machine },
      items: { kind: "Inline", values: inputs(6) },
      maxConcurrency: 3,
    });
    await until(async () => (await startedOf(machine)) === 3);
    await first.crash();
    expect(await ended(id)).toMatchObject({
      status: "SUCCEEDED",
      counts: { succeeded: 6, skipped: 0 },
    });
    expect(await startedOf(machine)).toBe(6);
  });

  test("takes up one that is cancelled: what it started is stopped", async () => {
    const first = await engines.open();
    const machine = await makeMachine(engine, waiting);
    const { id } = await first.createBatch({
      operation: { kind: "Start", stateMachine: machine },
      items: { kind: "Inline", values: inputs(6) },
      maxConcurrency: 3,
    });
    await until(async () => (await startedOf(machine)) === 3);
    await first.crash();
    await engine.cancelBatch(id, { ...by, stopStarted: true });
    expect(await ended(id)).toMatchObject({
      status: "CANCELLED",
      counts: { failed: 3, pending: 3 },
    });
    const { items } = await engine.listExecutions({ stateMachine: machine });
    expect(items.map(({ status }) => status)).toEqual(["ABORTED", "ABORTED", "ABORTED"]);
  });
});
