import { afterAll, beforeAll, expect, test } from "vitest";
import type { Task } from "../../server/engine/engine.ts";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import {
  createEngines,
  endOf,
  historyOf,
  makeMachine,
  oneTask,
  pause,
  until,
} from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

const start = async (machine: string, input: unknown = {}): Promise<string> =>
  (await engine.startExecution({ stateMachine: machine, input: JSON.stringify(input) })).execution
    .id;
const startMany = (machine: string, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => start(machine, { n })));
const taskRow = async (
  task: Task,
): Promise<{ session_id: string | null; epoch: number } | undefined> => {
  const [executionId, taskId] = task.taskId.split("/");
  const { rows } = await engine.store.pool.query(
    "select session_id, epoch from tasks where execution_id = $1 and task_id = $2",
    [executionId, taskId],
  );
  return rows[0];
};

test("with credit a task goes straight to the worker: delivered by the turn that scheduled it", async () => {
  const machine = await makeMachine(engine, oneTask("straight"));
  const worker = await EngineWorker.open(engine, ["straight"]);
  const id = await start(machine, { n: 1 });
  const task = await worker.nextTask(1_000);
  expect(task).toMatchObject({
    executionId: id,
    resource: "straight",
    input: '{"n":1}',
    attempt: 1,
    stateName: "Work",
  });
  expect(await taskRow(task)).toMatchObject({ epoch: 1, session_id: worker.session.sessionId });
  expect(await worker.report(task, succeed({ done: true }))).toMatchObject({ status: "RECORDED" });
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: '{"done":true}' });
  worker.session.close(true);
});

test("tasks that waited are claimed oldest first, and never more than the credit", async () => {
  const machine = await makeMachine(engine, oneTask("ordered"));
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    ids.push(await start(machine, { n }));
    await pause(2);
  }
  const worker = await EngineWorker.open(engine, ["ordered"], { credit: 5 });
  await until(() => worker.tasks.length >= 5);
  await pause(150);
  expect(worker.tasks.map(({ executionId }) => executionId)).toEqual(ids.slice(0, 5));
  worker.addCredit(7);
  await until(() => worker.tasks.length === 12);
  expect(worker.tasks.map(({ executionId }) => executionId)).toEqual(ids);
  await Promise.all(worker.tasks.map((task) => worker.report(task)));
  for (const id of ids) expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
  worker.session.close(true);
});

test("several sessions share a queue within each one's credit, whether tasks come fresh or were waiting", async () => {
  const machine = await makeMachine(engine, oneTask("shared"));
  await startMany(machine, 30);
  const workers = await Promise.all(
    [7, 11, 13].map((credit) => EngineWorker.open(engine, ["shared"], { credit })),
  );
  await until(() => workers.reduce((sum, { tasks }) => sum + tasks.length, 0) === 30);
  await startMany(machine, 10);
  await pause(200);
  expect(workers.map(({ tasks }) => tasks.length)).toEqual([7, 11, 13]);
  expect(workers.map(({ session }) => session.tasksSent()["default"])).toEqual([7, 11, 13]);
  const seen = new Set(workers.flatMap(({ tasks }) => tasks.map(({ taskId }) => taskId)));
  expect(seen.size).toBe(31);
  for (const worker of workers) {
    await Promise.all(worker.tasks.map((task) => worker.report(task)));
    worker.session.close(true);
  }
  const last = await EngineWorker.open(engine, ["shared"], { work: () => succeed() });
  await until(() => last.acks.length === 9);
  last.session.close(true);
});

test("a session is said to have been sent what it was sent, and is drained when nothing is on its way", async () => {
  const machine = await makeMachine(engine, oneTask("counted"));
  const worker = await EngineWorker.open(engine, ["counted"], { credit: 150 });
  const started = startMany(machine, 200);
  while (worker.tasks.length < 20) {
    expect(worker.session.tasksSent()["default"]).toBe(worker.tasks.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const sent = await worker.session.drain();
  expect(sent).toBe(worker.tasks.length);
  await started;
  expect(worker.tasks.length).toBe(sent);
  await Promise.all(worker.tasks.map((task) => worker.report(task)));
  worker.session.close(true);
  const rest = await EngineWorker.open(engine, ["counted"], { work: () => succeed() });
  await until(() => rest.acks.length === 200 - sent);
  rest.session.close(true);
});

test("a worker that serves two queues gets what waits in either at once", async () => {
  const first = await makeMachine(engine, oneTask("both-a"));
  const second = await makeMachine(engine, oneTask("both-b"));
  for (let round = 0; round < 5; round += 1) {
    const one = await start(round % 2 === 0 ? first : second);
    const worker = await EngineWorker.open(engine, ["both-a", "both-b"], { work: () => succeed() });
    const asked = performance.now();
    await until(() => worker.acks.length === 1);
    expect(performance.now() - asked).toBeLessThan(500);
    expect((await endOf(engine, one)).status).toBe("SUCCEEDED");
    worker.session.close(true);
  }
});

test("a prefix serves every queue that begins with it, waiting or fresh, and no other", async () => {
  const names = ["pay:card", "pay:cash", "play:card"];
  const machines = await Promise.all(names.map((name) => makeMachine(engine, oneTask(name))));
  await Promise.all(machines.map((machine) => start(machine)));
  const worker = await EngineWorker.open(engine, ["pay:*"], {
    work: (task) => succeed(task.resource),
  });
  await until(() => worker.acks.length === 2);
  await start(machines[0]!);
  await until(() => worker.acks.length === 3);
  expect(worker.tasks.map(({ resource }) => resource).toSorted()).toEqual([
    "pay:card",
    "pay:card",
    "pay:cash",
  ]);
  worker.session.close(true);
  const rest = await EngineWorker.open(engine, ["play:card"], { work: () => succeed() });
  await until(() => rest.acks.length === 1);
  rest.session.close(true);
});

test("a delivery that is not accepted within the lease goes to another worker, and the first one's outcome is refused", async () => {
  const machine = await makeMachine(engine, oneTask("lease"));
  const silent = await EngineWorker.open(engine, ["lease"], { credit: 1 });
  const id = await start(machine);
  const first = await silent.nextTask();
  const second = await EngineWorker.open(engine, ["lease"]);
  const again = await second.nextTask(3_000);
  expect(again).toMatchObject({
    taskId: first.taskId,
    attempt: 1,
    idempotencyKey: first.idempotencyKey,
  });
  expect(await silent.report(first, succeed("stale"))).toMatchObject({ status: "LEASE_LOST" });
  second.session.accept([again.taskToken]);
  expect(await second.report(again, succeed("fresh"))).toMatchObject({ status: "RECORDED" });
  expect(await silent.report(first, succeed("stale"))).toMatchObject({
    status: "ALREADY_RECORDED",
  });
  expect((await endOf(engine, id)).output).toBe('"fresh"');
  expect(
    (await historyOf(engine.store, id)).filter(({ type }) => type.endsWith("Scheduled")),
  ).toHaveLength(1);
  silent.session.close(true);
  second.session.close(true);
});

test("an accepted delivery is not taken away while its session lives", async () => {
  const machine = await makeMachine(engine, oneTask("accepted"));
  const worker = await EngineWorker.open(engine, ["accepted"]);
  const id = await start(machine);
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  await pause(1_600); // lease, grace and a tick
  expect(await taskRow(task)).toMatchObject({ epoch: 1, session_id: worker.session.sessionId });
  await worker.report(task);
  expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
  worker.session.close(true);
});

test("when a session ends, what it had not accepted is offered at once and what it had accepted after the grace", async () => {
  const machine = await makeMachine(engine, oneTask("ended"));
  const worker = await EngineWorker.open(engine, ["ended"]);
  const [kept, dropped] = await startMany(machine, 2);
  await until(() => worker.tasks.length === 2);
  const accepted = worker.tasks.find(({ executionId }) => executionId === kept)!;
  worker.session.accept([accepted.taskToken]);
  const other = await EngineWorker.open(engine, ["ended"]);
  const ended = performance.now();
  worker.session.close(false);
  expect(await other.nextTask(400)).toMatchObject({ executionId: dropped });
  expect(await other.nextTask(3_000)).toMatchObject({ executionId: kept, attempt: 1 });
  expect(performance.now() - ended).toBeGreaterThanOrEqual(590);
  await Promise.all(other.tasks.map((task) => other.report(task)));
  expect((await endOf(engine, kept!)).status).toBe("SUCCEEDED");
  other.session.close(true);
});

test("a worker that comes back in time keeps its tasks; each held token is told how it stands", async () => {
  const machine = await makeMachine(engine, oneTask("held"));
  const before = await EngineWorker.open(engine, ["held"], { workerId: "holder" });
  const ids = await startMany(machine, 4);
  await until(() => before.tasks.length === 4);
  const [active, finished, stopped, lost] = ids.map((id) =>
    before.tasks.find(({ executionId }) => executionId === id)!,
  );
  before.session.accept(before.tasks.map(({ taskToken }) => taskToken));
  before.session.close(false);
  await engine.reportTasks([{ taskToken: finished!.taskToken, result: succeed("done") }]);
  await engine.stopExecution(stopped!.executionId, {});
  await engine.releaseTasks([lost!.taskToken]);
  const thief = await EngineWorker.open(engine, ["held"], { credit: 1 });
  const stolen = await thief.nextTask();
  expect(stolen.taskId).toBe(lost!.taskId);
  thief.session.accept([stolen.taskToken]);
  const tokens = [active, finished, stopped, lost].map((task) => task!.taskToken);
  const after = await EngineWorker.open(engine, ["held"], {
    workerId: "holder",
    heldTaskTokens: [...tokens, new Uint8Array(40)],
  });
  expect(after.session.held).toEqual([
    "ACTIVE",
    "FINISHED",
    "CANCEL_REQUESTED",
    "LEASE_LOST",
    "UNKNOWN",
  ]);
  await pause(1_300); // the grace of the first session is over
  expect(await taskRow(active!)).toMatchObject({ epoch: 1, session_id: after.session.sessionId });
  expect(after.tasks).toEqual([]);
  expect(await after.report(active!, succeed("mine"))).toMatchObject({ status: "RECORDED" });
  expect((await endOf(engine, active!.executionId)).output).toBe('"mine"');
  await thief.report(stolen);
  after.session.close(true);
  thief.session.close(true);
});

test("the same worker's second session replaces the first, also when both open at once", async () => {
  const first = await EngineWorker.open(engine, ["twice"], { workerId: "twin" });
  const [second, third] = await Promise.all([
    EngineWorker.open(engine, ["twice"], { workerId: "twin" }),
    EngineWorker.open(engine, ["twice"], { workerId: "twin" }),
  ]);
  expect(first.ended).toHaveLength(1);
  expect(second.ended.length + third.ended.length).toBe(1);
  for (const worker of [second, third]) worker.session.close(true);
});

test("a released task goes to another worker, and the attempt is not counted", async () => {
  const machine = await makeMachine(engine, oneTask("released"));
  const worker = await EngineWorker.open(engine, ["released"], { credit: 1 });
  const id = await start(machine);
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  worker.session.release([task.taskToken]);
  const other = await EngineWorker.open(engine, ["released"], { work: () => succeed() });
  expect(await other.nextTask()).toMatchObject({ taskId: task.taskId, attempt: 1 });
  expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
  worker.session.close(true);
  other.session.close(true);
});

test("a poll takes what waits, waits for more, and answers empty when its time is over", async () => {
  const machine = await makeMachine(engine, oneTask("polled"));
  const poll = (waitMs: number) =>
    engine.pollTasks({
      hello: {
        workerId: "poller",
        sessionIndex: 0,
        identity: "",
        pools: [{ name: "p", resources: ["polled"], slots: 2 }],
        labels: {},
        runtime: {},
        buildId: "",
        maxInlineInputBytes: 1_000_000,
        remoteAddress: "",
      },
      maxTasks: { p: 2 },
      waitMs,
      signal: new AbortController().signal,
    });
  expect(await poll(50)).toEqual([]);
  await startMany(machine, 3);
  const first = await poll(1_000);
  expect(first).toHaveLength(2);
  const second = await poll(1_000);
  expect(second).toHaveLength(1);
  const later = poll(5_000);
  await start(machine);
  const third = await later;
  expect(third).toHaveLength(1);
  const acks = await engine.reportTasks(
    [...first, ...second, ...third].map(({ taskToken }) => ({ taskToken, result: succeed() })),
  );
  expect(acks.map(({ status }) => status)).toEqual(Array(4).fill("RECORDED"));
});

test("a failed attempt is retried as another task of the same visit", async () => {
  const Retry = [{ ErrorEquals: ["Flaky"], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 }];
  const machine = await makeMachine(engine, oneTask("flaky", { Retry }));
  const worker = await EngineWorker.open(engine, ["flaky"], {
    work: (task) =>
      task.attempt < 3 ? failWith("Flaky", `no ${task.attempt}`) : succeed(task.attempt),
  });
  const id = await start(machine);
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: "3" });
  expect(new Set(worker.tasks.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  expect(worker.tasks[2]!.lastFailure).toEqual({ error: "Flaky", cause: "no 2" });
  worker.session.close(true);
});
