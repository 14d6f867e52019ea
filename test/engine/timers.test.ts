import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../server/asl/index.ts";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
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

const start = async (machine: string, on = engine): Promise<string> =>
  (await on.startExecution({ stateMachine: machine })).execution.id;
const atMs = (events: readonly HistoryEvent[], type: string): number =>
  events.find((event) => event.type === type)!.timestampMs;

describe.concurrent("due times", () => {
  test("TimeoutSeconds runs from scheduling, with or without a worker, and a heartbeat does not extend it", async () => {
    const machine = await makeMachine(
      engine,
      oneTask("timeout", { TimeoutSeconds: 2, HeartbeatSeconds: 1 }),
    );
    const nobody = await makeMachine(engine, oneTask("nobody", { TimeoutSeconds: 1 }));
    const worker = await EngineWorker.open(engine, ["timeout"]);
    const [busy, alone] = [await start(machine), await start(nobody)];
    const task = await worker.nextTask();
    worker.session.accept([task.taskToken]);
    const beating = setInterval(
      () => worker.session.heartbeat([{ taskToken: task.taskToken }]),
      200,
    );
    for (const [id, seconds] of [
      [busy, 2],
      [alone, 1],
    ] as const) {
      expect(await endOf(engine, id)).toMatchObject({
        status: "FAILED",
        failure: { error: "States.Timeout" },
      });
      const events = await historyOf(engine.store, id);
      const took = atMs(events, "TaskTimedOut") - atMs(events, "TaskScheduled");
      expect(took).toBeGreaterThanOrEqual(seconds * 1000);
      expect(took).toBeLessThan(seconds * 1000 + 500);
    }
    clearInterval(beating);
    expect(worker.wasCancelled(task)).toBe("TASK_TIMED_OUT");
    worker.session.close(true);
  });

  test("HeartbeatSeconds runs from acceptance only", async () => {
    const machine = await makeMachine(engine, oneTask("unaccepted", { HeartbeatSeconds: 1 }));
    const id = await start(machine);
    await pause(1_500);
    const worker = await EngineWorker.open(engine, ["unaccepted"]);
    const task = await worker.nextTask();
    worker.session.accept([task.taskToken]);
    expect(await endOf(engine, id)).toMatchObject({
      status: "FAILED",
      failure: { error: "States.Timeout" },
    });
    const events = await historyOf(engine.store, id);
    expect(atMs(events, "TaskTimedOut") - atMs(events, "TaskStarted")).toBeGreaterThanOrEqual(
      1_000,
    );
    expect(worker.wasCancelled(task)).toBe("HEARTBEAT_TIMED_OUT");
    worker.session.close(true);
  });

  test("a task whose heartbeats come in time is not timed out, and its next delivery gets the last details", async () => {
    const machine = await makeMachine(engine, oneTask("beating", { HeartbeatSeconds: 2 }));
    const worker = await EngineWorker.open(engine, ["beating"], { credit: 1 });
    const id = await start(machine);
    const task = await worker.nextTask();
    worker.session.accept([task.taskToken]);
    for (let beat = 0; beat < 6; beat += 1) {
      await pause(400);
      worker.session.heartbeat([
        { taskToken: task.taskToken, details: `{"at":${beat}}` },
        { taskToken: task.taskToken },
      ]);
    }
    await until(() => worker.heartbeatReplies.length === 12);
    expect(new Set(worker.heartbeatReplies.map(({ state }) => state))).toEqual(new Set(["ACTIVE"]));
    await pause(400);
    worker.session.close(false);
    const other = await EngineWorker.open(engine, ["beating"], { work: () => succeed() });
    expect(await other.nextTask()).toMatchObject({ lastHeartbeatDetails: '{"at":5}', attempt: 1 });
    expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
    other.session.close(true);
  });

  test("an execution's TimeoutSeconds closes it, wherever it stands, and withdraws its task", async () => {
    const waiting = await makeMachine(engine, {
      TimeoutSeconds: 1,
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: 60, End: true } },
    });
    const working = await makeMachine(engine, { TimeoutSeconds: 1, ...oneTask("overdue") });
    const worker = await EngineWorker.open(engine, ["overdue"]);
    const ids = [await start(waiting), await start(working)];
    const task = await worker.nextTask();
    worker.session.accept([task.taskToken]);
    for (const id of ids) {
      const { status, startedAtMs, stoppedAtMs } = await endOf(engine, id);
      expect(status).toBe("TIMED_OUT");
      expect(stoppedAtMs! - startedAtMs).toBeGreaterThanOrEqual(1_000);
      expect(stoppedAtMs! - startedAtMs).toBeLessThan(1_500);
    }
    expect(worker.wasCancelled(task)).toBe("EXECUTION_STOPPED");
    worker.session.close(true);
  });

  test("a Wait never ends early, in its history's time, with hundreds of them due together", async () => {
    const machine = await makeMachine(engine, {
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: 1, End: true } },
    });
    const ids = await Promise.all(Array.from({ length: 300 }, () => start(machine)));
    for (const id of ids) {
      await endOf(engine, id);
      const events = await historyOf(engine.store, id);
      const took = atMs(events, "WaitStateExited") - atMs(events, "WaitStateEntered");
      expect(took).toBeGreaterThanOrEqual(1_000);
      expect(took).toBeLessThan(3_000);
    }
  });

  test("a task that runs for long is shown as started within two seconds", async () => {
    const machine = await makeMachine(engine, oneTask("long"));
    const worker = await EngineWorker.open(engine, ["long"]);
    const id = await start(machine);
    const task = await worker.nextTask();
    worker.session.accept([task.taskToken]);
    await until(
      async () => (await historyOf(engine.store, id)).some(({ type }) => type === "TaskStarted"),
      2_500,
    );
    await worker.report(task);
    expect(
      (await historyOf(engine.store, id)).filter(({ type }) => type === "TaskStarted"),
    ).toHaveLength(1);
    worker.session.close(true);
  });

  test("an execution of endless transitions does not keep others waiting, and can be stopped", async () => {
    const machine = await makeMachine(engine, {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "B" },
        B: {
          Type: "Choice",
          Choices: [{ Variable: "$.x", IsPresent: true, Next: "C" }],
          Default: "A",
        },
        C: { Type: "Succeed" },
      },
    });
    const wide = await engines.open({ historyEventsMax: 10_000_000 });
    const id = await start(machine, wide);
    await pause(300);
    await wide.stopExecution(id, { error: "Enough" });
    expect(await endOf(wide, id)).toMatchObject({
      status: "ABORTED",
      failure: { error: "Enough" },
    });
    await wide.shutDown();
  });
});

test("Wait and Retry timers outlive the engine and do not fire early", async () => {
  const first = await engines.open();
  const wait = await makeMachine(first, {
    StartAt: "W",
    States: { W: { Type: "Wait", Seconds: 3, End: true } },
  });
  const retry = await makeMachine(
    first,
    oneTask("retry", {
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 1 }],
    }),
  );
  const worker = await EngineWorker.open(first, ["retry"], {
    work: () => ({ kind: "Failed", failure: { error: "No" } }),
  });
  const ids = [await start(wait, first), await start(retry, first)];
  await until(() => worker.acks.length === 1);
  await first.crash();
  await pause(500);
  const second = await engines.open();
  const next = await EngineWorker.open(second, ["retry"], { work: () => succeed() });
  for (const id of ids) expect((await endOf(second, id)).status).toBe("SUCCEEDED");
  const waited = await historyOf(second.store, ids[0]!);
  expect(atMs(waited, "WaitStateExited") - atMs(waited, "WaitStateEntered")).toBeGreaterThanOrEqual(
    3_000,
  );
  const retried = await historyOf(second.store, ids[1]!);
  const [, again] = retried.filter(({ type }) => type === "TaskScheduled");
  expect(again!.timestampMs - atMs(retried, "TaskFailed")).toBeGreaterThanOrEqual(2_000);
  expect(next.tasks.map(({ attempt }) => attempt)).toEqual([2]);
  await second.shutDown();
});

test("the row that keeps a long turn alive stays until the turn is over", async () => {
  const machine = await makeMachine(engine, {
    StartAt: "A",
    States: {
      A: { Type: "Pass", Next: "B" },
      B: {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsPresent: true, Next: "C" }],
        Default: "A",
      },
      C: { Type: "Succeed" },
    },
  });
  const wide = await engines.open({ historyEventsMax: 10_000_000 });
  const id = await start(machine, wide);
  const { pool } = engine.store;
  await pool.query("update timers set due_at = clock_timestamp() where execution_id = $1", [id]); // as if it had gone on for long
  const looked = performance.now();
  while (performance.now() - looked < 1_500) {
    const { rows } = await pool.query<{ ok: boolean }>(
      "select e.status <> 'RUNNING' or exists (select 1 from timers t where t.execution_id = e.id) as ok from executions e where id = $1",
      [id],
    );
    expect(rows[0]!.ok).toBe(true);
  }
  await wide.stopExecution(id, {});
  await wide.shutDown();
});
