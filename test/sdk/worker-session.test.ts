import { setTimeout } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog, Worker } from "../../sdk/typescript/src/index.ts";
import type {
  TaskCancelReason,
  TaskCancelledError,
  WorkerOptions,
} from "../../sdk/typescript/src/index.ts";
import { TaskTokenState } from "../../sdk/typescript/src/gen/pawl/v1/worker_service_pb.ts";
import { bytes, FakeServer, held, text } from "../support/fake-worker-service.ts";

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

test("a running task is held over a reconnect and its outcome goes to the new session", async () => {
  const slow = Promise.withResolvers<number>();
  let begun = 0;
  await newWorker()
    .task("a", { concurrency: 2 }, () => {
      begun += 1;
      return slow.promise;
    })
    .start();
  const first = await server.session(0);
  first.tasks({ taskToken: bytes("t"), resource: "a" });
  await first.message("accept");
  server.welcome = () => ({ held: [held("t", TaskTokenState.ACTIVE)] });
  first.fail(status.UNAVAILABLE, "gone");
  const second = await server.session(1);
  expect(second.hello?.heldTaskTokens.map(text)).toEqual(["t"]);
  expect(second.hello?.sessionIndex).toBe(first.hello?.sessionIndex);
  expect((await second.message("accept")).taskTokens.map(text)).toEqual(["t"]);
  await second.until(({ limits }) => limits["a"] === 1);
  slow.resolve(9);
  expect((await second.outcome(0)).result).toEqual({ case: "output", value: "9" });
  expect(begun).toBe(1);
});

test("the verdict LEASE_LOST aborts the handler, and its result is not sent", async () => {
  const reasons: TaskCancelReason[] = [];
  await newWorker()
    .task("a", { concurrency: 1 }, async (_, ctx) => {
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      reasons.push((ctx.signal.reason as TaskCancelledError).reason);
      return 1;
    })
    .start();
  const first = await server.session(0);
  first.tasks({ taskToken: bytes("t"), resource: "a" });
  await first.message("accept");
  server.welcome = () => ({ held: [held("t", TaskTokenState.LEASE_LOST)] });
  first.fail(status.UNAVAILABLE, "gone");
  const second = await server.session(1);
  await second.until(({ limits }) => limits["a"] === 1);
  expect(reasons).toEqual(["LEASE_LOST"]);
  await setTimeout(50);
  expect(second.outcomes).toEqual([]);
});

test("a server that crashes and comes back finds the worker again", async () => {
  await newWorker()
    .task("a", () => 1)
    .start();
  await server.session(0);
  server.crash();
  await setTimeout(300);
  await server.listen();
  const again = await server.session(1);
  again.tasks({ taskToken: bytes("t"), resource: "a" });
  expect((await again.outcome(0)).result.case).toBe("output");
});

test("a worker that starts before its server waits for it", async () => {
  server.crash();
  const started = newWorker()
    .task("a", () => 1)
    .start();
  await setTimeout(200);
  await server.listen();
  await started;
  expect(server.sessions.length).toBe(1);
});

test("a first session that is refused for good rejects start", async () => {
  server.welcome = (_, session) => {
    session.fail(status.INVALID_ARGUMENT, "resource is empty");
    return undefined;
  };
  await expect(
    newWorker()
      .task("a", () => 1)
      .start(),
  ).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message: "resource is empty" });
});

test("close drains: no outcome is lost, what still arrives goes back, and the stream is half-closed last", async () => {
  const slow = Promise.withResolvers<number>();
  await newWorker()
    .task("a", () => slow.promise)
    .start();
  const session = await server.session(0);
  session.isAcking = false;
  session.tasks({ taskToken: bytes("t0"), resource: "a" });
  await session.message("accept");
  const closed = worker.close({ graceMs: 5_000 });
  await session.message("drain");
  session.tasks({ taskToken: bytes("t1"), resource: "a" });
  session.send({ case: "drainAck", value: { tasksSent: 2n } });
  expect((await session.message("release")).taskTokens.map(text)).toEqual(["t1"]);
  slow.resolve(5);
  expect((await session.outcome(0)).result).toEqual({ case: "output", value: "5" });
  await setTimeout(50);
  expect(session.isEnded).toBe(false);
  session.ack("t0");
  await session.until(({ isEnded }) => isEnded);
  await closed;
});

test("when the grace is over a handler is aborted and its task handed back", async () => {
  const reasons: string[] = [];
  await newWorker()
    .task("polite", async (_, ctx) => {
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      reasons.push((ctx.signal.reason as TaskCancelledError).reason);
      throw ctx.signal.reason;
    })
    .task("deaf", () => new Promise(() => undefined))
    .start();
  const session = await server.session(0);
  session.tasks(
    { taskToken: bytes("p"), resource: "polite" },
    { taskToken: bytes("d"), resource: "deaf" },
  );
  await session.message("accept");
  const closed = worker.close({ graceMs: 100 });
  await session.message("drain");
  session.send({ case: "drainAck", value: { tasksSent: 2n } });
  await closed;
  await session.until(({ isEnded }) => isEnded);
  const released = session.received.flatMap((message) =>
    message.case === "release" ? message.value.taskTokens : [],
  );
  expect(released.map(text)).toEqual(["p", "d"]);
  expect(session.outcomes).toEqual([]);
  expect(reasons).toEqual(["WORKER_CLOSED"]);
});

test("a server that drains is left only after the new session stands, and credit is not promised to both", async () => {
  const slow = Promise.withResolvers<number>();
  await newWorker()
    .task("a", { concurrency: 2 }, () => slow.promise)
    .start();
  const old = await server.session(0);
  await old.until(({ limits }) => limits["a"] === 2);
  old.tasks({ taskToken: bytes("t0"), resource: "a" });
  await old.message("accept");
  old.send({
    case: "serverDrain",
    value: { reason: "deploy", reconnectAfter: durationFromMs(10) },
  });
  const fresh = await server.session(1);
  expect(fresh.hello?.heldTaskTokens.map(text)).toEqual(["t0"]);
  expect(fresh.hello?.sessionIndex).not.toBe(old.hello?.sessionIndex);
  await old.message("drain");
  old.tasks({ taskToken: bytes("late"), resource: "a" });
  await setTimeout(50);
  expect(fresh.limits["a"]).toBeUndefined();
  old.send({ case: "drainAck", value: { tasksSent: 2n } });
  await setTimeout(50);
  expect(fresh.limits["a"]).toBeUndefined();
  slow.resolve(3);
  expect(text((await fresh.outcome(0)).taskToken)).toBe("t0");
  expect(text((await old.outcome(0)).taskToken)).toBe("late");
  await old.until(({ isEnded }) => isEnded);
  await fresh.until(({ limits }) => limits["a"] === 2);
});

test("an outcome whose draining session breaks is sent again on the one that stands", async () => {
  server.welcome = () => ({ pingInterval: durationFromMs(40) });
  await newWorker()
    .task("a", { concurrency: 2 }, () => 3)
    .start();
  const old = await server.session(0);
  old.send({
    case: "serverDrain",
    value: { reason: "deploy", reconnectAfter: durationFromMs(1) },
  });
  const fresh = await server.session(1);
  await old.message("drain");
  old.isAcking = false;
  old.tasks({ taskToken: bytes("late"), resource: "a" });
  expect(text((await old.outcome(0)).taskToken)).toBe("late");
  old.fail(status.UNAVAILABLE, "gone");
  expect(text((await fresh.outcome(0)).taskToken)).toBe("late");
});

test("pings come at the server's interval with what runs, and a silent server is given up", async () => {
  const slow = Promise.withResolvers<number>();
  server.welcome = () => ({
    pingInterval: durationFromMs(40),
    sessionTimeout: durationFromMs(150),
  });
  await newWorker()
    .task("a", () => slow.promise)
    .start();
  const session = await server.session(0);
  session.tasks({ taskToken: bytes("t"), resource: "a" });
  const { running } = await session.message("ping", 1);
  expect(running).toEqual({ a: 1 });
  const second = await server.session(1);
  expect(second.hello?.heldTaskTokens.map(text)).toEqual(["t"]);
  slow.resolve(1);
});

test("a Pong that counts otherwise than the worker sets its credit right", async () => {
  await newWorker()
    .task("a", { concurrency: 2 }, () => 1)
    .start();
  const session = await server.session(0);
  await session.until(({ limits }) => limits["a"] === 2);
  session.send({ case: "pong", value: { nonce: 1n, tasksSent: { a: 5n } } });
  await session.message("demand", 1);
  expect(session.limits["a"]).toBe(7);
});
