import { afterEach, beforeEach, expect, test } from "vitest";
import type { OutcomeAck, Task, TaskOutcome } from "../../server/engine/engine.ts";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import { createEngines, endOf, historyOf, makeMachine, pause, until } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
beforeEach(async () => {
  engines = await createEngines();
});
afterEach(() => engines.close());

const waiting = (more: object = {}): object => ({
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Task",
      Resource: "ask.waitForTaskToken",
      Parameters: { "token.$": "$$.Task.Token" },
      End: true,
      ...more,
    },
  },
});

const tokenOf = (task: Task): Uint8Array =>
  new Uint8Array(Buffer.from(JSON.parse(task.input).token, "base64url"));

async function callBack(
  engine: TestEngine,
  task: Task,
  result: TaskOutcome["result"] = succeed("answer"),
): Promise<OutcomeAck["status"]> {
  return (await engine.reportTasks([{ taskToken: tokenOf(task), result }]))[0]!.status;
}

/** An execution whose worker has done its part, and the task it was given. */
async function submitted(
  engine: TestEngine,
  definition = waiting(),
): Promise<{ id: string; task: Task; worker: EngineWorker }> {
  const stateMachine = await makeMachine(engine, definition);
  const worker = await EngineWorker.open(engine, ["ask"]);
  const { execution } = await engine.startExecution({ stateMachine });
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  expect((await worker.report(task, succeed({ sent: true }))).status).toBe("RECORDED");
  return { id: execution.id, task, worker };
}

const taskEvents = async (engine: TestEngine, id: string): Promise<string[]> =>
  (await historyOf(engine.store, id))
    .map(({ type }) => type)
    .filter((type) => type.startsWith("Task") && !type.startsWith("TaskState"));

test("the worker's success is TaskSubmitted, and the token's report, once, the end", async () => {
  const engine = await engines.open();
  const { id, task, worker } = await submitted(engine);
  const { activeStates } = await engine.describeExecution(id);
  expect(activeStates).toMatchObject([{ isQueued: false, awaitsCallback: true }]);
  expect(await callBack(engine, task)).toBe("RECORDED");
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: '"answer"' });
  expect(await callBack(engine, task)).toBe("ALREADY_RECORDED");
  expect(await callBack(engine, task, failWith("Late"))).toBe("TIMED_OUT");
  expect((await worker.report(task, succeed({ sent: true }))).status).toBe("ALREADY_RECORDED");
  expect(await taskEvents(engine, id)).toEqual([
    "TaskScheduled",
    "TaskStarted",
    "TaskSubmitted",
    "TaskSucceeded",
  ]);
});

test("a report that overtakes the worker's own ends the task; the worker's is then an old one", async () => {
  const engine = await engines.open();
  const stateMachine = await makeMachine(engine, waiting());
  const worker = await EngineWorker.open(engine, ["ask"]);
  const { execution } = await engine.startExecution({ stateMachine });
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  expect(await callBack(engine, task)).toBe("RECORDED");
  expect((await endOf(engine, execution.id)).output).toBe('"answer"');
  expect((await worker.report(task, succeed())).status).toBe("ALREADY_RECORDED");
  expect(await taskEvents(engine, execution.id)).toEqual([
    "TaskScheduled",
    "TaskStarted",
    "TaskSucceeded",
  ]);
});

test("a failed call is retried under a new token; the old one is refused, and a failure may come by token", async () => {
  const engine = await engines.open();
  const Retry = [{ ErrorEquals: ["Broken"], IntervalSeconds: 1 }];
  const stateMachine = await makeMachine(engine, waiting({ Retry }));
  const worker = await EngineWorker.open(engine, ["ask"]);
  const { execution } = await engine.startExecution({ stateMachine });
  const first = await worker.nextTask();
  expect((await worker.report(first, failWith("Broken"))).status).toBe("RECORDED");
  const second = await worker.nextTask();
  expect(tokenOf(second)).not.toEqual(tokenOf(first));
  expect(await callBack(engine, first)).toBe("TIMED_OUT");
  expect(await callBack(engine, second, failWith("Refused", "no"))).toBe("RECORDED");
  expect(await endOf(engine, execution.id)).toMatchObject({
    status: "FAILED",
    failure: { error: "Refused", cause: "no" },
  });
});

test("heartbeats under the token keep the task; without them it times out, and the token with it", async () => {
  const engine = await engines.open();
  const { id, task } = await submitted(engine, waiting({ HeartbeatSeconds: 1 }));
  for (let beats = 0; beats < 4; beats += 1) {
    await pause(500);
    const [reply] = await engine.heartbeatTasks([{ taskToken: tokenOf(task) }]);
    expect(reply?.state).toBe("ACTIVE");
  }
  const end = await endOf(engine, id);
  expect(end.failure).toEqual({ error: "States.Timeout" });
  expect(end.stoppedAtMs! - end.startedAtMs).toBeGreaterThan(2_900);
  const [reply] = await engine.heartbeatTasks([{ taskToken: tokenOf(task) }]);
  expect(reply).toMatchObject({ state: "CANCEL_REQUESTED", cancelReason: "TASK_TIMED_OUT" });
  expect(await callBack(engine, task)).toBe("TIMED_OUT");
});

test("a task that waits for its token is given to nobody: not to new workers, not when its worker is lost", async () => {
  const engine = await engines.open({ reconnectGraceMs: 50 });
  const { task, worker, id } = await submitted(engine);
  worker.session.close(false);
  const next = await EngineWorker.open(engine, ["ask"], { heldTaskTokens: [task.taskToken] });
  expect(next.session.held).toEqual(["LEASE_LOST"]);
  await pause(300);
  expect(next.tasks).toEqual([]);
  expect(await callBack(engine, task)).toBe("RECORDED");
  expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
});

test("a stopped execution's token is refused", async () => {
  const engine = await engines.open();
  const { id, task } = await submitted(engine);
  await engine.stopExecution(id, {});
  expect(await callBack(engine, task)).toBe("EXECUTION_CLOSED");
});

test("the token works through another server, and after the one that made it has crashed", async () => {
  const one = await engines.open();
  const two = await engines.open();
  const first = await submitted(one);
  expect(await callBack(two, first.task)).toBe("RECORDED");
  expect(await callBack(two, first.task)).toBe("ALREADY_RECORDED");
  expect((await endOf(one, first.id)).output).toBe('"answer"');

  const second = await submitted(one);
  await one.crash();
  expect(await callBack(two, second.task)).toBe("RECORDED");
  expect((await endOf(two, second.id)).output).toBe('"answer"');
});

test("a call whose worker is lost is made again with the same token", async () => {
  const engine = await engines.open({ reconnectGraceMs: 50 });
  const stateMachine = await makeMachine(engine, waiting());
  const worker = await EngineWorker.open(engine, ["ask"]);
  const { execution } = await engine.startExecution({ stateMachine });
  const first = await worker.nextTask();
  worker.session.accept([first.taskToken]);
  worker.session.close(false);
  const next = await EngineWorker.open(engine, ["ask"]);
  const again = await next.nextTask();
  expect(tokenOf(again)).toEqual(tokenOf(first));
  expect(await callBack(engine, first)).toBe("RECORDED");
  expect((await endOf(engine, execution.id)).status).toBe("SUCCEEDED");
});

test("a token is no delivery: it can not be given back, nor brought along by a worker", async () => {
  const engine = await engines.open();
  const { task } = await submitted(engine);
  expect(await callBack(engine, task, { kind: "Cancelled" })).toBe("INVALID");
  const other = await EngineWorker.open(engine, ["ask"], { heldTaskTokens: [tokenOf(task)] });
  expect(other.session.held).toEqual(["UNKNOWN"]);
  await until(async () => (await callBack(engine, task)) === "RECORDED");
});
