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

const start = async (machine: string, on = owner): Promise<string> =>
  (await on.startExecution({ stateMachine: machine })).execution.id;
const rowOf = async (
  task: Task,
): Promise<{ epoch: number; session_id: string | null } | undefined> => {
  const [executionId, taskId] = task.taskId.split("/");
  return (
    await other.store.pool.query(
      "select epoch, session_id from tasks where execution_id = $1 and task_id = $2",
      [executionId, taskId],
    )
  ).rows[0];
};

test("a ready task is claimed by the other server's worker, and its outcome comes back through the inbox", async () => {
  const machine = await makeMachine(owner, oneTask("there"));
  const worker = await EngineWorker.open(other, ["there"], { work: () => succeed("from there") });
  const started = performance.now();
  const id = await start(machine);
  expect(await endOf(owner, id)).toMatchObject({ status: "SUCCEEDED", output: '"from there"' });
  expect(performance.now() - started).toBeLessThan(1_000);
  await until(() => worker.acks.length === 1);
  expect(worker.acks).toMatchObject([{ status: "RECORDED" }]);
  worker.session.close(true);
});

test("duplicates through both servers, of success and failure, are one outcome; each is told by the record", async () => {
  const machine = await makeMachine(owner, oneTask("dup"));
  const worker = await EngineWorker.open(other, ["dup"], { credit: 100 });
  for (let round = 0; round < 20; round += 1) {
    const id = await start(machine);
    const task = await worker.nextTask();
    worker.session.accept([task.taskToken]);
    const acks = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (n) => {
        const via = n % 2 === 0 ? owner : other;
        const result = (n + round) % 3 === 0 ? failWith(`E${n}`) : succeed(n);
        return {
          n,
          ack: (await via.reportTasks([{ taskToken: task.taskToken, result }]))[0]!.status,
        };
      }),
    );
    const recorded = acks.filter(({ ack }) => ack === "RECORDED");
    expect(recorded).toHaveLength(1);
    expect(acks.filter(({ ack }) => ack === "ALREADY_RECORDED")).toHaveLength(5);
    const { output, failure } = await endOf(owner, id);
    expect(failure?.error ?? output).toBe(
      (recorded[0]!.n + round) % 3 === 0 ? `E${recorded[0]!.n}` : String(recorded[0]!.n),
    );
  }
  worker.session.close(true);
});

test("a worker that repeats itself before the owner has turned its outcome is told ALREADY_RECORDED", async () => {
  const machine = await makeMachine(owner, oneTask("again"));
  const worker = await EngineWorker.open(other, ["again"]);
  const doomed = await engines.open();
  const id = await start(machine, doomed);
  const task = await worker.nextTask();
  await doomed.crash(); // it counts as alive for a while and turns nothing
  const report = { taskToken: task.taskToken, result: succeed(1) };
  expect(await other.reportTasks([report])).toMatchObject([{ status: "RECORDED" }]);
  expect(await other.reportTasks([report])).toMatchObject([{ status: "ALREADY_RECORDED" }]);
  expect((await endOf(other, id)).output).toBe("1");
  worker.session.close(true);
});

test("an outcome that reaches the inbox after a stop is not recorded, and nobody is told that it is", async () => {
  const machine = await makeMachine(owner, oneTask("stopped-first"));
  const worker = await EngineWorker.open(other, ["stopped-first"]);
  const doomed = await engines.open();
  const id = await start(machine, doomed);
  const { taskToken } = await worker.nextTask();
  await doomed.crash(); // it counts as alive for a while and turns nothing
  const stopped = other.stopExecution(id, {});
  await until(async () => {
    const { rowCount } = await other.store.pool.query("select from inbox where execution_id = $1", [
      id,
    ]);
    return rowCount === 1;
  });
  const acks = await other.reportTasks([{ taskToken, result: succeed("late") }]);
  expect(acks).toMatchObject([{ status: "EXECUTION_CLOSED" }]);
  expect((await stopped).status).toBe("ABORTED");
  worker.session.close(true);
});

test("an outcome acknowledged by the other server is the task's outcome even if the task is delivered anew meanwhile", async () => {
  const machine = await makeMachine(owner, oneTask("kept"));
  const worker = await EngineWorker.open(other, ["kept"], { credit: 1 });
  const doomed = await engines.open();
  const id = await start(machine, doomed);
  const task = await worker.nextTask();
  await doomed.crash(); // it can not turn what lands in its inbox
  expect(
    await other.reportTasks([{ taskToken: task.taskToken, result: succeed("acknowledged") }]),
  ).toMatchObject([{ status: "RECORDED" }]);
  await other.store.pool.query("update tasks set epoch = epoch + 1 where execution_id = $1", [id]); // as a claim does
  expect(await endOf(other, id)).toMatchObject({ status: "SUCCEEDED", output: '"acknowledged"' });
  worker.session.close(true);
});

test("an outcome acknowledged behind a sibling's failure is recorded, although it is aborted", async () => {
  const branch = (name: string): object => ({
    StartAt: name,
    States: { [name]: { Type: "Task", Resource: "siblings", End: true } },
  });
  const machine = await makeMachine(owner, {
    StartAt: "Both",
    States: { Both: { Type: "Parallel", Branches: [branch("A"), branch("B")], End: true } },
  });
  const worker = await EngineWorker.open(other, ["siblings"], { credit: 2 });
  const doomed = await engines.open();
  const id = await start(machine, doomed);
  const tasks = [await worker.nextTask(), await worker.nextTask()];
  await doomed.crash(); // it can not turn what lands in its inbox
  const acks = [
    await worker.report(tasks[0]!, failWith("First")),
    await worker.report(tasks[1]!, succeed("second")),
  ];
  expect(acks).toMatchObject([{ status: "RECORDED" }, { status: "RECORDED" }]);
  expect(await endOf(other, id)).toMatchObject({ status: "FAILED" });
  const types = (await historyOf(other.store, id)).map(({ type }) => type);
  expect(types.slice(types.indexOf("TaskFailed"))).toEqual([
    "TaskFailed",
    "TaskStateAborted",
    "TaskStarted",
    "TaskSucceeded",
    "TaskStateAborted",
    "ParallelStateFailed",
    "ExecutionFailed",
  ]);
  worker.session.close(true);
});

test("a worker that moves to the other server with its task keeps it beyond the first one's grace", async () => {
  const machine = await makeMachine(owner, oneTask("moving"));
  const before = await EngineWorker.open(owner, ["moving"], { workerId: "mover" });
  const id = await start(machine);
  const task = await before.nextTask();
  before.session.accept([task.taskToken]);
  before.session.close(false);
  const after = await EngineWorker.open(other, ["moving"], {
    workerId: "mover",
    heldTaskTokens: [task.taskToken],
  });
  expect(after.session.held).toEqual(["ACTIVE"]);
  await pause(1_300); // the first session's grace is over
  expect(await rowOf(task)).toEqual({ epoch: 1, session_id: after.session.sessionId });
  expect(await after.report(task, succeed("moved"))).toMatchObject({ status: "RECORDED" });
  expect((await endOf(owner, id)).output).toBe('"moved"');
  after.session.close(true);
});

test("a stale holder is fenced by the owner too when the other server has delivered the task anew", async () => {
  const machine = await makeMachine(owner, oneTask("fenced"));
  const slow = await EngineWorker.open(owner, ["fenced"], { credit: 1 });
  const id = await start(machine);
  const task = await slow.nextTask(); // never accepted: the lease ends
  const quick = await EngineWorker.open(other, ["fenced"]);
  const again = await quick.nextTask(3_000);
  quick.session.accept([again.taskToken]);
  expect(await slow.report(task, succeed("stale"))).toMatchObject({ status: "LEASE_LOST" });
  expect(await quick.report(again, succeed("fresh"))).toMatchObject({ status: "RECORDED" });
  expect((await endOf(owner, id)).output).toBe('"fresh"');
  slow.session.close(true);
  quick.session.close(true);
});

test("heartbeats may go to any server", async () => {
  const machine = await makeMachine(owner, oneTask("beats", { HeartbeatSeconds: 1 }));
  const worker = await EngineWorker.open(owner, ["beats"]);
  const id = await start(machine);
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  for (let beat = 0; beat < 5; beat += 1) {
    await pause(450);
    const via = beat % 2 === 0 ? other : owner;
    expect(await via.heartbeatTasks([{ taskToken: task.taskToken }])).toMatchObject([
      { state: "ACTIVE" },
    ]);
  }
  await worker.report(task);
  expect((await endOf(owner, id)).status).toBe("SUCCEEDED");
  worker.session.close(true);
});

test("a task given up through the other server is offered again", async () => {
  const machine = await makeMachine(owner, oneTask("given-up"));
  const worker = await EngineWorker.open(owner, ["given-up"], { credit: 2 });
  const id = await start(machine);
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  expect(
    await other.reportTasks([{ taskToken: task.taskToken, result: { kind: "Cancelled" } }]),
  ).toMatchObject([{ status: "RECORDED" }]);
  const again = await worker.nextTask(3_000);
  expect(again.taskId).toBe(task.taskId);
  await worker.report(again);
  expect((await endOf(owner, id)).status).toBe("SUCCEEDED");
  worker.session.close(true);
});

test("an event is never earlier than the one before, though the server that goes on has a slower clock", async () => {
  const machine = await makeMachine(owner, oneTask("clocks"));
  const worker = await EngineWorker.open(other, ["clocks"]);
  const id = await start(machine);
  const task = await worker.nextTask();
  const ahead = `update history set events = regexp_replace(events, '"timestampMs":\\d+', '"timestampMs":' || (extract(epoch from clock_timestamp()) * 1000 + 5000)::bigint, 'g') where execution_id = $1`;
  await owner.store.pool.query(ahead, [id]); // as a server five seconds ahead would have written it
  await owner.store.pool.query("update executions set rev = rev + 1 where id = $1", [id]);
  expect(await worker.report(task)).toMatchObject({ status: "RECORDED" });
  await endOf(owner, id);
  const times = (await historyOf(owner.store, id)).map(({ timestampMs }) => timestampMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  worker.session.close(true);
});

test("a stop through the other server closes the execution and tells the owner's worker", async () => {
  const machine = await makeMachine(owner, oneTask("stop-there"));
  const worker = await EngineWorker.open(owner, ["stop-there"]);
  const id = await start(machine);
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  expect(await other.stopExecution(id, { error: "There" })).toMatchObject({
    status: "ABORTED",
    failure: { error: "There" },
  });
  expect(worker.wasCancelled(task)).toBe("EXECUTION_STOPPED");
  worker.session.close(true);
});

test("tasks of a Map shared by both servers' workers are each run once", async () => {
  const machine = await makeMachine(owner, {
    StartAt: "M",
    States: {
      M: {
        Type: "Map",
        End: true,
        ItemProcessor: {
          StartAt: "T",
          States: { T: { Type: "Task", Resource: "shared-map", End: true } },
        },
      },
    },
  });
  const workers = await Promise.all(
    [owner, other].map((engine) =>
      EngineWorker.open(engine, ["shared-map"], {
        credit: 20,
        work: (task) => succeed(Number(task.input) * 2),
      }),
    ),
  );
  const input = JSON.stringify(Array.from({ length: 200 }, (_, n) => n));
  const { execution } = await owner.startExecution({ stateMachine: machine, input });
  expect(await endOf(owner, execution.id)).toMatchObject({
    status: "SUCCEEDED",
    output: JSON.stringify(Array.from({ length: 200 }, (_, n) => n * 2)),
  });
  await until(
    () =>
      workers[0]!.acks.length + workers[1]!.acks.length ===
      workers[0]!.tasks.length + workers[1]!.tasks.length,
  );
  expect(workers.flatMap(({ tasks }) => tasks)).toHaveLength(200);
  for (const worker of workers) worker.session.close(true);
});

test("what a dead server owned goes on elsewhere: timers within three seconds, tasks after the grace, watchers on", async () => {
  const doomed = await engines.open();
  await pause(1_100);
  const wait = await makeMachine(other, {
    StartAt: "W",
    States: { W: { Type: "Wait", Seconds: 1, End: true } },
  });
  const task = await makeMachine(other, oneTask("orphan"));
  const held = await makeMachine(other, oneTask("held-orphan"));
  const [lost, keeper] = [
    await EngineWorker.open(doomed, ["orphan"]),
    await EngineWorker.open(doomed, ["held-orphan"], { workerId: "keeper" }),
  ];
  const ids = [await start(wait, doomed), await start(task, doomed), await start(held, doomed)];
  const kept = await keeper.nextTask();
  for (const worker of [lost, keeper])
    worker.session.accept([(await until(() => worker.tasks[0])).taskToken]);
  const ends = ids.map((id) => endOf(other, id));
  await doomed.crash();
  const died = performance.now();
  const next = await EngineWorker.open(other, ["orphan"], { work: () => succeed("again") });
  const back = await EngineWorker.open(other, ["held-orphan"], {
    workerId: "keeper",
    heldTaskTokens: [kept.taskToken],
  });
  expect(back.session.held).toEqual(["ACTIVE"]);
  expect(await back.report(kept, succeed("kept"))).toMatchObject({ status: "RECORDED" });
  expect((await ends[2])!.output).toBe('"kept"');
  expect((await ends[0])!.status).toBe("SUCCEEDED");
  expect(performance.now() - died).toBeLessThan(3_000);
  expect(await ends[1]).toMatchObject({ output: '"again"' });
  expect(performance.now() - died).toBeLessThan(6_000);
  expect(next.tasks.map(({ attempt }) => attempt)).toEqual([1]);
  const events = await historyOf(other.store, ids[0]!);
  expect(
    events.find(({ type }) => type === "WaitStateExited")!.timestampMs - events[1]!.timestampMs,
  ).toBeGreaterThanOrEqual(1_000);
  for (const worker of [next, back]) worker.session.close(true);
});

test("a delivery that died with its server waits for no grace once its worker is back elsewhere", async () => {
  const patient = { reconnectGraceMs: 60_000, deliveryLeaseMs: 60_000 };
  const own = await createEngines();
  const [doomed, refuge] = [await own.open(patient), await own.open(patient)];
  const machine = await makeMachine(doomed, oneTask("undelivered"));
  const before = await EngineWorker.open(doomed, ["undelivered"], { workerId: "returning" });
  const id = await start(machine, doomed);
  await before.nextTask(); // as far as the server knows: it has never come to the worker
  await doomed.crash();
  const after = await EngineWorker.open(refuge, ["undelivered"], {
    workerId: "returning",
    work: () => succeed("again"),
  });
  expect((await endOf(refuge, id, 15_000)).output).toBe('"again"');
  after.session.close(true);
  await own.close();
});
