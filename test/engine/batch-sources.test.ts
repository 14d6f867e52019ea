import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Batch, BatchItem, CreateBatch } from "../../server/engine/engine.ts";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
import { createEngines, makeMachine, until } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

const by = { operator: "ada", reason: "enough" };
const pass = { StartAt: "Price", States: { Price: { Type: "Pass", End: true } } };
const failing = { StartAt: "No", States: { No: { Type: "Fail", Error: "Refused" } } };
const waiting = { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 600, End: true } } };
const waitingShortly = {
  StartAt: "Wait",
  States: { Wait: { Type: "Wait", Seconds: 1, End: true } },
};

type ChainOperation = Extract<CreateBatch["operation"], { kind: "Chain" }>;

function create(
  operation: CreateBatch["operation"],
  machine: string,
  more: Partial<CreateBatch> & Partial<CreateBatch["items"] & { kind: "Executions" }> = {},
): Promise<Batch> {
  const { query = { stateMachine: machine }, ...settings } = more;
  const items = { kind: "Executions" as const, query, filter: `state_machine = "${machine}"` };
  return engine.createBatch({ operation, items, ...settings });
}

const chained = (
  stateMachine: string,
  source: ChainOperation["source"] = {},
  namePrefix?: string,
): ChainOperation => ({
  kind: "Chain",
  stateMachine,
  source,
  ...(namePrefix !== undefined && { namePrefix }),
});

async function ended(id: string): Promise<Batch> {
  await until(async () => (await engine.describeBatch(id)).endedAtMs !== undefined, 30_000);
  return engine.describeBatch(id);
}

async function itemsOf(id: string): Promise<readonly BatchItem[]> {
  return (await engine.listBatchItems(id, { pageSize: 1_000, includeOutputs: true })).items;
}

/** Executions of a new machine, the newest first, as lists have them. */
async function sources(definition: object, count: number): Promise<[string, readonly string[]]> {
  const machine = await makeMachine(engine, definition);
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const input = JSON.stringify({ n });
    const { execution } = await engine.startExecution({ stateMachine: machine, input });
    ids.unshift(execution.id);
    await until(async () => (await engine.describeExecution(execution.id)).eventCount > 0);
  }
  return [machine, ids];
}

describe("a batch over executions that a filter finds", () => {
  test("starts one execution from the output of each, in the order of the filter", async () => {
    const [machine, ids] = await sources(pass, 12);
    const target = await makeMachine(engine, pass);
    const jsonata = { kind: "JSONata" as const, text: '{"doubled": $states.input.n * 2}' };
    const { id } = await create(chained(target, { transformer: jsonata }, "doubled"), machine);
    expect(await ended(id)).toMatchObject({
      status: "SUCCEEDED",
      counts: { total: 12, succeeded: 12 },
    });
    const items = await itemsOf(id);
    expect(items.map(({ source }) => source)).toEqual(ids);
    expect(items.map(({ output }) => output)).toEqual(
      ids.map((_, index) => `{"doubled":${(11 - index) * 2}}`),
    );
    const third = await engine.describeExecution(`${target}/doubled-3`);
    expect(third.id).toBe(items[3]!.executionId);
    expect(third.chain).toMatchObject({ execution: ids[3], transformer: jsonata });
    const links = await engine.listExecutionLinks({ targetStateMachine: target });
    expect(links.items).toHaveLength(12);
  });

  test("takes the output of a state, and what a worker makes of it", async () => {
    const [machine] = await sources(
      {
        StartAt: "Price",
        States: {
          Price: { Type: "Pass", Result: { price: 7 }, Next: "No" },
          No: { Type: "Fail", Error: "Refused" },
        },
      },
      2,
    );
    const target = await makeMachine(engine, pass);
    const transformer = { kind: "Resource" as const, text: "add-tax" };
    await EngineWorker.open(engine, ["add-tax"], {
      work: ({ input }) => succeed({ total: JSON.parse(input).price + 1 }),
    });
    const { id } = await create(chained(target, { state: "Price", transformer }), machine);
    expect(await ended(id)).toMatchObject({ status: "SUCCEEDED" });
    expect((await itemsOf(id)).map(({ output }) => output)).toEqual(['{"total":8}', '{"total":8}']);
  });

  test("an item whose source has nothing to give has failed, and says why", async () => {
    const [machine, ids] = await sources(failing, 1);
    const { id } = await create(chained(await makeMachine(engine, pass)), machine);
    expect(await ended(id)).toMatchObject({ status: "COMPLETED_WITH_FAILURES" });
    expect(await itemsOf(id)).toMatchObject([
      {
        status: "FAILED",
        source: ids[0],
        failure: { error: "SourceNotUsable", cause: expect.stringContaining("has no output") },
      },
    ]);
  });

  test("unique: sources that were chained before are SKIPPED, new ones are not", async () => {
    const [machine] = await sources(pass, 3);
    const target = await makeMachine(engine, pass);
    const operation = chained(target, { isUnique: true });
    const first = await ended((await create(operation, machine)).id);
    await engine.startExecution({ stateMachine: machine, input: '{"n":3}' });
    const again = await ended((await create(operation, machine)).id);
    expect([first.counts, again.counts]).toMatchObject([
      { succeeded: 3, skipped: 0 },
      { succeeded: 1, skipped: 3 },
    ]);
    const [before, now] = [await itemsOf(first.id), await itemsOf(again.id)];
    expect(now.slice(1).map(({ executionId, source }) => [executionId, source])).toEqual(
      before.map(({ executionId, source }) => [executionId, source]),
    );
  });

  test("two at once over the same sources: unique chains start one execution each", async () => {
    const [machine] = await sources(pass, 10);
    const target = await makeMachine(engine, pass);
    const operation = chained(target, { isUnique: true });
    const both = await Promise.all([create(operation, machine), create(operation, machine)]);
    const counts = await Promise.all(both.map(async ({ id }) => (await ended(id)).counts));
    expect(counts[0]!.succeeded + counts[1]!.succeeded).toBe(10);
    expect(counts[0]!.skipped + counts[1]!.skipped).toBe(10);
    expect((await engine.listExecutions({ stateMachine: target })).items).toHaveLength(10);
  });

  test("linked = false finds those that were not chained yet", async () => {
    const [machine, ids] = await sources(pass, 3);
    const target = await makeMachine(engine, pass);
    await engine.startExecution({ stateMachine: target, chain: { execution: ids[1]! } });
    const linked = { isLinked: false, by: { targetStateMachine: target } };
    const query = { stateMachine: machine, linked };
    const planned = await create(chained(target), machine, { query, isDryRun: true });
    expect(planned).toMatchObject({ id: "", counts: { total: 2 } });
    const { id } = await create(chained(target), machine, { query });
    await ended(id);
    expect((await itemsOf(id)).map(({ source }) => source)).toEqual([ids[0], ids[2]]);
  });

  test("under a prefix that was used, what was chained from another source has failed", async () => {
    const [machine, ids] = await sources(pass, 1);
    const target = await makeMachine(engine, pass);
    await ended((await create(chained(target, {}, "nightly"), machine)).id);
    const same = await ended((await create(chained(target, {}, "nightly"), machine)).id);
    expect(same.counts).toMatchObject({ skipped: 1 });
    await engine.startExecution({ stateMachine: machine, input: "{}" });
    const { id } = await create(chained(target, {}, "nightly"), machine);
    await ended(id);
    expect(await itemsOf(id)).toMatchObject([
      { status: "FAILED", failure: { error: "ExecutionAlreadyExists" } },
      { status: "SUCCEEDED", source: ids[0] },
    ]);
  });

  test("sources that run are waited for if it is asked for; cancelled, what waits is stopped", async () => {
    const target = await makeMachine(engine, pass);
    const [short] = await sources(waitingShortly, 2);
    const { id } = await create(chained(target, { waitsForSource: true }), short);
    expect(await ended(id)).toMatchObject({ status: "SUCCEEDED", counts: { succeeded: 2 } });
    const [long] = await sources(waiting, 2);
    const { id: other } = await create(chained(target, { waitsForSource: true }), long);
    await until(
      async () => (await engine.listExecutions({ stateMachine: target })).items.length === 4,
    );
    await engine.cancelBatch(other, { ...by, stopStarted: true });
    expect(await ended(other)).toMatchObject({ status: "CANCELLED", counts: { failed: 2 } });
  });

  test("sources may be given one by one, by any reference", async () => {
    const machine = await makeMachine(engine, pass);
    const target = await makeMachine(engine, pass);
    await engine.startExecution({ stateMachine: machine, name: "a", input: "[1]" });
    const values = [`${machine}/a`, `${machine}/nobody`];
    const items = { kind: "Inline" as const, values };
    const { id } = await engine.createBatch({ operation: chained(target), items });
    await ended(id);
    expect(await itemsOf(id)).toMatchObject([
      { status: "SUCCEEDED", output: "[1]", source: values[0] },
      { status: "FAILED", failure: { error: "ExecutionDoesNotExist" }, source: values[1] },
    ]);
  });

  test("an expression that can not be read is refused at once", async () => {
    const [machine] = await sources(pass, 1);
    const transformer = { kind: "JSONata" as const, text: "{" };
    await expect(create(chained(machine, { transformer }), machine)).rejects.toMatchObject({
      reason: "JSONATA_SYNTAX",
      details: { violations: [{ field: "batch.operation.chain.source.jsonata" }] },
    });
  });
});

describe("more than one portion", () => {
  test("goes on being found when the server dies: each execution is an item once, in order", async () => {
    const first = await engines.open();
    const [machine, ids] = await sources(failing, 1);
    // One execution's row, again and again, each a millisecond older.
    await engine.store.pool.query(
      `insert into executions (id, state_machine_id, state_machine_name, revision_id, name, status, rev,
         next_event_id, next_scope_id, facts, input, error, started_at, stopped_at)
       select gen_random_uuid(), state_machine_id, state_machine_name, revision_id, name, status, rev,
         next_event_id, next_scope_id, facts, input, error, started_at - n * interval '1 ms', stopped_at
       from executions, generate_series(1, 12000) n where id = $1`,
      [ids[0]],
    );
    const { id, status, counts } = await first.createBatch({
      operation: { kind: "Stop", failure: {} },
      items: { kind: "Executions", query: { stateMachine: machine }, filter: "" },
    });
    expect({ status, total: counts.total }).toEqual({ status: "LOADING", total: 5_000 });
    await first.crash();
    await until(async () => (await engine.describeBatch(id)).status === "RUNNING", 20_000);
    await engine.cancelBatch(id, by);
    expect(await ended(id)).toMatchObject({ counts: { total: 12_001 } });
    const { rows } = await engine.store.pool.query<{ right: number }>(
      `select count(*)::int as right from batch_items i join (
         select id, row_number() over (order by started_at desc, id desc) - 1 as at
         from executions where state_machine_name = $2
       ) e on e.at = i.index and e.id::text = i.value
       where batch_id = $1`,
      [id, machine],
    );
    expect(rows).toEqual([{ right: 12_001 }]);
  });
});

describe("delete", () => {
  test("removes what has closed; what runs, or is gone, is SKIPPED; dry run first", async () => {
    const [machine, ids] = await sources(pass, 4);
    const [open] = (await sources(waiting, 1))[1];
    const planned = await create({ kind: "Delete" }, machine, { isDryRun: true });
    expect(planned).toMatchObject({ id: "", counts: { total: 4 } });
    const { id } = await create({ kind: "Delete" }, machine);
    expect(await ended(id)).toMatchObject({ status: "SUCCEEDED", counts: { succeeded: 4 } });
    expect((await engine.listExecutions({ stateMachine: machine })).items).toEqual([]);
    expect((await itemsOf(id)).map(({ source }) => source)).toEqual(ids);
    const items = { kind: "Inline" as const, values: [ids[0]!, open!] };
    const { id: again } = await engine.createBatch({ operation: { kind: "Delete" }, items });
    expect(await ended(again)).toMatchObject({ counts: { skipped: 2, failed: 0 } });
    expect(await itemsOf(again)).toMatchObject([
      { failure: { error: "ExecutionDoesNotExist" } },
      { failure: { error: "ConflictException" } },
    ]);
    await engine.stopExecution(open!, {});
  });
});

describe("lists", () => {
  test("batches by status, machine, name and times, and their items by status", async () => {
    const [machine] = await sources(pass, 2);
    const target = await makeMachine(engine, pass);
    const { createdAtMs } = await create(chained(target), machine, { name: "week-1" });
    const { id } = await create(chained(target), machine, { name: "week-2" });
    const done = await ended(id);
    const found = async (filter: Parameters<TestEngine["listBatches"]>[0]): Promise<string[]> =>
      (await engine.listBatches({ stateMachine: target, ...filter })).items.map(({ name }) => name);
    expect(await found({})).toEqual(["week-2", "week-1"]);
    expect(await found({ name: "week-1" })).toEqual(["week-1"]);
    expect(await found({ namePrefix: "week-" })).toHaveLength(2);
    expect(await found({ status: "PAUSED" })).toEqual([]);
    expect(await found({ status: "SUCCEEDED", name: "week-2" })).toEqual(["week-2"]);
    expect(await found({ createdAfterMs: createdAtMs + 0.01 })).toEqual(["week-2"]);
    expect(await found({ endedAfterMs: done.endedAtMs! + 1 })).toEqual([]);
    expect(await found({ stateMachine: machine })).toEqual([]);
    const succeeded = await engine.listBatchItems(id, { status: "SUCCEEDED", pageSize: 1 });
    expect(succeeded.items).toMatchObject([{ index: 0 }]);
    const { nextPageToken } = succeeded;
    const next = await engine.listBatchItems(id, {
      status: "SUCCEEDED",
      pageToken: nextPageToken!,
    });
    expect(next.items).toMatchObject([{ index: 1 }]);
    expect((await engine.listBatchItems(id, { status: "FAILED" })).items).toEqual([]);
    await expect(
      engine.listBatchItems(id, { status: "FAILED", pageToken: nextPageToken! }),
    ).rejects.toMatchObject({ code: "InvalidToken" });
  });

  test("items that have begun are RUNNING, the others PENDING", async () => {
    const machine = await makeMachine(engine, waiting);
    const { id } = await engine.createBatch({
      operation: { kind: "Start", stateMachine: machine },
      items: { kind: "Inline", values: ["{}", "{}", "{}"] },
      maxConcurrency: 1,
    });
    await until(async () => (await engine.describeBatch(id)).counts.running === 1);
    const indexes = async (status: BatchItem["status"]): Promise<readonly number[]> =>
      (await engine.listBatchItems(id, { status })).items.map(({ index }) => index);
    expect([await indexes("RUNNING"), await indexes("PENDING")]).toEqual([[0], [1, 2]]);
    await engine.cancelBatch(id, { ...by, stopStarted: true });
    await ended(id);
    expect([await indexes("RUNNING"), await indexes("PENDING")]).toEqual([[], [1, 2]]);
    expect(await indexes("FAILED")).toEqual([0]);
  });
});
