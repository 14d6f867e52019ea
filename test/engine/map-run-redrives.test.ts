import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import { createEngines, endOf, historyOf, makeMachine, until } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

const distributed = (resource: string, more: object = {}, ExecutionType = "STANDARD"): object => ({
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      End: true,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType },
        StartAt: "First",
        States: {
          First: { Type: "Pass", Next: "Item" },
          Item: { Type: "Task", Resource: resource, End: true },
        },
      },
      ...more,
    },
  },
});
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const start = async (definition: object, input: unknown, on = engine): Promise<string> => {
  const stateMachine = await makeMachine(on, definition);
  return (await on.startExecution({ stateMachine, input: JSON.stringify(input) })).execution.id;
};
const mapRunOf = async (executionId: string, on = engine) => {
  const { items } = await on.listMapRuns(executionId, {});
  expect(items).toHaveLength(1);
  return await on.describeMapRun(items[0]!.id);
};
const settledRunOf = (executionId: string, on = engine) =>
  until(async () => {
    const run = await mapRunOf(executionId, on);
    return run.executionCounts.running === 0 && run;
  });
const childrenOf = async (mapRun: string, more: object = {}) =>
  (await engine.listExecutions({ mapRun, pageSize: 1_000, includePayloads: true, ...more })).items;
/** A worker that fails the inputs of `bad`, and counts what it did. */
const openWorker = async (resource: string, bad: Set<string>, on = engine) => {
  const done: string[] = [];
  const worker = await EngineWorker.open(on, [resource], {
    credit: 100,
    work: async ({ input }) => {
      await new Promise((resolve) => setTimeout(resolve, bad.has(input) ? 30 : 1));
      done.push(input);
      return bad.has(input) ? failWith("Bad", input) : succeed(Number(input) * 2);
    },
  });
  return { done, close: () => worker.session.close(true) };
};

test("a redrive goes on with the Map Run: what failed is redriven, results are kept, what was not begun begins", async () => {
  const bad = new Set(["1"]);
  const worker = await openWorker("again", bad);
  const id = await start(distributed("again", { MaxConcurrency: 2 }), numbers(6));
  expect((await endOf(engine, id)).status).toBe("FAILED");
  const before = await settledRunOf(id);
  expect(before).toMatchObject({ status: "FAILED", redrive: { count: 0 } });
  const failed = (await childrenOf(before.id, { status: "FAILED" }))[0]!;
  expect(await engine.describeExecution(failed.id)).toMatchObject({
    redrive: {
      refusal: "Execution is a child of a Map Run and is redriven by redriving its parent",
    },
  });
  await expect(engine.redriveExecution({ execution: failed.id })).rejects.toMatchObject({
    code: "ExecutionNotRedrivable",
  });
  bad.clear();
  await engine.redriveExecution({ execution: id });
  expect(await endOf(engine, id)).toMatchObject({
    status: "SUCCEEDED",
    output: JSON.stringify(numbers(6).map((n) => n * 2)),
  });
  expect(worker.done.filter((input) => input === "0")).toHaveLength(1);
  expect(worker.done.filter((input) => input === "1")).toHaveLength(2);
  expect(await mapRunOf(id)).toMatchObject({
    id: before.id,
    status: "SUCCEEDED",
    redrive: { count: 1, timeMs: expect.any(Number) },
    executionCounts: { total: 6, succeeded: 6, failed: 0, pendingRedrive: 0 },
  });
  const events = (await historyOf(engine.store, id)).slice(3);
  expect(events.map(({ type, previousEventId }) => `${previousEventId} ${type}`)).toEqual([
    "3 MapRunStarted",
    "4 MapRunFailed",
    "5 MapStateFailed",
    "6 ExecutionFailed",
    "7 ExecutionRedriven",
    "4 MapRunRedriven",
    "9 MapRunSucceeded",
    "10 MapStateSucceeded",
    "10 MapStateExited",
    "12 ExecutionSucceeded",
  ]);
  expect(events[5]?.details).toEqual({ mapRunArn: before.arn, redriveCount: 1 });
  const again = await childrenOf(before.id, { isRedriven: true });
  expect(again.map(({ id: child }) => child)).toContain(failed.id);
  expect(again.length + (await childrenOf(before.id, { isRedriven: false })).length).toBe(6);
  const types = (await historyOf(engine.store, failed.id)).map(({ type }) => type);
  expect(types.filter((type) => type === "PassStateEntered")).toHaveLength(1);
  expect(types.filter((type) => type === "ExecutionRedriven")).toHaveLength(1);
  worker.close();
});

test("EXPRESS children that failed begin anew from their first state, and count once", async () => {
  const bad = new Set(["1", "2"]);
  const worker = await openWorker("express", bad);
  const definition = distributed("express", { ToleratedFailureCount: 1 }, "EXPRESS");
  const id = await start(definition, numbers(4));
  expect((await endOf(engine, id)).status).toBe("FAILED");
  const { id: mapRun } = await settledRunOf(id);
  bad.clear();
  await engine.redriveExecution({ execution: id });
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: "[0,2,4,6]" });
  expect((await mapRunOf(id)).executionCounts).toMatchObject({ total: 4, succeeded: 4 });
  const children = await childrenOf(mapRun);
  expect(children).toHaveLength(4);
  for (const child of children) {
    const [first, ...rest] = await historyOf(engine.store, child.id);
    expect(first?.type).toBe("ExecutionStarted");
    expect(rest.filter(({ type }) => type === "ExecutionStarted")).toEqual([]);
  }
  worker.close();
});

test("a run that fails again is redriven again; the tolerance that was set last holds", async () => {
  const bad = new Set(["0", "1", "2"]);
  const worker = await openWorker("twice", bad);
  const id = await start(distributed("twice"), numbers(3));
  await endOf(engine, id);
  await settledRunOf(id);
  await engine.redriveExecution({ execution: id });
  expect((await endOf(engine, id)).status).toBe("FAILED");
  const { id: mapRun } = await settledRunOf(id);
  expect((await engine.updateMapRun(mapRun, { toleratedFailureCount: 3 })).status).toBe("FAILED");
  bad.delete("0");
  bad.delete("1");
  bad.delete("2");
  await engine.redriveExecution({ execution: id });
  expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
  expect((await mapRunOf(id)).redrive.count).toBe(2);
  worker.close();
});

test("stopped in the middle and redriven at once, the children that are left are taken up, none twice", async () => {
  const started: string[] = [];
  const worker = await EngineWorker.open(engine, ["middle"], {
    credit: 100,
    work: async ({ input, executionId }) => {
      started.push(executionId);
      if (started.length <= 10) await new Promise(() => undefined);
      return succeed(Number(input));
    },
  });
  const id = await start(distributed("middle"), numbers(10));
  await until(() => started.length === 10);
  await engine.stopExecution(id, {});
  await engine.redriveExecution({ execution: id });
  const end = await endOf(engine, id);
  expect(end).toMatchObject({ status: "SUCCEEDED", output: JSON.stringify(numbers(10)) });
  expect((await mapRunOf(id)).executionCounts).toMatchObject({ total: 10, succeeded: 10 });
  expect(new Set(started.slice(10)).size).toBe(started.length - 10);
  worker.session.close(true);
});

test("a run that failed for its data begins anew, as another one", async () => {
  const more = { ItemSelector: { "n.$": "$$.Map.Item.Value.missing" } };
  const id = await start(distributed("never", more), [1]);
  expect((await endOf(engine, id)).failure?.error).toBe("States.Runtime");
  await engine.redriveExecution({ execution: id });
  await endOf(engine, id);
  expect((await engine.listMapRuns(id, {})).items).toHaveLength(2);
});

test.each(["STANDARD", "EXPRESS"])(
  "%s children that fail again fail the run, though the clock of the server that redrove it was ahead",
  async (type) => {
    const cluster = await createEngines();
    const only = await cluster.open();
    await only.store.pool.query(`
      create function ahead() returns trigger language plpgsql as $$ begin
        new.redriven_at := new.redriven_at + interval '2 s'; return new; end $$;
      create trigger ahead before update on map_runs for each row
        when (old.redriven_at is distinct from new.redriven_at) execute function ahead()`);
    const bad = new Set(["0"]);
    const worker = await openWorker("ahead", bad, only);
    const definition = distributed("ahead", { MaxConcurrency: 1 }, type);
    const id = await start(definition, numbers(2), only);
    expect((await endOf(only, id)).status).toBe("FAILED");
    await settledRunOf(id, only);
    await only.redriveExecution({ execution: id });
    expect((await endOf(only, id)).status).toBe("FAILED");
    bad.clear();
    bad.add("1");
    await settledRunOf(id, only);
    await only.redriveExecution({ execution: id });
    expect((await endOf(only, id)).failure?.error).toBe("States.ExceedToleratedFailureThreshold");
    expect(worker.done).toEqual(["0", "0", "0", "1"]);
    worker.close();
    await cluster.close();
  },
);

test("a server that dies while a redriven run goes on loses and doubles nothing", async () => {
  const cluster = await createEngines();
  const first = await cluster.open();
  const second = await cluster.open();
  const bad = new Set(numbers(120).map(String));
  const onFirst = await openWorker("dying", bad, first);
  const onSecond = await openWorker("dying", bad, second);
  const more = { MaxConcurrency: 10, ToleratedFailurePercentage: 50 };
  const id = await start(distributed("dying", more), numbers(200), first);
  expect((await endOf(first, id)).status).toBe("FAILED");
  await settledRunOf(id, first);
  bad.clear();
  const before = onFirst.done.length + onSecond.done.length;
  await first.redriveExecution({ execution: id });
  await until(() => onFirst.done.length + onSecond.done.length > before + 40);
  await first.crash();
  const end = await endOf(second, id, 60_000);
  expect(end.status).toBe("SUCCEEDED");
  expect(JSON.parse(end.output!)).toEqual(numbers(200).map((n) => n * 2));
  const { executionCounts, redrive } = await mapRunOf(id, second);
  expect(redrive.count).toBe(1);
  expect(executionCounts).toMatchObject({ total: 200, succeeded: 200 });
  const { rows } = await second.store.pool.query<{ most: number }>(
    "select max((redrive::json ->> 'count')::int) as most from executions where id <> $1",
    [id],
  );
  expect(rows[0]?.most).toBe(1);
  onSecond.close();
  await cluster.close();
}, 90_000);
