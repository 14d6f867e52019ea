/** What becomes of a task whose worker took it and never came back, by the policy of its machine. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Recovery } from "../../server/engine/engine.ts";
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
  engine = await engines.open({ reconnectGraceMs: 200 });
});
afterAll(() => engines.close());

/** An execution of one task, which a worker has accepted. */
async function begun(
  resource: string,
  recovery: Recovery,
  more: object = {},
): Promise<{ readonly id: string; readonly machine: string; readonly worker: EngineWorker }> {
  const machine = await makeMachine(engine, oneTask(resource, more));
  await engine.changeRecovery(machine, recovery);
  const { execution } = await engine.startExecution({ stateMachine: machine, input: '{"n":1}' });
  return { id: execution.id, machine, worker: await taken(resource) };
}

/** A worker that has accepted a task. */
async function taken(resource: string): Promise<EngineWorker> {
  const worker = await EngineWorker.open(engine, [resource]);
  worker.session.accept([(await worker.nextTask()).taskToken]);
  return worker;
}

async function typesOf(id: string): Promise<string[]> {
  return (await historyOf(engine.store, id)).map(({ type }) => type);
}

const retried = { Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1, MaxAttempts: 1 }] };

test("without a policy it is offered again, and the attempt is not counted", async () => {
  const { id, worker } = await begun("lost-default", {});
  worker.session.close(false);
  const next = await EngineWorker.open(engine, ["lost-default"], { work: () => succeed() });
  const task = await next.nextTask();
  expect(task).toMatchObject({ attempt: 1, delivery: 2 });
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  next.session.close(true);
});

describe("RETRY_AS_TIMEOUT", () => {
  const policy = { onTaskLost: "RETRY_AS_TIMEOUT" } as const;

  test.each(["States.Timeout", "States.HeartbeatTimeout"])("is retried as %s", async (error) => {
    const resource = `lost-retried-${error}`;
    const { id, worker } = await begun(resource, policy, {
      Retry: [{ ErrorEquals: [error], IntervalSeconds: 1, MaxAttempts: 1 }],
    });
    worker.session.close(false);
    const next = await EngineWorker.open(engine, [resource], { work: () => succeed() });
    const task = await next.nextTask();
    expect(task).toMatchObject({
      attempt: 2,
      delivery: 1,
      lastFailure: { error: "States.Timeout" },
    });
    expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
    next.session.close(true);
  });

  test("fails the execution where nothing retries it, with the history of a timeout", async () => {
    const { id, worker } = await begun("lost-timeout", policy);
    worker.session.close(false);
    const cause = "The worker of the state 'Work' was lost; its task was delivered once.";
    expect(await endOf(engine, id)).toMatchObject({
      status: "FAILED",
      failure: { error: "States.Timeout", cause },
    });
    expect(await typesOf(id)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskTimedOut",
      "ExecutionFailed",
    ]);
    const task = worker.tasks[0]!;
    const [ack] = await engine.reportTasks([{ taskToken: task.taskToken, result: succeed() }]);
    expect(ack).toMatchObject({ status: "TIMED_OUT" });
  });
});

describe("FAIL", () => {
  test("is not retried; the late worker is told that it has lost the task", async () => {
    const { id, worker } = await begun("lost-fail", { onTaskLost: "FAIL" }, retried);
    worker.session.close(false);
    expect(await endOf(engine, id)).toMatchObject({
      status: "FAILED",
      failure: { error: "Pawl.TaskLost" },
    });
    const task = worker.tasks[0]!;
    const [ack] = await engine.reportTasks([{ taskToken: task.taskToken, result: succeed() }]);
    expect(ack).toMatchObject({ status: "LEASE_LOST" });
  });

  test("is caught", async () => {
    const definition = {
      StartAt: "Work",
      States: {
        Work: {
          Type: "Task",
          Resource: "lost-caught",
          Catch: [{ ErrorEquals: ["Pawl.TaskLost"], Next: "Mend", ResultPath: "$.why" }],
          End: true,
        },
        Mend: { Type: "Pass", End: true },
      },
    };
    const machine = await makeMachine(engine, definition);
    await engine.changeRecovery(machine, { onTaskLost: "FAIL" });
    const { execution } = await engine.startExecution({ stateMachine: machine });
    (await taken("lost-caught")).session.close(false);
    const closed = await endOf(engine, execution.id);
    expect(JSON.parse(closed.output!)).toMatchObject({ why: { Error: "Pawl.TaskLost" } });
  });
});

test("SKIP: the state is left with its input as its output", async () => {
  const more = { ResultPath: "$.result", OutputPath: "$.result" };
  const { id, worker } = await begun("lost-skip", { onTaskLost: "SKIP" }, more);
  worker.session.close(false);
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: '{"n":1}' });
  expect((await typesOf(id)).slice(-3)).toEqual([
    "TaskFailed",
    "TaskStateExited",
    "ExecutionSucceeded",
  ]);
});

test("PAUSE: nobody is given the task until an operator resumes", async () => {
  const { id, worker } = await begun("lost-pause", { onTaskLost: "PAUSE" });
  worker.session.close(false);
  const paused = await until(async () => {
    const execution = await engine.describeExecution(id);
    return execution.pause !== undefined && execution;
  });
  expect(paused.pause?.reason).toMatch(/^The worker of the state 'Work' was lost/);
  const next = await EngineWorker.open(engine, ["lost-pause"], { work: () => succeed() });
  await pause(2_500); // longer than any look at what is ready
  expect(next.tasks).toEqual([]);
  await engine.resumeExecution(id, { operator: "ada" });
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  expect(next.tasks[0]).toMatchObject({ attempt: 1, delivery: 2 });
  next.session.close(true);
});

test("the policy applies when a task has been delivered as often as the machine wants", async () => {
  const recovery = { onTaskLost: "FAIL", maxTaskDeliveries: 3 } as const;
  const { id, worker } = await begun("lost-thrice", recovery);
  worker.session.close(false);
  for (const delivery of [2, 3]) {
    const next = await taken("lost-thrice");
    expect(next.tasks[0]).toMatchObject({ delivery });
    const { activeStates } = await engine.describeExecution(id);
    expect(activeStates?.[0]).toMatchObject({ deliveries: delivery, attempt: 1 });
    next.session.close(false);
  }
  const cause = "The worker of the state 'Work' was lost; its task was delivered 3 times.";
  expect(await endOf(engine, id)).toMatchObject({
    status: "FAILED",
    failure: { error: "Pawl.TaskLost", cause },
  });
});

test("a task that is handed back, or not accepted, is not lost", async () => {
  const { id, worker } = await begun("lost-returned", { onTaskLost: "FAIL" });
  worker.session.release([worker.tasks[0]!.taskToken]);
  worker.session.close(true);
  const second = await EngineWorker.open(engine, ["lost-returned"]);
  await second.nextTask();
  second.session.close(false);
  const third = await EngineWorker.open(engine, ["lost-returned"], { work: () => succeed() });
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  third.session.close(true);
});

test("a worker that comes back within the grace has lost nothing", async () => {
  const { id, worker } = await begun("lost-kept", { onTaskLost: "FAIL" });
  const task = worker.tasks[0]!;
  worker.session.close(false);
  const again = await EngineWorker.open(engine, ["lost-kept"], {
    heldTaskTokens: [task.taskToken],
  });
  await pause(400);
  expect(await again.report(task)).toMatchObject({ status: "RECORDED" });
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  again.session.close(true);
});

test("a worker that takes its task along to another server has lost nothing", async () => {
  const { id, worker } = await begun("lost-moved", { onTaskLost: "FAIL" });
  const other = await engines.open({ reconnectGraceMs: 200 });
  const task = worker.tasks[0]!;
  worker.session.close(false);
  const there = await EngineWorker.open(other, ["lost-moved"], {
    heldTaskTokens: [task.taskToken],
  });
  await pause(3_000); // longer than the grace, and a look for lost sessions
  expect(await there.report(task)).toMatchObject({ status: "RECORDED" });
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  there.session.close(true);
  await other.shutDown();
});

test("when its server dies with the worker, another server applies the policy", async () => {
  const other = await engines.open({ reconnectGraceMs: 200 });
  const machine = await makeMachine(other, oneTask("lost-with-server"));
  await other.changeRecovery(machine, { onTaskLost: "FAIL" });
  const { execution } = await other.startExecution({ stateMachine: machine });
  const worker = await EngineWorker.open(other, ["lost-with-server"]);
  worker.session.accept([(await worker.nextTask()).taskToken]);
  await other.crash();
  expect(await endOf(engine, execution.id, 20_000)).toMatchObject({
    status: "FAILED",
    failure: { error: "Pawl.TaskLost" },
  });
}, 30_000);

test("an item of a distributed Map has the policy of the machine that has the Map", async () => {
  const machine = await makeMachine(engine, {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          ...oneTask("lost-item"),
        },
        End: true,
      },
    },
  });
  await engine.changeRecovery(machine, { onTaskLost: "SKIP" });
  const { execution } = await engine.startExecution({ stateMachine: machine, input: "[1]" });
  (await taken("lost-item")).session.close(false);
  expect(await endOf(engine, execution.id)).toMatchObject({ status: "SUCCEEDED", output: "[1]" });
});

test.each([
  [{ maxTaskDeliveries: 3 }, "on_task_lost does not say what comes then"],
  [{ onTaskLost: "FAIL", maxTaskDeliveries: 0 }, "it must be from 1 to 1000000"],
] as const)("%j is refused", async (recovery, text) => {
  const machine = await makeMachine(engine, oneTask("unused"));
  await expect(engine.changeRecovery(machine, recovery)).rejects.toThrow(text);
});
