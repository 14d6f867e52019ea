import { Client, Worker, silentLog } from "@pawl/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as programs from "../../examples/seed/programs.ts";
import register from "../../examples/seed/worker.ts";
import { startPawl } from "../cli/support/pawl-process.ts";
import type { PawlServer } from "../cli/support/pawl-process.ts";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let server: PawlServer;
let worker: Worker;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, PAWL_ALLOW_UNSAFE_DATABASE: "true" };
  server = await startPawl(["serve", "--port", "0"], { env });
  worker = new Worker({ address: server.url, log: silentLog });
  register(worker);
  await worker.start();
  client = new Client({ address: server.url });
});

afterAll(async () => {
  client?.close();
  await worker?.close();
  await server?.stop();
  await database?.drop();
});

test("the quick start runs its handlers, and keeps its input beside their results", async () => {
  expect(await programs.quickStart(client)).toMatchObject({
    status: "SUCCEEDED",
    output: {
      orderId: "ORD-1",
      orderResult: { orderId: "ORD-1", status: "processed" },
      paymentResult: { paid: true },
      notificationResult: { sent: true },
    },
  });
});

test("branches give their results in order, a Choice in one of them, too", async () => {
  expect(await programs.parallel(client)).toMatchObject({
    status: "SUCCEEDED",
    output: { done: [{ account: "ada-1" }, { sent: true }, { plan: "team" }] },
  });
});

test("a message wakes the order that waits for it, and is its result", async () => {
  expect(await programs.payment(client)).toMatchObject({
    status: "SUCCEEDED",
    output: { payment: { amount: 42 }, shipment: { parcel: "P-ORD-2" } },
  });
});

test("an order that nobody pays is caught by its timeout and fails", async () => {
  expect(await programs.paymentTimeout(client)).toMatchObject({
    status: "FAILED",
    error: { error: "PaymentTimeout" },
  });
});

test("an imported definition does what its author meant: 250 is not below 200", async () => {
  expect(await programs.orderProcessing(client)).toMatchObject({
    status: "SUCCEEDED",
    output: {
      shipping: "express",
      notified: [{ mail: "ada@example.com: express" }, { reserved: true }],
    },
  });
});

test("a chain takes what a state put out, although its execution failed later; once", async () => {
  expect(await programs.chain(client)).toMatchObject({ output: "report of 7" });
});

test("a batch of inputs has its results in their order", async () => {
  expect(await programs.bulk(client)).toEqual({
    status: "SUCCEEDED",
    output: ["report a", "report b", "report c"],
  });
});

test("a batch chains every execution that its filter finds, the newest first", async () => {
  const reports = [1, 2, 3, 4].map((number) => `report of ${number}`);
  expect(await programs.batch(client)).toMatchObject({
    status: "SUCCEEDED",
    output: expect.arrayContaining(reports),
  });
});
