import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SendMessage } from "../../server/engine/engine.ts";
import { createEngines, endOf, makeMachine, pause, until } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
/** Starts executions, so owns them. */
let owner: TestEngine;
let other: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  owner = await engines.open();
  other = await engines.open();
  await pause(1_100); // both have seen the other
});
afterAll(() => engines.close());

const waiting = (fields: Record<string, unknown> = {}, Next = "Done") => ({
  StartAt: "Wait",
  States: {
    Wait: { Type: "Message", CorrelationKey: "id", CorrelationValuePath: "$.id", Next, ...fields },
    Done: { Type: "Succeed" },
  },
});
const start = async (machine: string, id: unknown): Promise<string> => {
  const input = JSON.stringify({ id });
  return (await owner.startExecution({ stateMachine: machine, input })).execution.id;
};
const message = (id: unknown, more: Partial<SendMessage> = {}): SendMessage => ({
  correlationKey: "id",
  correlationValue: JSON.stringify(id),
  data: '"hello"',
  match: "ALL",
  ...more,
});
const waitsOf = async (id: unknown): Promise<number> =>
  (await owner.listMessageWaits({ correlationKey: "id", correlationValue: JSON.stringify(id) }))
    .items.length;

describe("send", () => {
  test.each(["owner", "other"])(
    "through the %s wakes all that wait, and names them",
    async (door) => {
      const machine = await makeMachine(owner, waiting());
      const ids = await Promise.all([1, 2, 3].map(() => start(machine, door)));
      const sent = await (door === "owner" ? owner : other).sendMessage(message(door));
      expect(sent.executions.toSorted()).toEqual(ids.toSorted());
      for (const id of ids)
        expect(await endOf(owner, id)).toMatchObject({ status: "SUCCEEDED", output: '"hello"' });
      expect(await owner.sendMessage(message(door))).toEqual({ executions: [], isBuffered: false });
    },
  );

  test("compares values as JSON: 42 is not the text 42, the order of keys does not count", async () => {
    const machine = await makeMachine(owner, waiting());
    const number = await start(machine, 42);
    const object = await start(machine, { a: 1, b: [2] });
    expect((await owner.sendMessage(message("42"))).executions).toEqual([]);
    expect((await owner.sendMessage(message(42))).executions).toEqual([number]);
    expect((await owner.sendMessage(message({ b: [2], a: 1 }))).executions).toEqual([object]);
  });

  test("OLDEST wakes the one that waited longest, EXACTLY_ONE refuses two", async () => {
    const machine = await makeMachine(owner, waiting());
    const [first, second] = [await start(machine, "two"), await start(machine, "two")];
    const two = owner.sendMessage(message("two", { match: "EXACTLY_ONE" }));
    await expect(two).rejects.toMatchObject({ reason: "NOT_EXACTLY_ONE" });
    expect((await owner.sendMessage(message("two", { match: "OLDEST" }))).executions).toEqual([
      first,
    ]);
    expect((await other.sendMessage(message("two", { match: "EXACTLY_ONE" }))).executions).toEqual([
      second,
    ]);
  });

  test("reaches only the machine that is asked for", async () => {
    const [here, there] = [
      await makeMachine(owner, waiting()),
      await makeMachine(owner, waiting()),
    ];
    await start(here, "machine");
    const id = await start(there, "machine");
    const sent = await owner.sendMessage(message("machine", { stateMachine: there }));
    expect(sent.executions).toEqual([id]);
    expect(await waitsOf("machine")).toBe(1);
    await owner.sendMessage(message("machine"));
  });

  test.each([
    ["correlation_key", message(1, { correlationKey: "" })],
    ["correlation_key", message(1, { correlationKey: "k".repeat(1_025) })],
    ["correlation_value", message(1, { correlationValue: "{" })],
    ["data", message(1, { data: "not json" })],
    ["data", message(1, { data: JSON.stringify("x".repeat(262_144)) })],
    ["time_to_live", message(1, { timeToLiveMs: -1 })],
    ["time_to_live", message(1, { timeToLiveMs: 10 * 365 * 86_400_000 })],
    ["message_id", message(1, { messageId: "m".repeat(257) })],
  ])("refuses a wrong %s", async (field, request) => {
    const refused = owner.sendMessage(request);
    await expect(refused).rejects.toMatchObject({
      code: "ValidationException",
      details: { metadata: { field } },
    });
  });
});

test("a message id is received once, also when both servers send it at the same time", async () => {
  // The execution waits again after each message: a second delivery would be seen.
  const machine = await makeMachine(owner, {
    StartAt: "Wait",
    States: {
      Wait: {
        Type: "Message",
        CorrelationKey: "id",
        CorrelationValuePath: "$.id",
        ResultPath: "$.last",
        Next: "Wait",
      },
    },
  });
  const id = await start(machine, "dedupe");
  const receivedBy = async (): Promise<number> => {
    const { items } = await owner.listHistory(id, { pageSize: 1_000 });
    return items.filter(({ type }) => type === "MessageReceived").length;
  };
  for (let round = 0; round < 10; round += 1) {
    // A message through the other server is acknowledged before its receiver's server has turned it.
    await until(async () => (await receivedBy()) === round);
    const request = message("dedupe", { messageId: `m${round}`, match: "OLDEST" });
    const sent = await Promise.all(
      [owner, other, owner, other].map((engine) => engine.sendMessage(request)),
    );
    expect(sent.flatMap(({ executions }) => executions)).toEqual([id]);
    expect(await owner.sendMessage(request)).toMatchObject({ executions: [], isDuplicate: true });
  }
  await until(async () => (await receivedBy()) === 10);
  await pause(100);
  expect(await receivedBy()).toBe(10);
  await owner.stopExecution(id, {});
});

describe("buffering", () => {
  test("keeps a message that comes first, for the first that waits", async () => {
    const machine = await makeMachine(owner, waiting());
    const request = message("early", { timeToLiveMs: 60_000 });
    expect(await other.sendMessage(request)).toEqual({ executions: [], isBuffered: true });
    const id = await start(machine, "early");
    expect(await endOf(owner, id)).toMatchObject({ output: '"hello"' });
    const second = await start(machine, "early");
    await pause(300);
    expect(await owner.describeExecution(second)).toMatchObject({ status: "RUNNING" });
    await owner.sendMessage(message("early"));
  });

  test("ends with its time to live", async () => {
    const machine = await makeMachine(owner, waiting());
    await owner.sendMessage(message("short", { timeToLiveMs: 50 }));
    await pause(100);
    const id = await start(machine, "short");
    await pause(300);
    expect((await owner.describeExecution(id)).status).toBe("RUNNING");
    await owner.sendMessage(message("short"));
  });

  test("loses none and doubles none when sending and waiting meet", async () => {
    const machine = await makeMachine(owner, waiting());
    const rounds = Array.from({ length: 200 }, (_, round) => round);
    const ids = await Promise.all(
      rounds.map(async (round) => {
        const request = message(`race${round}`, { timeToLiveMs: 60_000, data: String(round) });
        const sending = (round % 2 === 0 ? owner : other).sendMessage(request);
        const [id] = await Promise.all([start(machine, `race${round}`), sending]);
        return id;
      }),
    );
    for (const [round, id] of ids.entries())
      expect(await endOf(owner, id)).toMatchObject({ output: String(round) });
    await until(async () => {
      const { rowCount } = await owner.store.pool.query(
        "select from messages where status <> 'SENT'",
      );
      return rowCount === 0;
    });
  });

  test("a message whose sender died in the middle arrives once", async () => {
    const machine = await makeMachine(owner, waiting());
    const { executions } = await owner.sendMessage(message("dead", { timeToLiveMs: 60_000 }));
    expect(executions).toEqual([]);
    // As its server would have left it: claimed for a wait, and not brought there.
    await owner.store.pool.query(
      "update messages set status = 'PENDING', looked_at = clock_timestamp() - interval '1 minute'",
    );
    const id = await start(machine, "dead");
    expect(await endOf(owner, id)).toMatchObject({ output: '"hello"' });
  });
});

test("exactly one of message and timeout wins, whichever server they reach", async () => {
  const late = await makeMachine(owner, {
    StartAt: "Wait",
    States: {
      Wait: {
        Type: "Message",
        CorrelationKey: "id",
        CorrelationValuePath: "$.id",
        TimeoutSeconds: 1,
        TimeoutPath: "Late",
        Next: "Done",
      },
      Done: { Type: "Succeed" },
      Late: { Type: "Pass", Result: "late", End: true },
    },
  });
  const ids = await Promise.all(Array.from({ length: 40 }, () => start(late, "both")));
  await pause(985);
  const sends = await Promise.all(
    [owner, other, owner, other].map((engine) => engine.sendMessage(message("both"))),
  );
  const told = sends.flatMap(({ executions }) => executions);
  expect(new Set(told).size).toBe(told.length);
  for (const id of ids) {
    const { output } = await endOf(owner, id);
    expect(output).toBe(told.includes(id) ? '"hello"' : '"late"');
  }
});

test("waits are listed page by page, longest first", async () => {
  const machine = await makeMachine(owner, waiting());
  const ids: string[] = [];
  for (const round of [1, 2, 3]) ids.push(await start(machine, `list${round}`));
  const first = await owner.listMessageWaits({ stateMachine: machine, pageSize: 2 });
  const rest = await other.listMessageWaits({
    stateMachine: machine,
    pageSize: 2,
    pageToken: first.nextPageToken!,
  });
  expect([...first.items, ...rest.items]).toMatchObject(
    ids.map((executionId, index) => ({
      executionId,
      statePath: "/States/Wait",
      correlationKey: "id",
      correlationValue: `"list${index + 1}"`,
    })),
  );
  expect(rest.nextPageToken).toBeUndefined();
  for (const round of [1, 2, 3]) await owner.sendMessage(message(`list${round}`));
});

test("an execution goes on waiting when its server dies", async () => {
  const dying = await engines.open();
  const machine = await makeMachine(owner, waiting());
  const { execution } = await dying.startExecution({
    stateMachine: machine,
    input: '{"id":"orphan"}',
  });
  await dying.crash();
  const sent = owner.sendMessage(message("orphan", { messageId: "1" }));
  expect(await sent).toMatchObject({ executions: [execution.id] });
  expect(await endOf(owner, execution.id)).toMatchObject({ output: '"hello"' });
});
