/** What an attempt said in its last heartbeat reaches the next one. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Recovery, Task } from "../../server/engine/engine.ts";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import { createEngines, endOf, makeMachine, oneTask, pause } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
let other: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open({ reconnectGraceMs: 500 });
  other = await engines.open({ reconnectGraceMs: 500 });
});
afterAll(() => engines.close());

const retried = { Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1, BackoffRate: 1 }] };
/** Beats have been written by then. */
const flushedMs = 500;

/** An execution of one task, which a worker has accepted. */
async function begun(
  resource: string,
  more: object = {},
  recovery: Recovery = {},
): Promise<{ readonly id: string; readonly worker: EngineWorker; readonly task: Task }> {
  const machine = await makeMachine(engine, oneTask(resource, { ...retried, ...more }));
  await engine.changeRecovery(machine, recovery);
  const worker = await EngineWorker.open(engine, [resource]);
  const { execution } = await engine.startExecution({ stateMachine: machine });
  return { id: execution.id, worker, task: await accepted(worker) };
}

async function accepted(worker: EngineWorker): Promise<Task> {
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  return task;
}

const say = ({ session }: EngineWorker, { taskToken }: Task, details: string): void =>
  session.heartbeat([{ taskToken, details }]);

/** The task's next attempt is done, and the worker goes. */
async function finish(id: string, worker: EngineWorker, task: Task): Promise<void> {
  await worker.report(task, succeed());
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  worker.session.close(true);
}

describe.concurrent("the attempt after", () => {
  test.each([
    { how: "a missed heartbeat", more: { HeartbeatSeconds: 1 } },
    { how: "TimeoutSeconds", more: { TimeoutSeconds: 1 } },
  ])("$how knows what the one before said last", async ({ how, more }) => {
    const { id, worker, task } = await begun(`saying ${how}`, more);
    say(worker, task, '{"page":1}');
    say(worker, task, '{"page":2}');
    const next = await accepted(worker);
    expect(next).toMatchObject({ attempt: 2, lastHeartbeatDetails: '{"page":2}' });
    await finish(id, worker, next);
  });

  test("a failure reported at once after the heartbeat knows what that said", async () => {
    const { id, worker, task } = await begun("saying-failure");
    say(worker, task, '{"page":3}');
    await worker.report(task, failWith("Broken"));
    const next = await accepted(worker);
    expect(next).toMatchObject({ attempt: 2, lastHeartbeatDetails: '{"page":3}' });
    await finish(id, worker, next);
  });

  test("the loss of the worker, where that is a timeout, knows what it said last", async () => {
    const policy = { onTaskLost: "RETRY_AS_TIMEOUT" } as const;
    const { id, worker, task } = await begun("saying-lost", {}, policy);
    say(worker, task, '{"page":4}');
    worker.session.close(false);
    const second = await EngineWorker.open(engine, ["saying-lost"]);
    const next = await accepted(second);
    expect(next).toMatchObject({ attempt: 2, delivery: 1, lastHeartbeatDetails: '{"page":4}' });
    await finish(id, second, next);
  });

  test("a failure under the task's own token knows what the worker said", async () => {
    const { id, worker, task } = await begun("saying-token", {
      Resource: "saying-token.waitForTaskToken",
      Parameters: { "token.$": "$$.Task.Token" },
    });
    const { token } = JSON.parse(task.input) as { token: string };
    say(worker, task, '{"page":5}');
    await worker.report(task, succeed());
    await pause(flushedMs);
    await other.reportTasks([
      { taskToken: new Uint8Array(Buffer.from(token, "base64url")), result: failWith("Refused") },
    ]);
    const next = await accepted(worker);
    expect(next).toMatchObject({ attempt: 2, lastHeartbeatDetails: '{"page":5}' });
    await engine.stopExecution(id, {});
    worker.session.close(true);
  });

  test("one that said nothing knows nothing, unless one before it said something", async () => {
    const { id, worker, task } = await begun("saying-nothing");
    worker.session.heartbeat([{ taskToken: task.taskToken }]);
    await worker.report(task, failWith("Broken"));
    const second = await accepted(worker);
    expect(second).not.toHaveProperty("lastHeartbeatDetails");
    say(worker, second, "second");
    await worker.report(second, failWith("Broken"));
    const third = await accepted(worker);
    expect(third).toMatchObject({ attempt: 3, lastHeartbeatDetails: "second" });
    await worker.report(third, failWith("Broken"));
    const fourth = await accepted(worker);
    expect(fourth).toMatchObject({ attempt: 4, lastHeartbeatDetails: "second" });
    await finish(id, worker, fourth);
  });
});

test("a worker that goes on elsewhere after its server's crash leaves its details to the next attempt", async () => {
  const { id, worker, task } = await begun("saying-moving");
  const dying = await engines.open();
  const there = await EngineWorker.open(dying, ["saying-moving"], {
    workerId: "moving",
    heldTaskTokens: [task.taskToken],
  });
  say(there, task, "before the crash");
  await pause(flushedMs);
  await dying.crash();
  const here = await EngineWorker.open(other, ["saying-moving"], {
    workerId: "moving",
    heldTaskTokens: [task.taskToken],
  });
  expect(here.session.held).toEqual(["ACTIVE"]);
  worker.session.close(true);
  await here.report(task, failWith("Broken"));
  const next = await accepted(here);
  expect(next).toMatchObject({ attempt: 2, lastHeartbeatDetails: "before the crash" });
  await finish(id, here, next);
});

test("a redrive knows what the failed attempt said last; the next state knows nothing of it", async () => {
  const machine = await makeMachine(engine, {
    StartAt: "First",
    States: {
      First: { Type: "Task", Resource: "saying-first", Next: "Second" },
      Second: { Type: "Task", Resource: "saying-second", End: true },
    },
  });
  const worker = await EngineWorker.open(engine, ["saying-first", "saying-second"]);
  const { execution } = await engine.startExecution({ stateMachine: machine });
  const failing = await accepted(worker);
  say(worker, failing, "far");
  await worker.report(failing, failWith("Broken"));
  expect(await endOf(engine, execution.id)).toMatchObject({ status: "FAILED" });
  await engine.redriveExecution({ execution: execution.id });
  const again = await accepted(worker);
  expect(again).toMatchObject({ attempt: 1, lastHeartbeatDetails: "far" });
  await worker.report(again, succeed());
  const next = await accepted(worker);
  expect(next).not.toHaveProperty("lastHeartbeatDetails");
  await finish(execution.id, worker, next);
});

test("details are kept to 4,096 characters", async () => {
  const { id, worker, task } = await begun("saying-much");
  say(worker, task, "x".repeat(10_000));
  await worker.report(task, failWith("Broken"));
  const next = await accepted(worker);
  expect(next.lastHeartbeatDetails).toBe("x".repeat(4_096));
  await finish(id, worker, next);
});

test.each([
  { what: "is offered again after the grace", seconds: 2, attempt: 1, delivery: 2 },
  { what: "is retried once its heartbeat is missed", seconds: 1, attempt: 2, delivery: 1 },
])(
  "a lost worker's task with HeartbeatSeconds $seconds and a grace of 1.5 s $what",
  async ({ seconds, attempt, delivery }) => {
    const patient = await engines.open({ reconnectGraceMs: 1_500 });
    const resource = `patient-${seconds}`;
    const machine = await makeMachine(
      patient,
      oneTask(resource, { ...retried, HeartbeatSeconds: seconds }),
    );
    const lost = await EngineWorker.open(patient, [resource]);
    const { execution } = await patient.startExecution({ stateMachine: machine });
    say(lost, await accepted(lost), "far");
    lost.session.close(false);
    const worker = await EngineWorker.open(patient, [resource]);
    const task = await accepted(worker);
    expect(task).toMatchObject({ attempt, delivery, lastHeartbeatDetails: "far" });
    await worker.report(task, succeed());
    expect(await endOf(patient, execution.id)).toMatchObject({ status: "SUCCEEDED" });
    worker.session.close(true);
    await patient.shutDown();
  },
);
