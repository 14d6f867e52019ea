import type { ServiceError } from "@grpc/grpc-js";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PayloadView } from "../../server/gen/pawl/v1/common_pb.ts";
import {
  ExecutionService,
  ExecutionStatus,
  type WatchExecutionResponse,
} from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { withSilences, silence } from "../../server/api/grpc/with-silences.ts";
import { Quota } from "../../server/api/quota.ts";
import {
  refusalOf,
  refused,
  startApi,
  type TestClient,
  type TestServer,
} from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
  await client.call("startExecution", {
    stateMachine: "orders",
    inputSource: { case: "input", value: `{"in":1}` },
  });
});
afterEach(() => api[Symbol.asyncDispose]());

test("a snapshot, each event once, then the terminal snapshot, and the stream ends OK", async () => {
  const watching = collect({ execution: "exec-0", payloadView: PayloadView.FULL });
  await expect.poll(() => api.engine.watches).toBe(1);
  api.engine.record("exec-0", {
    type: "PassStateEntered",
    stateName: "P",
    details: { name: "P", input: "7" },
  });
  api.engine.finish("exec-0", `{"out":2}`);
  const updates = await watching;
  expect(updates.map(({ update, terminal }) => [update.case, terminal])).toEqual([
    ["snapshot", false],
    ["event", false],
    ["event", false],
    ["snapshot", true],
  ]);
  expect(updates.at(-1)?.update.value).toMatchObject({
    status: ExecutionStatus.SUCCEEDED,
    input: `{"in":1}`,
    output: `{"out":2}`,
  });
});

test("payloads are left out unless asked for", async () => {
  api.engine.finish("exec-0", `{"out":2}`);
  const [last] = await collect({ execution: "exec-0" });
  expect(last?.update.value).toMatchObject({ input: "", output: "" });
});

test("three thousand watches that are given up do not end what else runs on their connection", async () => {
  const kept = collect({ execution: "exec-0" });
  const watches = Array.from({ length: 3_000 }, () =>
    client.stream("watchExecution", { execution: "exec-0" }).on("error", () => undefined),
  );
  await expect.poll(() => api.engine.watches, { timeout: 20_000 }).toBe(3_001);
  for (const watch of watches) watch.cancel();
  await expect.poll(() => api.engine.watches, { timeout: 20_000 }).toBe(1);
  api.engine.finish("exec-0", `{"out":2}`);
  expect((await kept).at(-1)?.terminal).toBe(true);
});

test("a token resumes exactly behind the update it came with", async () => {
  const stream = client.stream("watchExecution", { execution: "exec-0" });
  stream.on("error", () => undefined);
  for (let index = 0; index < 3; index += 1)
    api.engine.record("exec-0", { type: "PassStateEntered", stateName: `P${index}` });
  const seen: WatchExecutionResponse[] = [];
  for await (const response of stream) {
    seen.push(response);
    if (response.update.case === "snapshot")
      api.engine.record("exec-0", { type: "PassStateExited", stateName: "P" });
    if (response.update.case === "event") break;
  }
  stream.cancel();
  api.engine.finish("exec-0", "1");
  const resumed = await collect({ execution: "exec-0", resumeToken: seen.at(-1)!.resumeToken });
  expect(
    resumed.map(({ update }) => (update.case === "event" ? update.value.awsType : update.case)),
  ).toEqual(["ExecutionSucceeded", "snapshot"]);
});

test("after_event_id replays the record from there, without a snapshot first", async () => {
  api.engine.record("exec-0", { type: "PassStateEntered", stateName: "P" });
  api.engine.finish("exec-0", "1");
  const updates = await collect({ execution: "exec-0", afterEventId: 1n });
  expect(
    updates.map(({ update }) => (update.case === "event" ? update.value.id : update.case)),
  ).toEqual([2n, 3n, "snapshot"]);
});

test("snapshots_only sends no events", async () => {
  const watching = collect({ execution: "exec-0", snapshotsOnly: true });
  await expect.poll(() => api.engine.watches).toBe(1);
  for (let index = 0; index < 20; index += 1)
    api.engine.record("exec-0", { type: "PassStateEntered", stateName: "P" });
  await sleep(700);
  api.engine.finish("exec-0", "1");
  const updates = await watching;
  expect(updates.every(({ update }) => update.case === "snapshot")).toBe(true);
  expect(updates.length).toBe(3);
  expect(updates[1]?.update.value).toMatchObject({
    eventCount: 21n,
    status: ExecutionStatus.RUNNING,
  });
  expect(updates[2]?.terminal).toBe(true);
});

test.each([
  { name: "garbage", token: async () => "zzz" },
  {
    name: "a changed event id",
    token: async () => (await firstToken("exec-0")).replace(/\.1\./, ".2."),
  },
  {
    name: "another execution's token",
    token: async () => {
      await client.call("startExecution", { stateMachine: "orders" });
      return firstToken("exec-1");
    },
  },
])("$name is refused as a resume token", async ({ token }) => {
  const resumeToken = await token();
  expect(await refused(collect({ execution: "exec-0", resumeToken }))).toMatchObject({
    code: 3,
    reason: "RESUME_TOKEN",
    violations: ["resume_token"],
  });
});

test("an event id that has not been yet is OUT_OF_RANGE and says which is the last", async () => {
  const refusal = await refused(collect({ execution: "exec-0", afterEventId: 99n }));
  expect(refusal).toMatchObject({
    code: 11,
    reason: "EVENT_ID_IN_FUTURE",
    message: "after_event_id is 99; the last event is 1",
  });
});

test.each([
  { request: { execution: "nope" }, code: 5 },
  { request: { execution: "" }, code: 3 },
  { request: { execution: "exec-0", afterEventId: 1n, resumeToken: "x" }, code: 3 },
  { request: { execution: "exec-0", filter: "type = 3" }, code: 12 },
])("a wrong watch is refused: $request", async ({ request, code }) => {
  expect((await refused(collect(request))).code).toBe(code);
});

test("a watcher that leaves frees what it held", async () => {
  const stream = client.stream("watchExecution", { execution: "exec-0" });
  stream.on("error", () => undefined);
  await new Promise((resolve) => stream.once("data", resolve));
  expect(api.engine.watches).toBe(1);
  stream.cancel();
  await expect.poll(() => api.engine.watches).toBe(0);
});

test("a slow reader holds the engine's iterator back, and gets everything", async () => {
  const stream = client.stream("watchExecution", {
    execution: "exec-0",
    payloadView: PayloadView.FULL,
  });
  const responses = (stream as AsyncIterable<WatchExecutionResponse>)[Symbol.asyncIterator]();
  await responses.next();
  const read: number[] = [];
  const { events } = api.engine.executions.get("exec-0")!;
  const input = "x".repeat(50_000);
  for (let index = 0; index < 400; index += 1) {
    api.engine.record("exec-0", { type: "PassStateEntered", stateName: "P" });
    Object.defineProperty(events.at(-1)!, "details", { get: () => (read.push(index), { input }) });
  }
  await sleep(200);
  const behind = Math.max(...read);
  expect(behind).toBeLessThan(200);
  api.engine.finish("exec-0", "1");
  const ids: bigint[] = [];
  for (let next = await responses.next(); next.done !== true; next = await responses.next()) {
    if (next.value.update.case === "event") ids.push(next.value.update.value.id);
  }
  expect(ids.length).toBe(events.length - 1);
  expect(ids).toEqual(ids.toSorted((a, b) => Number(a - b)));
});

test("a thousand watches on one connection are open together", async () => {
  const streams = Array.from({ length: 1_000 }, () =>
    client.stream("watchExecution", { execution: "exec-0" }),
  );
  const done = streams.map(
    (stream) =>
      new Promise<void>((resolve, reject) => {
        stream.on("data", () => undefined);
        stream.once("end", resolve);
        stream.once("error", reject);
      }),
  );
  await expect.poll(() => api.engine.watches, { timeout: 10_000 }).toBe(1_000);
  api.engine.finish("exec-0", "1");
  await Promise.all(done);
});

test("watches above the quota are RESOURCE_EXHAUSTED with advice when to retry", () => {
  const quota = new Quota({ what: "open watches", perCaller: 2, total: 3 });
  const release = quota.take("a");
  quota.take("a");
  expect(() => quota.take("a")).toThrow("this connection has 2 open watches; the limit is 2");
  quota.take("b");
  expect(() => quota.take("c")).toThrow("the server has 3 open watches; the limit is 3");
  release();
  release();
  quota.take("c");
  expect(() => quota.take("c")).toThrow("the server has 3");
});

test("silence is told once per interval and never between items that are there", async () => {
  async function* source(): AsyncGenerator<number> {
    yield 1;
    yield 2;
    await sleep(70);
    yield 3;
  }
  const items: unknown[] = [];
  for await (const item of withSilences(source(), 30)) items.push(item);
  expect(items).toEqual([1, 2, silence, silence, 3]);
});

async function firstToken(execution: string): Promise<string> {
  const stream = client.stream("watchExecution", { execution });
  stream.on("error", () => undefined);
  const response = await new Promise<WatchExecutionResponse>((resolve) =>
    stream.once("data", resolve),
  );
  stream.cancel();
  return response.resumeToken;
}

async function collect(
  request: Parameters<typeof client.stream<"watchExecution">>[1],
): Promise<WatchExecutionResponse[]> {
  const updates: WatchExecutionResponse[] = [];
  try {
    for await (const response of client.stream(
      "watchExecution",
      request,
    ) as AsyncIterable<WatchExecutionResponse>)
      updates.push(response);
  } catch (error) {
    throw refusalOf(error as ServiceError);
  }
  return updates;
}
