import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Client } from "../../sdk/typescript/src/index.ts";
import type { BatchInput } from "../../sdk/typescript/src/index.ts";
import {
  BatchService,
  type AddBatchItemsRequest,
  type CreateBatchRequest,
  type ListBatchesRequest,
  type ListBatchItemsRequest,
} from "../../sdk/typescript/src/gen/pawl/v1/batch_service_pb.ts";
import { FakeServer } from "../support/fake-worker-service.ts";

const { method } = BatchService;

let server: FakeServer;
let client: Client;
let created: CreateBatchRequest[];
beforeEach(async () => {
  server = await FakeServer.start();
  client = new Client({ address: server.address });
  created = [];
  server.on(method.createBatch, (call) => {
    created.push(call.request);
    const total = call.request.items.case === "inline" ? call.request.items.value.values.length : 0;
    call.send({ batch: { id: "b", counts: { total: BigInt(total) } } });
  });
});
afterEach(() => {
  client.close();
  server.crash();
});

describe("createBatch", () => {
  const executions = { stateMachine: "orders", status: "FAILED" as const, notLinked: {} };
  const filter = 'state_machine = "orders" AND status = FAILED AND linked = false';
  test.each<[string, BatchInput, object]>([
    [
      "chains what a filter finds",
      {
        chain: {
          stateMachine: "invoices",
          namePrefix: "n",
          state: "Price",
          transformer: { jsonata: "1" },
          unique: true,
        },
        executions,
      },
      {
        case: "chain",
        value: {
          stateMachine: "invoices",
          namePrefix: "n",
          source: {
            execution: "",
            state: "Price",
            transformer: { case: "jsonata", value: "1" },
            waitForSource: false,
            unique: true,
          },
        },
      },
    ],
    ["deletes", { delete: {}, executions }, { case: "delete" }],
    [
      "stops",
      { stop: { error: "E" }, executions },
      { case: "stop", value: { error: { error: "E" } } },
    ],
    [
      "redrives",
      { redrive: { fromState: "A" }, executions },
      { case: "redrive", value: { fromState: "A" } },
    ],
  ])("%s", async (_what, input, operation) => {
    await client.createBatch(input);
    expect(created[0]?.batch?.operation?.operation).toMatchObject(operation);
    expect(created[0]?.items).toEqual({ case: "filter", value: filter });
  });

  const many = Array.from({ length: 2_500 }, (_, n) => `e-${n}`);

  test("executions that are more than one call takes are sent one call after the other", async () => {
    const added: AddBatchItemsRequest[] = [];
    server.on(method.addBatchItems, ({ raw, send }) => {
      raw.on("data", (request: AddBatchItemsRequest) => added.push(request));
      raw.on("end", () => send({ batch: { id: "b" } }));
    });
    await client.createBatch({ delete: {}, executions: many });
    expect(created.map(({ items }) => items.case)).toEqual(["streamed"]);
    expect(added.flatMap(({ values }) => values)).toEqual(many);
    expect(added.map(({ firstIndex, last }) => [Number(firstIndex), last])).toEqual([
      [0, false],
      [1_000, false],
      [2_000, false],
      [2_500, true],
    ]);
  });

  test("a dry run has the server look at all items, and counts them", async () => {
    const batch = await client.createBatch(
      { stateMachine: "orders", inputs: many },
      { dryRun: true },
    );
    expect(batch.counts).toMatchObject({ total: 2_500, pending: 2_500 });
    expect(created.map(({ dryRun, items }) => [dryRun, items.case])).toEqual([
      [true, "inline"],
      [true, "inline"],
      [true, "inline"],
    ]);
  });
});

describe("lists", () => {
  test("batches are asked for by every condition", async () => {
    let request: ListBatchesRequest | undefined;
    server.on(method.listBatches, (call) => {
      ({ request } = call);
      call.send({ batches: [{ id: "b" }] });
    });
    const time = new Date(0);
    const list = client.listBatches({
      status: "PAUSED",
      stateMachine: 'a"b',
      namePrefix: "nightly-",
      createdAfter: time,
      createdBefore: time,
      endedAfter: time,
      endedBefore: time,
    });
    expect((await list.next()).value).toMatchObject({ id: "b" });
    const at = '"1970-01-01T00:00:00.000Z"';
    expect(request?.page?.filter).toBe(
      `state_machine = "a\\"b" AND name = "nightly-*" AND create_time > ${at} AND create_time < ${at} AND end_time > ${at} AND end_time < ${at} AND status = PAUSED`,
    );
  });

  test("items are asked for by their status", async () => {
    let request: ListBatchItemsRequest | undefined;
    server.on(method.listBatchItems, (call) => {
      ({ request } = call);
      call.send({ items: [{ index: 3n, status: "FAILED" }] });
    });
    const { value } = await client.listBatchItems("b", { status: "FAILED" }).next();
    expect(value).toMatchObject({ index: 3, status: "FAILED" });
    expect(request?.page?.filter).toBe("status = FAILED");
  });
});
