import { afterAll, beforeAll, expect, test } from "vitest";
import type { HistoryEvent } from "../../server/asl/index.ts";
import { Arns } from "../../server/engine/arns.ts";
import { createControl } from "../../server/engine/control.ts";
import type { ControlPlane } from "../../server/engine/control.ts";
import { Definitions } from "../../server/engine/definitions.ts";
import type {
  Execution,
  ListExecutions,
  ListHistory,
  StateMachine,
} from "../../server/engine/engine.ts";
import { newUuidV7 } from "../../server/engine/ids.ts";
import type { Store } from "../../server/store/open-store.ts";
import { createTestStore } from "../support/database.ts";
import { insertExecution } from "../support/executions.ts";

const baseMs = Date.UTC(2026, 0, 1);
let store: Store;
let control: ControlPlane;
let orders: StateMachine;
let other: StateMachine;
const names = (executions: readonly Execution[]): string[] => executions.map(({ name }) => name);

beforeAll(async () => {
  store = await createTestStore();
  const arns = new Arns({ region: "us-east-1", accountId: "000000000000" });
  control = createControl({
    store,
    arns,
    definitions: new Definitions(store),
    clock: { nowMs: () => Date.now() },
    limits: { historyEventsMax: 25_000 },
  });
  const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", End: true } } });
  ({ stateMachine: orders } = await control.createStateMachine({ name: "orders", definition }));
  ({ stateMachine: other } = await control.createStateMachine({ name: "other", definition }));
  const rows = [
    {
      name: "a-1",
      startedAtMs: baseMs + 1_000,
      status: "SUCCEEDED",
      output: '{"done":true}',
      stoppedAtMs: baseMs + 5_000,
      labels: { tenant: "x" },
    },
    {
      name: "a-2",
      startedAtMs: baseMs + 2_000,
      status: "FAILED",
      error: "Orders.Bad",
      stoppedAtMs: baseMs + 3_000,
    },
    { name: "a_3", startedAtMs: baseMs + 3_000, labels: { tenant: "x", size: "big" } },
    // Three of one millisecond: the id decides.
    { name: "b-1", startedAtMs: baseMs + 4_000 },
    { name: "b-2", startedAtMs: baseMs + 4_000 },
    { name: "b-3", startedAtMs: baseMs + 4_000 },
    { name: "a%", startedAtMs: baseMs + 6_000, input: '{"large":1}' },
  ];
  for (const row of rows) await insertExecution(store, orders, row);
  await insertExecution(store, other, { name: "elsewhere", startedAtMs: baseMs + 2_500 });
});
afterAll(() => store.close());

async function all(query: ListExecutions): Promise<Execution[]> {
  const items: Execution[] = [];
  for (let pageToken: string | undefined; ;) {
    const page = await control.listExecutions({
      ...query,
      ...(pageToken !== undefined && { pageToken }),
    });
    items.push(...page.items);
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return items;
  }
}

test.each<{ rule: string; query: ListExecutions; expected: string[] }>([
  {
    rule: "all of a machine",
    query: { stateMachine: "orders" },
    expected: ["a%", "b-1", "b-2", "b-3", "a_3", "a-2", "a-1"],
  },
  {
    rule: "all there are",
    query: {},
    expected: ["a%", "b-1", "b-2", "b-3", "a_3", "elsewhere", "a-2", "a-1"],
  },
  { rule: "by status", query: { stateMachine: "orders", status: "FAILED" }, expected: ["a-2"] },
  { rule: "by the beginning of the name", query: { namePrefix: "a-" }, expected: ["a-2", "a-1"] },
  {
    rule: "by a name with SQL's wildcards in it, taken literally",
    query: { namePrefix: "a_" },
    expected: ["a_3"],
  },
  { rule: "by a percent sign, taken literally", query: { namePrefix: "a%" }, expected: ["a%"] },
  {
    rule: "by what would be SQL, taken literally",
    query: { namePrefix: "x'; drop table executions--" },
    expected: [],
  },
  {
    rule: "after a moment, exclusively",
    query: { startedAfterMs: baseMs + 4_000 },
    expected: ["a%"],
  },
  {
    rule: "before a moment, exclusively",
    query: { startedBeforeMs: baseMs + 2_000 },
    expected: ["a-1"],
  },
  {
    rule: "by labels, all of them",
    query: { labels: { tenant: "x", size: "big" } },
    expected: ["a_3"],
  },
  {
    rule: "by labels and status",
    query: { labels: { tenant: "x" }, status: "RUNNING" },
    expected: ["a_3"],
  },
])("executions are listed newest first: $rule", async ({ query, expected }) => {
  const listed = names(await all(query));
  const sameMoment = (name: string): boolean => name.startsWith("b-");
  // Within one millisecond the id decides, which derives from the name.
  expect(listed.filter((name) => !sameMoment(name))).toEqual(
    expected.filter((name) => !sameMoment(name)),
  );
  expect(listed.toSorted()).toEqual(expected.toSorted());
  for (const pageSize of [1, 2, 3])
    expect(names(await all({ ...query, pageSize }))).toEqual(listed);
});

test("a listed execution has everything but its payloads, and these when asked for", async () => {
  const [listed] = (await control.listExecutions({ namePrefix: "a-1" })).items;
  expect(listed).toMatchObject({
    name: "a-1",
    arn: "arn:aws:states:us-east-1:000000000000:execution:orders:a-1",
    stateMachineArn: orders.arn,
    stateMachineName: "orders",
    type: "STANDARD",
    revisionId: orders.revisionId,
    status: "SUCCEEDED",
    startedAtMs: baseMs + 1_000,
    stoppedAtMs: baseMs + 5_000,
    labels: { tenant: "x" },
    eventCount: 0,
  });
  expect(listed).not.toHaveProperty("input");
  expect(listed).not.toHaveProperty("output");
  expect(
    (await control.listExecutions({ namePrefix: "a-1", includePayloads: true })).items[0],
  ).toMatchObject({ input: "{}", output: '{"done":true}' });
  expect((await control.listExecutions({ namePrefix: "a-2" })).items[0]).toMatchObject({
    failure: { error: "Orders.Bad" },
  });
});

test("a page with large payloads is cut, and nothing is lost", async () => {
  const { stateMachine } = await control.createStateMachine({
    name: "large",
    definition: orders.definition,
  });
  const input = JSON.stringify("x".repeat(250_000));
  for (let count = 0; count < 30; count += 1) await insertExecution(store, stateMachine, { input });
  const query = { stateMachine: "large", includePayloads: true };
  const first = await control.listExecutions(query);
  expect(first.items.length).toBeGreaterThan(5);
  expect(first.items.length).toBeLessThan(15);
  expect(new Set(names(await all(query))).size).toBe(30);
});

test("a list goes on where it was while executions start", async () => {
  const first = await control.listExecutions({ stateMachine: "other", pageSize: 1 });
  expect(first.nextPageToken).toBeUndefined();
  for (const name of ["older", "old"])
    await insertExecution(store, other, { name, startedAtMs: baseMs + (name === "old" ? 2 : 1) });
  const page = await control.listExecutions({ stateMachine: "other", pageSize: 2 });
  expect(names(page.items)).toEqual(["elsewhere", "old"]);
  await insertExecution(store, other, { name: "newest", startedAtMs: baseMs + 60_000 });
  expect(
    names(
      (
        await control.listExecutions({
          stateMachine: "other",
          pageSize: 2,
          pageToken: page.nextPageToken!,
        })
      ).items,
    ),
  ).toEqual(["older"]);
});

test.each<{ rule: string; query: ListExecutions; expected: object }>([
  {
    rule: "an unknown machine",
    query: { stateMachine: "nowhere" },
    expected: { code: "StateMachineDoesNotExist" },
  },
  {
    rule: "times the wrong way round",
    query: { startedAfterMs: 2, startedBeforeMs: 1 },
    expected: { code: "ValidationException", reason: "FILTER" },
  },
  {
    rule: "a negative page size",
    query: { pageSize: -1 },
    expected: { code: "ValidationException", reason: "PAGE_SIZE" },
  },
  {
    rule: "a token that is none",
    query: { pageToken: "x" },
    expected: { code: "InvalidToken", reason: "PAGE_TOKEN" },
  },
])("listing executions with $rule is refused", async ({ query, expected }) => {
  await expect(control.listExecutions(query)).rejects.toMatchObject(expected);
});

test("a token of one filter is refused with another", async () => {
  const { nextPageToken } = await control.listExecutions({ stateMachine: "orders", pageSize: 1 });
  const token = { pageToken: nextPageToken! };
  await expect(control.listExecutions({ stateMachine: "other", ...token })).rejects.toMatchObject({
    reason: "PAGE_TOKEN",
  });
  await expect(
    control.listExecutions({ stateMachine: "orders", status: "RUNNING", ...token }),
  ).rejects.toMatchObject({ reason: "PAGE_TOKEN" });
  expect(
    (await control.listExecutions({ stateMachine: "orders", pageSize: 7, ...token })).items,
  ).toHaveLength(6);
});

// ---- history --------------------------------------------------------------------------------------

const event = (id: number, details?: string): HistoryEvent => ({
  id,
  previousEventId: id - 1,
  timestampMs: baseMs + id,
  type: "PassStateEntered",
  ...(details !== undefined && { details: { input: details } }),
});
const turnsOf = (...sizes: number[]): HistoryEvent[][] => {
  let id = 0;
  return sizes.map((size) => Array.from({ length: size }, () => event((id += 1))));
};

async function allEvents(reference: string, query: ListHistory): Promise<number[]> {
  const ids: number[] = [];
  for (let pageToken: string | undefined; ;) {
    const page = await control.listHistory(reference, {
      ...query,
      ...(pageToken !== undefined && { pageToken }),
    });
    expect(page.items.length).toBeLessThanOrEqual(query.pageSize ?? 1_000);
    ids.push(...page.items.map(({ id }) => id));
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return ids;
  }
}

test("a record reads in both directions, in pages of any size, from any event", async () => {
  const { id } = await insertExecution(store, orders, { turns: turnsOf(1, 5, 2, 7, 1, 1, 9) });
  const forward = Array.from({ length: 26 }, (_, index) => index + 1);
  for (const pageSize of [1, 2, 5, 7, 26, 100]) {
    expect(await allEvents(id, { pageSize })).toEqual(forward);
    expect(await allEvents(id, { pageSize, reverse: true })).toEqual(forward.toReversed());
    for (const afterEventId of [0, 1, 6, 7, 15, 25, 26, 100]) {
      expect(await allEvents(id, { pageSize, afterEventId })).toEqual(forward.slice(afterEventId));
    }
    for (const afterEventId of [1, 6, 7, 15, 25, 26, 100]) {
      const before = forward.slice(0, afterEventId - 1).toReversed();
      expect(await allEvents(id, { pageSize, afterEventId, reverse: true })).toEqual(before);
    }
  }
});

test("a record with large events comes in pages that fit a message, also when one turn wrote them all", async () => {
  const large = "x".repeat(250_000);
  const turn = Array.from({ length: 40 }, (_, index) => event(index + 1, large));
  const one = await insertExecution(store, orders, { turns: [turn] });
  const many = await insertExecution(store, orders, { turns: turn.map((single) => [single]) });
  for (const { id } of [one, many]) {
    for (const reverse of [false, true]) {
      const page = await control.listHistory(id, { reverse });
      expect(page.items.length).toBeGreaterThan(5);
      expect(JSON.stringify(page.items).length).toBeLessThan(3_500_000);
      expect(await allEvents(id, { reverse })).toHaveLength(40);
    }
  }
});

test("a record is found by id, ARN and machine/name; a name may look like an id", async () => {
  const uuidName = newUuidV7(baseMs);
  const named = await insertExecution(store, orders, { name: uuidName, turns: turnsOf(2) });
  const made = await insertExecution(store, orders, { turns: turnsOf(3) });
  for (const reference of [named.id, named.arn, `orders/${uuidName}`])
    expect(await allEvents(reference, {})).toEqual([1, 2]);
  for (const reference of [made.id, made.arn, `orders/${made.name}`])
    expect(await allEvents(reference, {})).toEqual([1, 2, 3]);
  // An id of one machine is no name of another.
  for (const reference of [`other/${made.name}`, "orders/none", newUuidV7(baseMs)]) {
    await expect(control.listHistory(reference, {})).rejects.toMatchObject({
      code: "ExecutionDoesNotExist",
    });
  }
  await expect(control.listHistory("no:arn", {})).rejects.toMatchObject({ code: "InvalidArn" });
});

test("an execution's machine is the one of the revision it started with", async () => {
  const definition = (comment: string): string =>
    JSON.stringify({ Comment: comment, StartAt: "A", States: { A: { Type: "Pass", End: true } } });
  const { stateMachine: first } = await control.createStateMachine({
    name: "moving",
    definition: definition("first"),
  });
  const before = await insertExecution(store, first, {});
  const { stateMachine: second } = await control.updateStateMachine({
    reference: "moving",
    definition: definition("second"),
  });
  const after = await insertExecution(store, second, {});
  expect(await control.describeStateMachineForExecution(before.arn)).toMatchObject({
    definition: definition("first"),
    revisionId: first.revisionId,
    updateCount: 0,
  });
  expect(await control.describeStateMachineForExecution(after.arn)).toMatchObject({
    definition: definition("second"),
    revisionId: second.revisionId,
    updateCount: 1,
  });
});

// ---- workers --------------------------------------------------------------------------------------

test("workers of all servers are listed newest first; those of a server that is gone or a closed stream are lost", async () => {
  const [alive, gone] = [newUuidV7(baseMs), newUuidV7(baseMs + 1)];
  await store.pool.query(
    "insert into servers (id, version, address, heartbeat_at) values ($1, '1', 'a:1', clock_timestamp())",
    [alive],
  );
  const sessions = [
    { id: newUuidV7(baseMs + 10), server: alive, worker: "one", closed: null },
    { id: newUuidV7(baseMs + 20), server: gone, worker: "two", closed: null },
    { id: newUuidV7(baseMs + 30), server: alive, worker: "three", closed: new Date() },
  ];
  const facts = {
    pools: [{ name: "p", resources: ["a"], slots: 4 }],
    labels: { a: "b" },
    runtime: { language: "ts" },
    buildId: "7",
    remoteAddress: "127.0.0.1:1",
  };
  for (const { id, server, worker, closed } of sessions) {
    await store.pool.query(
      "insert into sessions (id, server_id, worker_id, identity, facts, closed_at) values ($1, $2, $3, 'me', $4, $5)",
      [id, server, worker, facts, closed],
    );
  }
  const first = await control.listWorkers({ pageSize: 2 });
  const second = await control.listWorkers({ pageSize: 2, pageToken: first.nextPageToken! });
  expect(second.nextPageToken).toBeUndefined();
  const listed = [...first.items, ...second.items];
  expect(listed.map(({ workerId, status }) => [workerId, status])).toEqual([
    ["three", "LOST"],
    ["two", "LOST"],
    ["one", "CONNECTED"],
  ]);
  expect(listed[2]).toMatchObject({
    ...facts,
    sessionId: sessions[0]!.id,
    serverId: alive,
    identity: "me",
    running: {},
  });
});
