import { setTimeout } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JsonText, silentLog, TaskError, Worker } from "../../sdk/typescript/src/index.ts";
import type { TaskCancelledError, WorkerOptions } from "../../sdk/typescript/src/index.ts";
import {
  CancelReason,
  OutcomeStatus,
  TaskTokenState,
} from "../../sdk/typescript/src/gen/pawl/v1/worker_service_pb.ts";
import { WorkerService } from "../../sdk/typescript/src/gen/pawl/v1/worker_service_pb.ts";
import { bytes, FakeServer, text } from "../support/fake-worker-service.ts";

let server: FakeServer;
let worker: Worker;

beforeEach(async () => {
  server = await FakeServer.start();
});

afterEach(async () => {
  await worker.close({ graceMs: 0 });
  server.crash();
});

function newWorker(options: WorkerOptions = {}): Worker {
  worker = new Worker({ address: server.address, log: silentLog, ...options });
  return worker;
}

test("a worker says hello with its pools before anything else", async () => {
  await newWorker({ identity: "me" })
    .task("a", { concurrency: 3 }, () => 1)
    .task("b:*", { concurrency: 5 }, () => 1)
    .start();
  const session = await server.session(0);
  expect(session.received[0]?.case).toBe("hello");
  expect(
    session.hello?.pools.map(({ name, resources, slots }) => ({ name, resources, slots })),
  ).toEqual([
    { name: "a", resources: ["a"], slots: 3 },
    { name: "b:*", resources: ["b:*"], slots: 5 },
  ]);
  expect(session.hello?.identity).toBe("me");
});

test("a task's result and its context reach the handler and the server", async () => {
  const seen: unknown[] = [];
  newWorker().task("add", (input: { a: number; b: number }, ctx) => {
    seen.push(
      ctx.attempt,
      ctx.idempotencyKey,
      ctx.execution,
      ctx.stateName,
      ctx.resource,
      ctx.rawResource,
      ctx.lastError,
      ctx.lastHeartbeatDetails,
    );
    return { sum: input.a + input.b };
  });
  await worker.start();
  const session = await server.session(0);
  session.tasks({
    taskToken: bytes("t1"),
    resource: "add",
    rawResource: "arn:aws:lambda:::add",
    input: '{"a":1,"b":2}',
    attempt: 2,
    idempotencyKey: "key",
    execution: "e1",
    stateName: "Add",
    lastError: { error: "Busy", cause: "full" },
    lastHeartbeatDetails: '{"at":7}',
  });
  const { taskToken, result } = await session.outcome(0);
  expect(text(taskToken)).toBe("t1");
  expect(result).toEqual({ case: "output", value: '{"sum":3}' });
  expect(seen).toEqual([
    2,
    "key",
    "e1",
    "Add",
    "add",
    "arn:aws:lambda:::add",
    { error: "Busy", cause: "full" },
    { at: 7 },
  ]);
});

test.each([
  { name: "undefined is null", value: undefined, expected: "null" },
  {
    name: "a JsonText keeps its digits",
    value: new JsonText('{"n":9007199254740993}'),
    expected: '{"n":9007199254740993}',
  },
  { name: "a string is a JSON string", value: "x", expected: '"x"' },
])("a returned value becomes JSON text: $name", async ({ value, expected }) => {
  await newWorker()
    .task("a", () => value)
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  expect((await session.outcome(0)).result).toEqual({ case: "output", value: expected });
});

test("a TaskError carries its name, cause and retry advice", async () => {
  await newWorker()
    .task("pay", () => {
      throw new TaskError(
        "Payment.Declined",
        { card: "expired" },
        { nonRetryable: true, retryAfter: 2 },
      );
    })
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "pay" });
  const { result } = await session.outcome(0);
  expect(result).toMatchObject({
    case: "failure",
    value: {
      error: { error: "Payment.Declined", cause: '{"card":"expired"}' },
      nonRetryable: true,
      retryAfter: { seconds: 2n },
    },
  });
});

test("any other error has its own name, and a cause as AWS Lambda's", async () => {
  await newWorker()
    .task("pay", () => {
      throw new RangeError("too much");
    })
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "pay" });
  const { result } = await session.outcome(0);
  if (result.case !== "failure") throw new Error(`outcome is ${result.case}`);
  expect(result.value.error?.error).toBe("RangeError");
  const cause = JSON.parse(result.value.error?.cause ?? "") as {
    errorMessage: string;
    errorType: string;
    stackTrace: string[];
  };
  expect(cause).toMatchObject({ errorMessage: "too much", errorType: "RangeError" });
  expect(cause.stackTrace[0]).toMatch(/^at /);
});

test.each([
  { name: "a thrown string", thrown: "no", error: "Error", message: "no" },
  {
    name: "an output with a BigInt",
    thrown: undefined,
    error: "TypeError",
    message: "Do not know how to serialize a BigInt",
  },
])("a handler's mistake is the task's failure: $name", async ({ thrown, error, message }) => {
  await newWorker()
    .task("a", () => {
      if (thrown !== undefined) throw thrown;
      return { n: 1n };
    })
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  const { result } = await session.outcome(0);
  expect(result).toMatchObject({ case: "failure", value: { error: { error } } });
  expect(result.case === "failure" && result.value.error?.cause).toContain(message);
});

test("credit is cumulative, never promises a slot twice, and comes back only with the acknowledgement", async () => {
  const gates = [
    Promise.withResolvers<number>(),
    Promise.withResolvers<number>(),
    Promise.withResolvers<number>(),
  ];
  let begun = 0;
  await newWorker()
    .task("a", { concurrency: 2 }, () => gates[begun++]!.promise)
    .start();
  const session = await server.session(0);
  session.isAcking = false;
  await session.until(({ limits }) => limits["a"] === 2);
  session.tasks(
    { taskToken: bytes("t0"), resource: "a" },
    { taskToken: bytes("t1"), resource: "a" },
  );
  await session.until(() => begun === 2);
  gates[0]!.resolve(0);
  await session.outcome(0);
  await setTimeout(50);
  expect(session.limits["a"]).toBe(2);
  session.ack("t0");
  await session.until(({ limits }) => limits["a"] === 3);
  session.tasks({ taskToken: bytes("t2"), resource: "a" });
  gates[1]!.resolve(1);
  await session.outcome(1);
  session.ack("t1");
  await session.until(({ limits }) => limits["a"] === 4);
  gates[2]!.resolve(2);
});

test("a thousand tasks through four slots: what is sent never passes the limit, and each outcome is there once", async () => {
  let running = 0;
  let runningMost = 0;
  await newWorker()
    .task("a", { concurrency: 4 }, async (n: number) => {
      running += 1;
      runningMost = Math.max(runningMost, running);
      await setTimeout(n % 3 === 0 ? 1 : 0);
      running -= 1;
      return n;
    })
    .start();
  const session = await server.session(0);
  let sent = 0;
  while (sent < 1_000) {
    const free = await session.until(
      ({ limits }) => (limits["a"] ?? 0) > sent && (limits["a"] ?? 0) - sent,
    );
    for (let index = 0; index < free && sent < 1_000; index += 1) {
      session.tasks({ taskToken: bytes(`t${sent}`), resource: "a", input: String(sent) });
      sent += 1;
    }
  }
  await session.until(({ outcomes }) => outcomes.length >= 1_000);
  expect(runningMost).toBeLessThanOrEqual(4);
  expect(new Set(session.outcomes.map(({ taskToken }) => text(taskToken))).size).toBe(1_000);
  await session.until(({ limits }) => limits["a"] === 1_004);
});

test("a slow task is accepted at once, a quick one by its outcome", async () => {
  const slow = Promise.withResolvers<number>();
  await newWorker()
    .task("slow", () => slow.promise)
    .task("quick", () => 1)
    .start();
  const session = await server.session(0);
  session.tasks(
    { taskToken: bytes("s"), resource: "slow" },
    { taskToken: bytes("q"), resource: "quick" },
  );
  const { taskTokens } = await session.message("accept");
  expect(taskTokens.map(text)).toEqual(["s"]);
  slow.resolve(1);
});

test("outcomes of one tick travel in one message", async () => {
  await newWorker()
    .task("a", (n: number) => n)
    .start();
  const session = await server.session(0);
  session.tasks(
    ...Array.from({ length: 50 }, (_, n) => ({
      taskToken: bytes(`t${n}`),
      resource: "a",
      input: String(n),
    })),
  );
  await session.until(({ outcomes }) => outcomes.length === 50);
  expect(session.received.filter(({ case: kind }) => kind === "outcomes").length).toBe(1);
});

test("an outcome is sent again after a broken stream until it is recorded", async () => {
  await newWorker()
    .task("a", () => 7)
    .start();
  const first = await server.session(0);
  first.isAcking = false;
  first.tasks({ taskToken: bytes("t"), resource: "a" });
  await first.outcome(0);
  first.fail(status.UNAVAILABLE, "gone");
  const second = await server.session(1);
  second.isAcking = false;
  const { taskToken, result } = await second.outcome(0);
  expect([text(taskToken), result]).toEqual(["t", { case: "output", value: "7" }]);
  expect(second.hello?.heldTaskTokens.map(text)).toEqual(["t"]);
  second.ack("t");
  second.fail(status.UNAVAILABLE, "gone again");
  const third = await server.session(2);
  expect(third.hello?.heldTaskTokens).toEqual([]);
  expect(third.hello?.workerId).toBe(first.hello?.workerId);
});

test("RETRY has the outcome sent again on the same stream", async () => {
  await newWorker()
    .task("a", () => 7)
    .start();
  const session = await server.session(0);
  session.isAcking = false;
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  await session.outcome(0);
  session.ack("t", OutcomeStatus.RETRY, "UNAVAILABLE");
  expect((await session.outcome(1)).result).toEqual({ case: "output", value: "7" });
});

test.each([
  { name: "ALREADY_RECORDED", ack: OutcomeStatus.ALREADY_RECORDED },
  { name: "LEASE_LOST", ack: OutcomeStatus.LEASE_LOST },
  { name: "EXECUTION_CLOSED", ack: OutcomeStatus.EXECUTION_CLOSED },
  { name: "TIMED_OUT", ack: OutcomeStatus.TIMED_OUT },
])("$name is final: the slot is free and nothing is sent again", async ({ ack }) => {
  await newWorker()
    .task("a", { concurrency: 1 }, () => 7)
    .start();
  const session = await server.session(0);
  session.isAcking = false;
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  await session.outcome(0);
  session.ack("t", ack);
  await session.until(({ limits }) => limits["a"] === 2);
  expect(session.outcomes.length).toBe(1);
});

test("an output the server calls INVALID becomes the task's failure, once", async () => {
  await newWorker()
    .task("a", { concurrency: 1 }, () => 7)
    .start();
  const session = await server.session(0);
  session.isAcking = false;
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  await session.outcome(0);
  session.ack("t", OutcomeStatus.INVALID, "OUTPUT_TOO_LARGE");
  expect((await session.outcome(1)).result).toMatchObject({
    case: "failure",
    value: { error: { error: "States.DataLimitExceeded" } },
  });
  session.ack("t", OutcomeStatus.INVALID, "INVALID");
  await session.until(({ limits }) => limits["a"] === 2);
  expect(session.outcomes.length).toBe(2);
});

test.each([
  { name: "EXECUTION_STOPPED", reason: CancelReason.EXECUTION_STOPPED },
  { name: "BRANCH_FAILED", reason: CancelReason.BRANCH_FAILED },
  { name: "TASK_TIMED_OUT", reason: CancelReason.TASK_TIMED_OUT },
])(
  "a cancel push aborts the handler with $name, and its throw acknowledges the cancel",
  async ({ name, reason }) => {
    const reasons: string[] = [];
    await newWorker()
      .task("a", async (_, ctx) => {
        await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
        reasons.push((ctx.signal.reason as TaskCancelledError).reason);
        ctx.signal.throwIfAborted();
      })
      .start();
    const session = await server.session(0);
    session.tasks({ taskToken: bytes("t"), resource: "a" });
    await session.message("accept");
    session.send({ case: "cancel", value: { taskTokens: [bytes("t")], reason } });
    expect((await session.outcome(0)).result).toEqual({ case: "cancelled", value: true });
    expect(reasons).toEqual([name]);
  },
);

test("a heartbeat's answer can cancel too", async () => {
  await newWorker()
    .task("a", async (_, ctx) => {
      ctx.heartbeat({ at: 1 }, 0.5);
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      ctx.signal.throwIfAborted();
    })
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  const { beats } = await session.message("heartbeats");
  expect(beats).toMatchObject([{ details: '{"at":1}', progress: 0.5 }]);
  const reply = {
    taskToken: bytes("t"),
    state: TaskTokenState.CANCEL_REQUESTED,
    cancelReason: CancelReason.BRANCH_FAILED,
  };
  session.send({ case: "heartbeatReplies", value: { replies: [reply] } });
  expect((await session.outcome(0)).result.case).toBe("cancelled");
});

test("HeartbeatSeconds is beaten at a third of it, without the handler's help", async () => {
  const slow = Promise.withResolvers<number>();
  await newWorker()
    .task("a", () => slow.promise)
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a", heartbeatTimeout: durationFromMs(300) });
  const begun = performance.now();
  await session.message("heartbeats", 3);
  const tookMs = performance.now() - begun;
  expect(tookMs).toBeGreaterThan(350);
  expect(tookMs).toBeLessThan(1_000);
  slow.resolve(1);
});

test("with autoHeartbeat off only the handler beats", async () => {
  const slow = Promise.withResolvers<number>();
  await newWorker()
    .task("a", { autoHeartbeat: false }, () => slow.promise)
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a", heartbeatTimeout: durationFromMs(60) });
  await setTimeout(200);
  expect(session.received.some(({ case: kind }) => kind === "heartbeats")).toBe(false);
  slow.resolve(1);
});

test("many heartbeats become one message now and one with the latest details later", async () => {
  const slow = Promise.withResolvers<number>();
  await newWorker()
    .task("a", (_, ctx) => {
      for (let n = 0; n < 1_000; n += 1) ctx.heartbeat({ n });
      return slow.promise;
    })
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  await session.message("heartbeats", 1);
  const beats = session.received.flatMap((message) =>
    message.case === "heartbeats" ? message.value.beats : [],
  );
  expect(beats.at(-1)?.details).toBe('{"n":999}');
  expect(beats.length).toBe(2);
  slow.resolve(1);
});

test("the deadline aborts the handler though no server says so", async () => {
  await newWorker()
    .task("a", async (_, ctx) => {
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      throw ctx.signal.reason;
    })
    .start();
  const session = await server.session(0);
  const deadline = new Date(Date.now() + 150);
  session.tasks({
    taskToken: bytes("t"),
    resource: "a",
    deadline: {
      seconds: BigInt(Math.floor(deadline.getTime() / 1000)),
      nanos: (deadline.getTime() % 1000) * 1_000_000,
    },
  });
  expect((await session.outcome(0)).result.case).toBe("cancelled");
  expect(Date.now()).toBeGreaterThanOrEqual(deadline.getTime() - 20);
});

test("an input that was left out is fetched", async () => {
  server.on(WorkerService.method.getTaskInput, (call) => call.send({ input: '{"big":true}' }));
  await newWorker()
    .task("a", (input) => input)
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a", input: "", inputOmitted: true });
  expect((await session.outcome(0)).result).toEqual({ case: "output", value: '{"big":true}' });
});

test("a task without a handler goes back", async () => {
  await newWorker({ pools: { shared: { concurrency: 2 } } })
    .task("a", { pool: "shared" }, () => 1)
    .task("b", { pool: "shared" }, () => 1)
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "c", pool: "shared" });
  expect((await session.message("release")).taskTokens.map(text)).toEqual(["t"]);
});

test.each([
  { registered: "process:order", resource: "arn:aws:lambda:::process:order" },
  { registered: "process:order", resource: "arn:aws:states:::lambda:function:process:order" },
  { registered: "charge", resource: "arn:aws:lambda:us-east-1:123456789012:function:charge:live" },
  { registered: "arn:aws:lambda:us-east-1:123456789012:function:charge", resource: "charge" },
  { registered: "payments:*", resource: "payments:charge" },
])(
  "in a shared pool $resource finds the handler of $registered",
  async ({ registered, resource }) => {
    await newWorker({ pools: { shared: { concurrency: 2 } } })
      .task(registered, { pool: "shared" }, () => "right")
      .task("other", { pool: "shared" }, () => "wrong")
      .start();
    const session = await server.session(0);
    session.tasks({ taskToken: bytes("t"), resource, pool: "shared" });
    expect((await session.outcome(0)).result).toEqual({ case: "output", value: '"right"' });
  },
);

test.each([
  { name: "no tasks", make: () => newWorker().start(), code: "FAILED_PRECONDITION" },
  {
    name: "a resource twice",
    make: async () =>
      newWorker()
        .task("a", () => 1)
        .task("a", () => 1),
    code: "INVALID_ARGUMENT",
  },
  {
    name: "an empty resource",
    make: async () => newWorker().task("", () => 1),
    code: "INVALID_ARGUMENT",
  },
  {
    name: "no slots",
    make: async () => newWorker().task("a", { concurrency: 0 }, () => 1),
    code: "INVALID_ARGUMENT",
  },
])("a worker with $name is refused", async ({ make, code }) => {
  await expect(make()).rejects.toMatchObject({ name: "PawlError", code });
});
