import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Batch } from "../../server/engine/engine.ts";
import { BatchService, BatchStatus } from "../../server/gen/pawl/v1/batch_service_pb.ts";
import { refused, startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof BatchService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(BatchService);
});
afterEach(() => api[Symbol.asyncDispose]());

const batch: Batch = {
  id: "b",
  name: "nightly",
  operation: { kind: "Delete" },
  filter: "",
  maxConcurrency: 7,
  microBatchSize: 100,
  stopOnError: true,
  failurePolicy: { windowItems: 10, severeRate: 0.5, windowMicroBatches: 2, softRate: 0.25 },
  status: "PAUSED",
  statusReason: "a look",
  counts: {
    total: 10,
    pending: 3,
    running: 1,
    succeeded: 3,
    failed: 2,
    skipped: 1,
    recentFailureRate: 0.4,
    rollingFailureRate: 0.1,
    itemsPerSecond: 2,
    estimatedRemainingMs: 1_500,
  },
  createdAtMs: 1_500,
  lastAction: { operator: "ada", reason: "a look", timeMs: 2_000 },
};

const page = { case: "filter" as const, value: 'state_machine = "orders"' };
const query = { stateMachine: "orders" };

describe("CreateBatch", () => {
  test.each([
    [
      { case: "start", value: { stateMachine: "orders", namePrefix: "n", labels: { a: "b" } } },
      { kind: "Start", stateMachine: "orders", namePrefix: "n", labels: { a: "b" } },
    ],
    [
      { case: "chain", value: { stateMachine: "orders" } },
      { kind: "Chain", stateMachine: "orders", source: {} },
    ],
    [
      {
        case: "chain",
        value: {
          stateMachine: "orders",
          namePrefix: "n",
          source: {
            state: "Price",
            transformer: { case: "jsonata", value: "1" },
            waitForSource: true,
            unique: true,
          },
        },
      },
      {
        kind: "Chain",
        stateMachine: "orders",
        namePrefix: "n",
        source: {
          state: "Price",
          transformer: { kind: "JSONata", text: "1" },
          waitsForSource: true,
          isUnique: true,
        },
      },
    ],
    [
      { case: "stop", value: { error: { error: "E", cause: "C" } } },
      { kind: "Stop", failure: { error: "E", cause: "C" } },
    ],
    [
      { case: "redrive", value: { fromState: "A", inputOverride: "1", stateMachine: "orders:2" } },
      { kind: "Redrive", fromState: "A", input: "1", stateMachine: "orders:2" },
    ],
    [{ case: "delete", value: {} }, { kind: "Delete" }],
  ] as const)("hands on %j, and shows it again", async (operation, expected) => {
    const create = vi
      .spyOn(api.engine, "createBatch")
      .mockImplementation(async ({ operation: kept }) => ({ ...batch, operation: kept }));
    const { batch: made } = await client.call("createBatch", {
      batch: { operation: { operation } },
      items: { case: "inline", value: { values: ["{}"] } },
    });
    const items = { kind: "Inline", values: ["{}"] };
    expect(create).toHaveBeenCalledWith(expect.objectContaining({ operation: expected, items }));
    expect(made?.operation?.operation).toMatchObject(operation);
  });

  test("reads limits, policy and filter, and shows the batch", async () => {
    const create = vi.spyOn(api.engine, "createBatch").mockResolvedValue(batch);
    const { batch: made } = await client.call("createBatch", {
      batch: {
        name: "nightly",
        operation: { operation: { case: "delete", value: {} } },
        maxConcurrency: 7,
        microBatchSize: 100,
        stopOnError: true,
        failurePolicy: { softRate: 0.25 },
      },
      items: page,
      dryRun: true,
      requestId: "r",
    });
    expect(create).toHaveBeenCalledWith({
      name: "nightly",
      operation: { kind: "Delete" },
      items: { kind: "Executions", filter: page.value, query },
      maxConcurrency: 7,
      microBatchSize: 100,
      stopOnError: true,
      failurePolicy: { windowItems: 500, severeRate: 0.5, windowMicroBatches: 5, softRate: 0.25 },
      isDryRun: true,
      requestId: "r",
    });
    expect(made).toMatchObject({
      id: "b",
      status: BatchStatus.PAUSED,
      statusReason: "a look",
      counts: { total: 10n, pending: 3n, running: 1n, succeeded: 3n, failed: 2n, skipped: 1n },
      createTime: { seconds: 1n, nanos: 500_000_000 },
      lastAction: { principal: "ada", reason: "a look", time: { seconds: 2n } },
    });
    expect(made?.counts?.estimatedRemaining).toMatchObject({ seconds: 1n, nanos: 500_000_000 });
    expect(made?.endTime).toBeUndefined();
  });

  const start = { case: "start" as const, value: { stateMachine: "orders" } };
  const chain = { stateMachine: "orders" };
  const long = "s".repeat(81);
  test.each([
    [{}, ["batch", "batch.operation", "items"]],
    [{ batch: { operation: { operation: start } } }, ["items"]],
    [
      { batch: { operation: { operation: { case: "start" as const, value: {} } } }, items: page },
      ["batch.operation.start.state_machine"],
    ],
    [{ batch: { operation: { operation: start } }, items: page }, ["filter"]],
    [
      {
        batch: {
          operation: {
            operation: { case: "chain" as const, value: { ...chain, source: { state: long } } },
          },
        },
        items: page,
      },
      ["batch.operation.chain.source.state"],
    ],
    [
      {
        batch: {
          operation: {
            operation: {
              case: "chain" as const,
              value: {
                ...chain,
                source: { transformer: { case: "resource" as const, value: "" } },
              },
            },
          },
        },
        items: page,
      },
      ["batch.operation.chain.source.resource"],
    ],
    [
      {
        batch: { operation: { operation: start }, failurePolicy: { softRate: 2 } },
        items: { case: "streamed" as const, value: true },
      },
      ["failure_policy.soft_rate"],
    ],
    [
      {
        batch: { operation: { operation: start } },
        items: { case: "inline" as const, value: { values: Array(1_001).fill("{}") } },
      },
      ["inline.values"],
    ],
  ])("refuses %j", async (request, violations) => {
    const refusal = await refused(client.call("createBatch", request));
    expect(refusal).toMatchObject({ code: 3, violations });
  });

  test("names the part of a filter that it does not understand", async () => {
    const operation = { operation: { case: "delete" as const, value: {} } };
    const items = { case: "filter" as const, value: "colour = red" };
    const refusal = await refused(client.call("createBatch", { batch: { operation }, items }));
    expect(refusal).toMatchObject({ code: 3, reason: "FILTER" });
  });
});

describe("lists", () => {
  test("ListBatches reads every filter", async () => {
    const list = vi
      .spyOn(api.engine, "listBatches")
      .mockResolvedValue({ items: [batch], nextPageToken: "more" });
    const filter = [
      'status = PAUSED AND state_machine = "orders" AND name = "nightly-*"',
      'create_time > "1970-01-01T00:00:01Z" AND create_time < "1970-01-01T00:00:02Z"',
      'end_time > "1970-01-01T00:00:03Z" AND end_time < "1970-01-01T00:00:04Z"',
    ].join(" AND ");
    const answer = await client.call("listBatches", { page: { filter, pageSize: 5 } });
    expect(list).toHaveBeenCalledWith({
      pageSize: 5,
      status: "PAUSED",
      stateMachine: "orders",
      namePrefix: "nightly-",
      createdAfterMs: 1_000,
      createdBeforeMs: 2_000,
      endedAfterMs: 3_000,
      endedBeforeMs: 4_000,
    });
    expect(answer).toMatchObject({ batches: [{ id: "b" }], page: { nextPageToken: "more" } });
  });

  test("ListBatchItems reads a status, and cuts no output that was not asked for", async () => {
    const failure = { error: "E", cause: "C" };
    const list = vi.spyOn(api.engine, "listBatchItems").mockResolvedValue({
      items: [{ index: 4, status: "FAILED", source: "s", executionId: "e", failure }],
    });
    const request = { batch: "b", page: { filter: "status = FAILED" } };
    const { items } = await client.call("listBatchItems", request);
    expect(list).toHaveBeenCalledWith("b", {
      pageSize: 50,
      status: "FAILED",
      includeOutputs: false,
    });
    expect(items).toMatchObject([
      { index: 4n, status: "FAILED", source: "s", execution: "e", error: failure, output: "" },
    ]);
  });

  test.each([
    ["listBatches", 'colour = "red"', "known are status, state_machine"],
    ["listBatches", "status = DONE", "known are LOADING, RUNNING, PAUSED"],
    ["listBatches", 'name = "a*b"', "* may only stand at the end"],
    ["listBatches", 'name = "a" AND name = "b*"', "twice"],
    ["listBatches", 'create_time = "1970-01-01T00:00:01Z"', "accepted are > and <"],
    ["listBatchItems", "status = PAUSED", "known are PENDING, RUNNING"],
    ["listBatchItems", "index = 3", "items have status only"],
  ] as const)("%s refuses the filter %s and says why", async (rpc, filter, part) => {
    const refusal = await refused(client.call(rpc, { batch: "b", page: { filter } }));
    expect(refusal).toMatchObject({ code: 3, reason: "FILTER" });
    expect(refusal.message).toContain(part);
  });
});

describe("WatchBatch", () => {
  test("streams progress and items with tokens to go on from, and ends after the last", async () => {
    const ended = { ...batch, status: "SUCCEEDED" as const, endedAtMs: 3_000 };
    const watch = vi.spyOn(api.engine, "watchBatch").mockImplementation(async function* () {
      yield {
        kind: "Item",
        item: { index: 0, status: "RUNNING" },
        position: { begun: 1, done: 0 },
      };
      yield { kind: "Progress", batch: ended, position: { begun: 1, done: 1 } };
    });
    const received = [];
    for await (const message of client.stream("watchBatch", {
      batch: "b",
      includeItems: true,
      fromStart: true,
    }))
      received.push(message);
    expect(received).toMatchObject([
      { update: { case: "item", value: { status: "RUNNING" } }, terminal: false },
      { update: { case: "progress", value: { status: BatchStatus.SUCCEEDED } }, terminal: true },
    ]);
    const [{ resumeToken }] = received as [{ resumeToken: string }];
    for await (const _ of client.stream("watchBatch", { batch: "b", resumeToken }));
    expect(watch.mock.calls.map(([, { after }]) => after)).toEqual([
      { begun: 0, done: 0 },
      { begun: 1, done: 0 },
    ]);
  });

  test("refuses a token of another batch", async () => {
    const stream = client.stream("watchBatch", { batch: "b", resumeToken: "b1.1.1.c" });
    await expect(stream.toArray()).rejects.toMatchObject({ code: 3 });
  });
});

describe("actions", () => {
  const action = { operator: "ada", reason: "a look" };
  test("hand on who, why and how", async () => {
    const pause = vi.spyOn(api.engine, "pauseBatch").mockResolvedValue(batch);
    const resume = vi.spyOn(api.engine, "resumeBatch").mockResolvedValue(batch);
    const cancel = vi.spyOn(api.engine, "cancelBatch").mockResolvedValue(batch);
    await client.call("pauseBatch", { batch: "b", ...action });
    await client.call("resumeBatch", { batch: "b", ...action, resetWindow: true });
    await client.call("cancelBatch", { batch: "b", ...action, stopStarted: true });
    expect(pause).toHaveBeenCalledWith("b", action);
    expect(resume).toHaveBeenCalledWith("b", { ...action, resetWindow: true });
    expect(cancel).toHaveBeenCalledWith("b", { ...action, stopStarted: true });
  });

  test.each(["getBatch", "pauseBatch", "resumeBatch", "cancelBatch", "watchBatch"] as const)(
    "%s wants a batch",
    async (rpc) => {
      const call = rpc === "watchBatch" ? client.stream(rpc, {}).toArray() : client.call(rpc, {});
      await expect(call).rejects.toMatchObject({ code: 3 });
    },
  );
});
