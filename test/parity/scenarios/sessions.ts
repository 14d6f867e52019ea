import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { expect } from "vitest";
import { ExecutionService } from "../../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import {
  OutcomeStatus,
  TaskTokenState,
} from "../../../sdk/typescript/src/gen/pawl/v1/worker_service_pb.ts";
import {
  bytes,
  failure,
  held,
  text,
  type FakeServer,
  type FakeSession,
} from "../../support/fake-worker-service.ts";
import type { Scenario, Stage } from "../support/stage.ts";
import type { StagedWorker } from "../support/staged-worker.ts";

const { getExecution } = ExecutionService.method;

/** What a worker says to a server that does what no real one can be brought to do. */
export const sessions: readonly Scenario[] = [
  {
    name: "credit is never exceeded: a slot is free again only when its outcome is acknowledged",
    run: async (stage) => {
      const { worker, session } = await connected(stage, { concurrency: 3 });
      await session.until(({ limits }) => limits["a"] === 3);
      session.isAcking = false;
      for (const token of ["t1", "t2", "t3"])
        session.tasks({ taskToken: bytes(token), taskId: token, resource: "a" });
      const first = await worker.nth(3).then(() => worker.starts);
      for (const start of first.slice(0, 2)) await worker.release(start);
      await session.outcome(1);
      await sleep(300);
      expect(session.limits["a"]).toBe(3);
      session.ack(text(session.outcomes[0]!.taskToken));
      await session.until(({ limits }) => limits["a"] === 4);
      await sleep(200);
      expect(session.limits["a"]).toBe(4);
    },
  },
  {
    name: "duplicated and late acks free a slot once, and change nothing else",
    run: async (stage) => {
      const { worker, session } = await connected(stage, { concurrency: 2 });
      session.isAcking = false;
      session.tasks({ taskToken: bytes("t1"), taskId: "t1", resource: "a" });
      await worker.release(await worker.nth(1));
      await session.outcome(0);
      await sleep(500);
      expect(session.limits["a"]).toBe(2);
      for (const verdict of ["RECORDED", "RECORDED", "ALREADY_RECORDED", "LEASE_LOST"] as const)
        session.ack("t1", OutcomeStatus[verdict]);
      session.ack("never-seen");
      session.tasks({ taskToken: bytes("t2"), taskId: "t2", resource: "a" });
      await worker.release(await worker.nth(2));
      await session.outcome(1);
      session.ack("t2");
      await session.until(({ limits }) => limits["a"] === 4);
      await sleep(200);
      expect(session.limits["a"]).toBe(4);
      expect(worker.outcomes.map((outcome) => outcome.status)).toEqual(["RECORDED", "RECORDED"]);
    },
  },
  {
    name: "an outcome that the server wants again is sent again until it is recorded",
    run: async (stage) => {
      const { worker, session } = await connected(stage);
      session.isAcking = false;
      session.tasks({ taskToken: bytes("t"), taskId: "t", resource: "a" });
      await worker.release(await worker.nth(1), { output: "[7]" });
      for (const index of [0, 1, 2]) {
        expect((await session.outcome(index)).result).toEqual({ case: "output", value: "[7]" });
        session.ack("t", index < 2 ? OutcomeStatus.RETRY : OutcomeStatus.RECORDED);
      }
      await session.until(({ limits }) => (limits["a"] ?? 0) > 100);
    },
  },
  {
    name: "a broken stream: held tasks are named, kept by the verdict ACTIVE and given up by LEASE_LOST",
    run: async (stage) => {
      const { fake, worker, session } = await connected(stage, { concurrency: 5 });
      for (const token of ["kept", "lost"])
        session.tasks({ taskToken: bytes(token), taskId: token, resource: "a" });
      await worker.nth(2);
      fake.welcome = () => ({
        held: [held("kept", TaskTokenState.ACTIVE), held("lost", TaskTokenState.LEASE_LOST)],
      });
      session.fail(status.UNAVAILABLE, "gone");
      const second = await fake.session(1);
      expect(second.hello!.heldTaskTokens.map(text).toSorted()).toEqual(["kept", "lost"]);
      expect(second.hello!.workerId).toBe(session.hello!.workerId);
      expect(await worker.ended("lost")).toMatchObject({ as: "cancelled", reason: "LEASE_LOST" });
      await worker.release(
        worker.starts.find(({ taskId }) => taskId === "kept")!,
        { output: "1" },
      );
      expect(text((await second.outcome(0)).taskToken)).toBe("kept");
      await second.until(({ limits }) => limits["a"] === 5);
      expect([second.outcomes.length, worker.starts.length]).toEqual([1, 2]);
    },
  },
  {
    name: "stream half-open: a proxy goes silent, the worker notices, reconnects and keeps its task",
    run: async (stage) => {
      const { fake, proxy, worker, start } = await heldBehindProxy(stage);
      proxy.blackhole();
      await sleep(1_500);
      proxy.heal();
      const later = await laterSession(fake, 1, "t");
      await worker.release(start, { output: "1" });
      expect(text((await later.outcome(0)).taskToken)).toBe("t");
      expect(worker.starts.length).toBe(1);
    },
  },
  {
    name: "stream half-open: a connection that stays silent for ever is left for a new one within seconds",
    run: async (stage) => {
      const { fake, proxy, worker, start } = await heldBehindProxy(stage);
      proxy.silence();
      const silencedAt = performance.now();
      const later = await laterSession(fake, 1, "t");
      expect(performance.now() - silencedAt).toBeLessThan(8_000);
      await worker.release(start, { output: "1" });
      expect(text((await later.outcome(0)).taskToken)).toBe("t");
      expect(worker.starts.length).toBe(1);
    },
  },
  {
    name: "a server that drains is left only once the new session stands",
    run: async (stage) => {
      const { fake, worker, session: old } = await connected(stage, { concurrency: 2 });
      await old.until(({ limits }) => limits["a"] === 2);
      old.tasks({ taskToken: bytes("t"), taskId: "t", resource: "a" });
      const start = await worker.nth(1);
      fake.welcome = () => ({ held: [held("t", TaskTokenState.ACTIVE)] });
      old.send({
        case: "serverDrain",
        value: { reason: "deploy", reconnectAfter: durationFromMs(10) },
      });
      const fresh = await fake.session(1);
      expect(fresh.hello!.heldTaskTokens.map(text)).toEqual(["t"]);
      await old.message("drain");
      await sleep(100);
      expect(fresh.limits["a"]).toBeUndefined();
      old.send({ case: "drainAck", value: { tasksSent: 1n } });
      await fresh.until(({ limits }) => limits["a"] === 1);
      await worker.release(start, { output: "1" });
      const outcome = await Promise.race([old.outcome(0), fresh.outcome(0)]);
      expect(text(outcome.taskToken)).toBe("t");
      await fresh.until(({ limits }) => limits["a"] === 2);
      await old.until(({ isEnded }) => isEnded);
    },
  },
  {
    name: "an outcome whose draining session breaks is sent again on the one that stands",
    run: async (stage) => {
      const { fake, worker, session: old } = await connected(stage, { concurrency: 2 });
      fake.welcome = () => ({ pingInterval: durationFromMs(200) });
      old.isAcking = false;
      old.send({
        case: "serverDrain",
        value: { reason: "deploy", reconnectAfter: durationFromMs(1) },
      });
      const fresh = await fake.session(1);
      await old.message("drain");
      old.tasks({ taskToken: bytes("late"), taskId: "late", resource: "a" });
      await worker.release(await worker.nth(1), { output: "1" });
      expect(text((await old.outcome(0)).taskToken)).toBe("late");
      old.fail(status.UNAVAILABLE, "gone");
      expect(text((await fresh.outcome(0)).taskToken)).toBe("late");
    },
  },
  {
    name: "drain with tasks in flight: close takes no more and leaves when all outcomes are acknowledged",
    run: async (stage) => {
      const { worker, session } = await connected(stage, { concurrency: 3 });
      session.isAcking = false;
      session.tasks({ taskToken: bytes("t1"), taskId: "t1", resource: "a" });
      const start = await worker.nth(1);
      const closed = worker.close(10_000);
      await session.message("drain");
      session.tasks({ taskToken: bytes("late"), taskId: "late", resource: "a" });
      session.send({ case: "drainAck", value: { tasksSent: 2n } });
      expect((await session.message("release")).taskTokens.map(text)).toEqual(["late"]);
      await worker.release(start, { output: "5" });
      expect((await session.outcome(0)).result).toEqual({ case: "output", value: "5" });
      await sleep(200);
      expect(session.isEnded).toBe(false);
      session.ack("t1");
      await session.until(({ isEnded }) => isEnded);
      await closed;
      expect(worker.starts.length).toBe(1);
    },
  },
  {
    name: "drain with tasks in flight: when the grace is over handlers are told, and tasks go to another worker, attempt not counted",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const hold = [{ resource: stateMachine, handler: "hold" }] as const;
      const first = await stage.worker(hold);
      const execution = await stage.start(stateMachine);
      const { taskId } = await first.started(execution);
      await first.close(200);
      expect(await first.ended(taskId)).toMatchObject({
        as: "cancelled",
        reason: "WORKER_CLOSED",
      });
      const second = await stage.worker(hold);
      const again = await second.started(execution);
      expect(again.attempt).toBe(1);
      await second.release(again, { output: '"done"' });
      expect((await stage.end(execution)).output).toBe("done");
    },
  },
  {
    name: "auth metadata: the headers of the options go with every call and stream",
    run: async (stage) => {
      const fake = await stage.fakeServer();
      const headers = { authorization: "Bearer 7", "x-tenant": "acme" };
      const { address } = fake;
      await stage.worker([{ resource: "a", handler: "hold" }], { address, headers });
      const session = await fake.session(0);
      expect(session.headers.getMap()).toMatchObject(headers);
      const client = await stage.client({ address, headers });
      const seen = Promise.withResolvers<object>();
      fake.on(getExecution, ({ raw, fail }) => {
        seen.resolve(raw.metadata.getMap());
        fail(failure(status.UNAUTHENTICATED, "the token has expired", { reason: "EXPIRED" }));
      });
      await expect(client.call("getExecution", { execution: "x" })).rejects.toMatchObject({
        code: "UNAUTHENTICATED",
        reason: "EXPIRED",
        message: expect.stringContaining("the token has expired"),
      });
      expect(await seen.promise).toMatchObject(headers);
    },
  },
];

async function connected(
  stage: Stage,
  options: { readonly concurrency?: number } = {},
): Promise<{ fake: FakeServer; worker: StagedWorker; session: FakeSession }> {
  const fake = await stage.fakeServer();
  const { address } = fake;
  const worker = await stage.worker([{ resource: "a", handler: "hold", ...options }], { address });
  return { fake, worker, session: await fake.session(0) };
}

/** A worker behind a proxy, with a task; its server wants to hear of it ten times a second. */
async function heldBehindProxy(stage: Stage) {
  const fake = await stage.fakeServer();
  fake.welcome = (hello) => ({
    pingInterval: durationFromMs(100),
    sessionTimeout: durationFromMs(500),
    held: hello.heldTaskTokens.map((taskToken) => ({ taskToken, state: TaskTokenState.ACTIVE })),
  });
  const proxy = await stage.proxy(fake.address);
  const task = { resource: "a", handler: "hold", concurrency: 2 } as const;
  const worker = await stage.worker([task], proxy);
  const session = await fake.session(0);
  session.tasks({ taskToken: bytes("t"), taskId: "t", resource: "a" });
  return { fake, proxy, worker, start: await worker.nth(1) };
}

/** The first session from this one on that says it holds a task. */
async function laterSession(fake: FakeServer, from: number, token: string): Promise<FakeSession> {
  for (let index = from; ; index += 1) {
    const session = await fake.session(index);
    if (session.hello!.heldTaskTokens.some((each) => text(each) === token)) return session;
  }
}
