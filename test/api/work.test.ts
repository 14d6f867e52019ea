import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  CancelReason,
  OutcomeStatus,
  TaskQueueService,
  TaskTokenState,
  WorkerService,
  WorkerStatus,
  type Hello as HelloMessage,
  type WorkRequestSchema,
  type WorkResponse,
} from "../../server/gen/pawl/v1/worker_service_pb.ts";
import {
  refused,
  startApi,
  type TestClient,
  type TestDuplex,
  type TestServer,
} from "../support/api-server.ts";
import { type MemorySession } from "../support/memory-engine.ts";
import { memoryTask } from "../support/memory-task.ts";

let api: TestServer;
let client: TestClient<typeof WorkerService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(WorkerService);
});
afterEach(() => api[Symbol.asyncDispose]());

type Message = NonNullable<MessageInitShape<typeof WorkRequestSchema>["message"]>;
type Hello = Partial<Omit<HelloMessage, "$typeName" | "pools" | "runtime">> & {
  pools?: { name?: string; resources?: string[]; slots?: number }[];
  runtime?: object;
};
type Stream = TestDuplex<MessageInitShape<typeof WorkRequestSchema>, WorkResponse>;

const token = (text: string): Uint8Array => Buffer.from(text);
const hello: Hello = {
  protocolVersion: 1,
  workerId: "w1",
  identity: "1@box",
  pools: [{ name: "main", resources: ["charge"], slots: 4 }],
  runtime: { sdkName: "pawl", language: "ts" },
};

async function open(over: Hello = {}): Promise<{
  stream: Stream;
  session: MemorySession;
  send: (message: Message) => void;
  welcome: WorkResponse;
}> {
  const stream = client.duplex("work");
  const send = (message: Message): void => stream.send({ message });
  send({ case: "hello", value: { ...hello, ...over } });
  const welcome = await stream.next();
  return { stream, send, welcome, session: api.engine.sessions.at(-1)! };
}

describe("hello", () => {
  test("is answered by welcome with the server's settings, the verdict on held tasks, and warnings", async () => {
    const { welcome, session } = await open({ heldTaskTokens: [token("held"), token("")] });
    expect(welcome.message).toMatchObject({
      case: "welcome",
      value: {
        sessionId: "session-0",
        serverId: "server-in-memory",
        pingInterval: { seconds: 10n },
        sessionTimeout: { seconds: 30n },
        deliveryLease: { seconds: 10n },
        reconnectGrace: { seconds: 30n },
        maxBatchTasks: 100,
        held: [{ state: TaskTokenState.ACTIVE }, { state: TaskTokenState.UNKNOWN }],
        warnings: ["nobody uses resource spare"],
      },
    });
    expect(session.hello).toMatchObject({
      workerId: "w1",
      maxInlineInputBytes: 65_536,
      runtime: { sdkName: "pawl", language: "ts" },
    });
    expect(session.hello.remoteAddress).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test("what comes with it in one write is not lost", async () => {
    const stream = client.duplex("work");
    stream.send({ message: { case: "hello", value: hello } });
    stream.send({ message: { case: "demand", value: { limits: { main: 3n } } } });
    stream.send({ message: { case: "ping", value: { nonce: 1n } } });
    await stream.next();
    await stream.next();
    expect(api.engine.sessions[0]?.calls).toEqual([["demand", { main: 3 }]]);
  });

  test("must come first", async () => {
    const stream = client.duplex("work");
    stream.send({ message: { case: "ping", value: { nonce: 1n } } });
    expect(await stream.ended).toMatchObject({
      code: 3,
      reason: "HELLO_EXPECTED",
      message: "message is ping; the first message must be hello",
    });
  });

  test("must come once", async () => {
    const { stream, send, session } = await open();
    send({ case: "hello", value: hello });
    expect(await stream.ended).toMatchObject({ code: 3, reason: "HELLO_TWICE" });
    expect(session.closed).toBe(false);
  });

  test.each<{ name: string; over: Hello; field: string }>([
    { name: "an empty worker id", over: { workerId: "" }, field: "hello.worker_id" },
    { name: "a worker id with a line break", over: { workerId: "a\nb" }, field: "hello.worker_id" },
    { name: "protocol 9", over: { protocolVersion: 9 }, field: "hello.protocol_version" },
    { name: "no pools", over: { pools: [] }, field: "hello.pools" },
    {
      name: "a pool without resources",
      over: { pools: [{ name: "a" }] },
      field: "hello.pools[0].resources",
    },
    {
      name: "two pools of one name",
      over: {
        pools: [
          { name: "a", resources: ["x"] },
          { name: "a", resources: ["y"] },
        ],
      },
      field: "hello.pools[1].name",
    },
    {
      name: "an empty resource",
      over: { pools: [{ name: "a", resources: [""] }] },
      field: "hello.pools[0].resources[0]",
    },
    {
      name: "10,000 resources",
      over: {
        pools: [
          { name: "a", resources: Array.from({ length: 10_000 }, (_, index) => `r${index}`) },
        ],
      },
      field: "hello.pools",
    },
    {
      name: "negative slots",
      over: { pools: [{ name: "a", resources: ["x"], slots: -1 }] },
      field: "hello.pools[0].slots",
    },
  ])("with $name is INVALID_ARGUMENT and names $field", async ({ over, field }) => {
    const stream = client.duplex("work");
    stream.send({ message: { case: "hello", value: { ...hello, ...over } } });
    expect(await stream.ended).toMatchObject({ code: 3, violations: [field] });
    expect(api.engine.sessions).toEqual([]);
  });
});

describe("frames to the worker", () => {
  test("what the engine says within one tick is one batch of tasks and one of acks", async () => {
    const { stream, send, session } = await open();
    send({
      case: "outcomes",
      value: {
        outcomes: ["a", "b", "c"].map((text) => ({
          taskToken: token(text),
          result: { case: "output", value: "1" },
        })),
      },
    });
    const acks = await stream.next();
    expect(acks.message).toMatchObject({
      case: "outcomeAcks",
      value: { acks: [1, 2, 3].map(() => ({ status: OutcomeStatus.RECORDED })) },
    });

    session.push([memoryTask("1")]);
    session.push([memoryTask("2"), memoryTask("3")]);
    session.sink.outcomeAcks([{ taskToken: token("z"), status: "TIMED_OUT" }]);
    const [first, second] = [await stream.next(), await stream.next()];
    expect(first.message).toMatchObject({
      case: "outcomeAcks",
      value: { acks: [{ status: OutcomeStatus.TIMED_OUT }] },
    });
    expect(second.message).toMatchObject({
      case: "tasks",
      value: { tasks: [{ taskId: "task-1" }, { taskId: "task-2" }, { taskId: "task-3" }] },
    });
  });

  test("a task arrives with all its fields", async () => {
    const { stream, session } = await open();
    session.push([
      {
        ...memoryTask("t", `{"é":1}`),
        deadlineMs: 1_700_000_060_500,
        heartbeatSeconds: 1.5,
        lastHeartbeatDetails: "50%",
        lastFailure: { error: "E" },
        trace: "00-a",
        labels: { tenant: "x" },
      },
    ]);
    const { message } = await stream.next();
    expect(message.case === "tasks" && message.value.tasks[0]).toMatchObject({
      pool: "main",
      resource: "charge",
      rawResource: "arn:pawl:charge",
      input: `{"é":1}`,
      inputBytes: 8n,
      inputOmitted: false,
      attempt: 1,
      execution: "exec-0",
      executionArn: "arn:execution",
      stateMachine: "orders",
      statePath: "/States/Charge",
      stateName: "Charge",
      scheduleTime: { seconds: 1_700_000_000n, nanos: 500_000_000 },
      deadline: { seconds: 1_700_000_060n },
      heartbeatTimeout: { seconds: 1n, nanos: 500_000_000 },
      lastHeartbeatDetails: "50%",
      lastError: { error: "E", cause: "" },
      idempotencyKey: "exec-0/Charge/1",
      trace: { traceparent: "00-a" },
      labels: { tenant: "x" },
    });
  });

  test("a batch has at most 100 tasks and about 1 MiB", async () => {
    const { stream, session } = await open();
    session.push(Array.from({ length: 250 }, (_, index) => memoryTask(String(index))));
    session.push(
      Array.from({ length: 6 }, (_, index) => memoryTask(`big${index}`, "x".repeat(260_000))),
    );
    const sizes: number[] = [];
    while (sizes.reduce((sum, size) => sum + size, 0) < 256) {
      const { message } = await stream.next();
      if (message.case === "tasks") sizes.push(message.value.tasks.length);
    }
    expect(sizes).toEqual([100, 100, 53, 3]);
  });

  test("cancel, drain of the server and pong are frames of their own", async () => {
    const { stream, send, session } = await open();
    session.sink.cancel([token("a")], "BRANCH_FAILED");
    session.sink.serverDrain("deploy", 5_000);
    send({ case: "ping", value: { nonce: 42n } });
    expect((await stream.next()).message).toMatchObject({
      case: "cancel",
      value: { reason: CancelReason.BRANCH_FAILED },
    });
    expect((await stream.next()).message).toMatchObject({
      case: "serverDrain",
      value: { reason: "deploy", deadline: { seconds: 5n } },
    });
    expect((await stream.next()).message).toMatchObject({
      case: "pong",
      value: { nonce: 42n, tasksSent: { main: 0n } },
    });
    expect(session.touches).toBe(1);
  });

  test("a session that the engine ends ends the stream with its error", async () => {
    const { stream, session } = await open();
    const { EngineError } = await import("../../server/engine/errors.ts");
    session.sink.end(new EngineError("ConflictException", "another stream took this worker id"));
    expect(await stream.ended).toMatchObject({
      code: 10,
      message: "another stream took this worker id",
    });
    await expect.poll(() => session.closed).toBe(false);
  });

  test("a worker that does not read is held back, then refused, and its session closed", async () => {
    const { stream, session } = await open();
    stream.raw.pause();
    let pushed = 0;
    const input = "x".repeat(250_000);
    while (session.closed === undefined && pushed < 400) {
      session.push([memoryTask(String(pushed), input)]);
      pushed += 1;
      await sleep(0);
    }
    expect(pushed).toBeGreaterThan(20);
    expect(pushed).toBeLessThan(400);
    await expect.poll(() => session.closed, { timeout: 8_000 }).toBe(false);
    stream.raw.resume();
    expect((await stream.ended)?.code).toBe(8);
  });
});

describe("frames from the worker", () => {
  test("reach the session as they are meant", async () => {
    const { stream, send, session } = await open();
    send({
      case: "demand",
      value: { limits: { main: 5n, other: -1n, huge: 9_223_372_036_854_775_807n } },
    });
    send({ case: "accept", value: { taskTokens: [token("a")] } });
    send({
      case: "heartbeats",
      value: { beats: [{ taskToken: token("a"), details: "{}", progress: 0.5 }] },
    });
    send({ case: "release", value: { taskTokens: [token("b")], redeliverAfter: { seconds: 2n } } });
    send({
      case: "outcomes",
      value: {
        outcomes: [
          { taskToken: token("a"), result: { case: "output", value: `{"ok":1}` } },
          {
            taskToken: token("c"),
            result: {
              case: "failure",
              value: {
                error: { error: "E", cause: "c" },
                nonRetryable: true,
                retryAfter: { seconds: 1n },
              },
            },
          },
          { taskToken: token("d"), result: { case: "cancelled", value: true } },
        ],
      },
    });
    await stream.next();
    await stream.next();
    expect(session.calls).toEqual([
      ["demand", { main: 5, other: 0, huge: Number.MAX_SAFE_INTEGER }],
      ["accept", ["a"]],
      ["heartbeat", 1],
      ["release", ["b"], 2_000],
      [
        "report",
        [
          ["a", { kind: "Succeeded", output: `{"ok":1}` }],
          [
            "c",
            {
              kind: "Failed",
              failure: { error: "E", cause: "c" },
              nonRetryable: true,
              retryAfterMs: 1_000,
            },
          ],
          ["d", { kind: "Cancelled" }],
        ],
      ],
    ]);
  });

  test("an outcome without result or with a wrong duration is INVALID for itself alone", async () => {
    const { stream, send } = await open();
    send({
      case: "outcomes",
      value: {
        outcomes: [
          { taskToken: token("a") },
          {
            taskToken: token("b"),
            result: { case: "failure", value: { retryAfter: { seconds: -1n } } },
          },
          { taskToken: token("c"), result: { case: "output", value: "1" } },
        ],
      },
    });
    const { message } = await stream.next();
    const acks = message.case === "outcomeAcks" ? message.value.acks : [];
    expect(
      acks.map(({ taskToken, status, reason }) => [
        Buffer.from(taskToken).toString(),
        status,
        reason,
      ]),
    ).toEqual([
      ["c", OutcomeStatus.RECORDED, ""],
      ["a", OutcomeStatus.INVALID, "FIELD_REQUIRED"],
      ["b", OutcomeStatus.INVALID, "DURATION_RANGE"],
    ]);
  });

  test("a message of an unknown kind is answered by a rejection, the stream goes on", async () => {
    const { stream, send } = await open();
    stream.send({});
    expect((await stream.next()).message.case).toBe("rejections");
    send({ case: "ping", value: { nonce: 1n } });
    expect((await stream.next()).message.case).toBe("pong");
  });

  test("drain: the tasks given before leave before the ack, which counts them", async () => {
    const { stream, send, session } = await open();
    session.push([memoryTask("1"), memoryTask("2")]);
    send({ case: "drain", value: {} });
    expect((await stream.next()).message).toMatchObject({ case: "tasks" });
    expect((await stream.next()).message).toMatchObject({
      case: "drainAck",
      value: { tasksSent: 2n },
    });
    stream.end();
    expect(await stream.ended).toBeUndefined();
    expect(session.closed).toBe(true);
  });

  test("a half-close without drain and a broken stream are not clean", async () => {
    const first = await open();
    first.stream.end();
    await first.stream.ended;
    const second = await open();
    second.stream.raw.cancel();
    await expect.poll(() => [first.session.closed, second.session.closed]).toEqual([false, false]);
  });
});

describe("unary twins", () => {
  test("PollTasks hands out tasks and asks the engine for no more than was asked", async () => {
    api.engine.polled = [memoryTask("1")];
    const { tasks, deliveryLease } = await client.call("pollTasks", {
      hello,
      maxTasks: { main: 5_000 },
    });
    expect(tasks.map(({ taskId }) => taskId)).toEqual(["task-1"]);
    expect(deliveryLease?.seconds).toBe(10n);
    expect(api.engine.polls[0]).toMatchObject({ maxTasks: { main: 1_000 }, waitMs: 60_000 });
  });

  test("a poll ends before its caller's deadline", async () => {
    const { tasks } = await client.call(
      "pollTasks",
      { hello, wait: { seconds: 3_600n } },
      { deadlineMs: 700 },
    );
    expect(tasks).toEqual([]);
    expect(api.engine.polls[0]?.waitMs).toBeLessThan(250);
  });

  test("tasks that do not fit a message go back", async () => {
    api.engine.polled = Array.from({ length: 20 }, (_, index) =>
      memoryTask(String(index), "x".repeat(260_000)),
    );
    const { tasks } = await client.call("pollTasks", { hello, maxTasks: { main: 20 } });
    expect(tasks.length).toBe(15);
    expect(api.engine.released).toEqual(["15", "16", "17", "18", "19"]);
  });

  test.each([
    { request: {}, field: "hello" },
    { request: { hello, maxTasks: { main: 0 } }, field: `max_tasks["main"]` },
    { request: { hello, maxTasks: { nope: 1 } }, field: "max_tasks" },
    { request: { hello, wait: { seconds: -1n } }, field: "wait" },
    { request: { hello, wait: { seconds: 999_999_999_999n } }, field: "wait" },
    { request: { hello: { ...hello, workerId: "" } }, field: "hello.worker_id" },
  ])("PollTasks refuses a wrong $field", async ({ request, field }) => {
    expect(await refused(client.call("pollTasks", request))).toMatchObject({
      code: 3,
      violations: [field],
    });
  });

  test("ReportTasks, HeartbeatTasks and GetTaskInput answer per token", async () => {
    const report = await client.call("reportTasks", {
      outcomes: [
        { taskToken: token("a"), result: { case: "output", value: "1" } },
        { taskToken: token("b") },
      ],
      release: [token("r")],
    });
    expect(report.acks.map(({ status }) => status)).toEqual([
      OutcomeStatus.RECORDED,
      OutcomeStatus.INVALID,
    ]);
    expect(api.engine.released).toEqual(["r"]);
    const beat = await client.call("heartbeatTasks", { beats: [{ taskToken: token("a") }] });
    expect(beat.replies.map(({ state }) => state)).toEqual([TaskTokenState.ACTIVE]);
    expect((await client.call("getTaskInput", { taskToken: token("known") })).input).toBe(
      `{"large":true}`,
    );
    expect(
      await refused(client.call("getTaskInput", { taskToken: token("garbage") })),
    ).toMatchObject({ code: 3, reason: "INVALID_TOKEN" });
  });

  test("ListWorkers shows sessions", async () => {
    await open();
    const { workers } = await api.client(TaskQueueService).call("listWorkers", {});
    expect(workers).toMatchObject([
      {
        workerId: "w1",
        status: WorkerStatus.CONNECTED,
        pools: [{ name: "main", resources: ["charge"] }],
        running: { main: 1 },
        runtime: { sdkName: "pawl" },
      },
    ]);
  });
});
