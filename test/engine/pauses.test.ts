/** A paused execution begins nothing, loses nothing, and goes on where it stood. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

async function started(definition: object, input = "{}"): Promise<string> {
  const stateMachine = await makeMachine(engine, definition);
  return (await engine.startExecution({ stateMachine, input })).execution.id;
}

async function typesOf(id: string): Promise<string[]> {
  return (await historyOf(engine.store, id)).map(({ type }) => type);
}

const twoTasks = (first: string, second: string): object => ({
  StartAt: "First",
  States: {
    First: { Type: "Task", Resource: first, Next: "Second" },
    Second: { Type: "Task", Resource: second, End: true },
  },
});

test("what a worker has goes on: its result is recorded at once, and what follows waits", async () => {
  const worker = await EngineWorker.open(engine, ["held-first", "held-second"]);
  const id = await started(twoTasks("held-first", "held-second"));
  const task = await worker.nextTask();
  const paused = await engine.pauseExecution(id, { operator: "ada", reason: "the bank is down" });
  expect(paused).toMatchObject({
    status: "RUNNING",
    pause: { operator: "ada", reason: "the bank is down" },
  });
  expect(await worker.report(task, succeed({ paid: true }))).toMatchObject({ status: "RECORDED" });
  expect(await worker.report(task, succeed({ paid: true }))).toMatchObject({
    status: "ALREADY_RECORDED",
  });
  expect((await typesOf(id)).at(-1)).toBe("TaskSucceeded");
  await engine.resumeExecution(id, { operator: "ada", reason: "it is back" });
  const next = await worker.nextTask();
  expect(next).toMatchObject({ stateName: "Second", input: '{"paid":true}' });
  await worker.report(next);
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  const history = await historyOf(engine.store, id);
  expect(history.filter(({ type }) => /Paused|Resumed/.test(type)).map(detailsOf)).toEqual([
    { operator: "ada", reason: "the bank is down" },
    { operator: "ada", reason: "it is back" },
  ]);
  worker.session.close(true);
});

const detailsOf = ({ details }: { readonly details?: object }): object | undefined => details;

test("its own end waits, too, and a failure is retried after the resume", async () => {
  const worker = await EngineWorker.open(engine, ["held-end"]);
  const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 1, MaxAttempts: 1 }];
  const id = await started(oneTask("held-end", { Retry }));
  const first = await worker.nextTask();
  await engine.pauseExecution(id, {});
  await worker.report(first, failWith("Busy"));
  await pause(1_300);
  expect(worker.tasks).toHaveLength(1);
  await engine.resumeExecution(id, {});
  const second = await worker.nextTask();
  expect(second.attempt).toBe(2);
  await engine.pauseExecution(id, {});
  await worker.report(second);
  expect(await engine.describeExecution(id)).toMatchObject({ status: "RUNNING" });
  await engine.resumeExecution(id, {});
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  worker.session.close(true);
});

test("a task that no worker has is in no queue until it goes on", async () => {
  const id = await started(oneTask("held-queued"));
  await engine.pauseExecution(id, {});
  const worker = await EngineWorker.open(engine, ["held-queued"], { work: () => succeed() });
  await pause(2_500); // longer than any look at what is ready
  expect(worker.tasks).toEqual([]);
  const asked = performance.now();
  await engine.resumeExecution(id, {});
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  expect(performance.now() - asked).toBeLessThan(1_000);
  worker.session.close(true);
});

test("a task that is handed back while it is paused is not given to anyone", async () => {
  const worker = await EngineWorker.open(engine, ["held-back"]);
  const id = await started(oneTask("held-back"));
  const task = await worker.nextTask();
  await engine.pauseExecution(id, {});
  worker.session.release([task.taskToken]);
  await pause(500);
  expect(worker.tasks).toHaveLength(1);
  await engine.resumeExecution(id, {});
  await worker.report(await until(() => worker.tasks[1]));
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  worker.session.close(true);
});

test("a Wait that comes due waits, and goes on at once when it is resumed", async () => {
  const id = await started({
    StartAt: "Wait",
    States: { Wait: { Type: "Wait", Seconds: 1, End: true } },
  });
  await engine.pauseExecution(id, {});
  await pause(1_300);
  expect((await typesOf(id)).at(-1)).toBe("ExecutionPaused");
  await engine.resumeExecution(id, {});
  expect(await endOf(engine, id, 1_000)).toMatchObject({ status: "SUCCEEDED" });
});

test("a message is taken while it is paused", async () => {
  const states = {
    Ask: { Type: "Message", CorrelationKey: "k", CorrelationValuePath: "$.v", End: true },
  };
  const id = await started({ StartAt: "Ask", States: states }, '{"v":"held"}');
  await engine.pauseExecution(id, {});
  const sent = await engine.sendMessage({
    correlationKey: "k",
    correlationValue: '"held"',
    data: '{"yes":1}',
    match: "ALL",
  });
  expect(sent.executions).toEqual([id]);
  expect(await engine.describeExecution(id)).toMatchObject({ status: "RUNNING" });
  await engine.resumeExecution(id, {});
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: '{"yes":1}' });
});

test("time does not stand still: a task times out, and its Catch waits; the execution times out", async () => {
  const worker = await EngineWorker.open(engine, ["held-slow"]);
  const definition = {
    TimeoutSeconds: 3,
    StartAt: "Slow",
    States: {
      Slow: {
        Type: "Task",
        Resource: "held-slow",
        TimeoutSeconds: 1,
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "After" }],
        End: true,
      },
      After: { Type: "Pass", End: true },
    },
  };
  const id = await started(definition);
  await worker.nextTask();
  await engine.pauseExecution(id, {});
  await until(async () => (await typesOf(id)).at(-1) === "TaskTimedOut");
  expect(await endOf(engine, id)).toMatchObject({ status: "TIMED_OUT" });
  expect((await engine.describeExecution(id)).pause).toBeUndefined();
  worker.session.close(true);
});

test("it can be stopped, and a redrive goes on with what had succeeded", async () => {
  const worker = await EngineWorker.open(engine, ["held-stop", "held-stop-2"]);
  const id = await started(twoTasks("held-stop", "held-stop-2"));
  const task = await worker.nextTask();
  await engine.pauseExecution(id, {});
  await worker.report(task, succeed({ done: 1 }));
  const stopped = await engine.stopExecution(id, { error: "Operator" });
  expect(stopped.status).toBe("ABORTED");
  expect(stopped.pause).toBeUndefined();
  await engine.redriveExecution({ execution: id });
  const next = await worker.nextTask();
  expect(next).toMatchObject({ stateName: "Second", input: '{"done":1}' });
  await worker.report(next);
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  worker.session.close(true);
});

test("a child of a paused execution goes on, and its end is recorded", async () => {
  const child = await makeMachine(engine, oneTask("held-child"));
  const worker = await EngineWorker.open(engine, ["held-child"]);
  const arn = (await engine.describeStateMachine(child)).arn;
  const Arguments = { StateMachineArn: arn, Input: {} };
  const id = await started({
    StartAt: "Call",
    States: {
      Call: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution.sync:2",
        Parameters: Arguments,
        End: true,
      },
    },
  });
  const task = await worker.nextTask();
  await engine.pauseExecution(id, {});
  await worker.report(task);
  await until(async () => (await typesOf(id)).at(-1) === "TaskSucceeded");
  await engine.resumeExecution(id, {});
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  worker.session.close(true);
});

describe("a Map Run of a paused execution", () => {
  test("begins no more items until it is resumed", async () => {
    const worker = await EngineWorker.open(engine, ["held-item"]);
    const definition = {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          MaxConcurrency: 1,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            ...oneTask("held-item"),
          },
          End: true,
        },
      },
    };
    const id = await started(definition, "[1,2]");
    const first = await worker.nextTask();
    worker.session.accept([first.taskToken]);
    await engine.pauseExecution(id, {});
    await pause(1_200); // the run looks at its settings every second
    await worker.report(first);
    await pause(1_500);
    expect(worker.tasks).toHaveLength(1);
    await engine.resumeExecution(id, {});
    await worker.report(await until(() => worker.tasks[1]));
    expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
    worker.session.close(true);
  });
});

describe("requests", () => {
  test("that repeat what is so change nothing", async () => {
    const id = await started(oneTask("held-twice"));
    expect((await engine.resumeExecution(id, {})).pause).toBeUndefined();
    await engine.pauseExecution(id, { reason: "first" });
    expect((await engine.pauseExecution(id, { reason: "second" })).pause).toMatchObject({
      reason: "first",
    });
    expect((await typesOf(id)).filter((type) => type === "ExecutionPaused")).toHaveLength(1);
    await engine.stopExecution(id, {});
  });

  test.each(["pauseExecution", "resumeExecution"] as const)(
    "to %s of what has closed are refused",
    async (verb) => {
      const id = await started({ StartAt: "P", States: { P: { Type: "Pass", End: true } } });
      await endOf(engine, id);
      await expect(engine[verb](id, {})).rejects.toMatchObject({ code: "ExecutionNotRunning" });
    },
  );

  test("for one that waits for its input are refused", async () => {
    const source = await started(oneTask("held-source"));
    const stateMachine = await makeMachine(engine, oneTask("held-target"));
    const { execution } = await engine.startExecution({
      stateMachine,
      chain: { execution: source, waitsForSource: true },
    });
    await expect(engine.pauseExecution(execution.id, {})).rejects.toMatchObject({
      reason: "EXECUTION_NOT_STARTED",
    });
    await engine.stopExecution(source, {});
    await endOf(engine, execution.id);
  });
});

test("it is listed and counted as paused, with or without anything that would wake it", async () => {
  const stateMachine = await makeMachine(engine, oneTask("held-listed"));
  const worker = await EngineWorker.open(engine, ["held-listed"]);
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1)
    ids.push((await engine.startExecution({ stateMachine })).execution.id);
  const task = await worker.nextTask();
  await engine.pauseExecution(task.executionId, {});
  await worker.report(task);
  const listed = async (isPaused?: boolean): Promise<string[]> => {
    const query = {
      stateMachine,
      status: "RUNNING",
      ...(isPaused !== undefined && { isPaused }),
    } as const;
    const { items } = await engine.listExecutions(query);
    expect(await engine.countExecutions(query, 100)).toMatchObject({ count: items.length });
    return items.map(({ id }) => id);
  };
  expect(await listed(true)).toEqual([task.executionId]);
  expect(await listed(false)).toHaveLength(2);
  expect(await listed()).toHaveLength(3);
  for (const id of ids) await engine.stopExecution(id, {});
  worker.session.close(true);
});

test("it survives its server, with what was kept in branches", async () => {
  const other = await engines.open();
  const branch = (resource: string): object => ({
    StartAt: resource,
    States: {
      [resource]: { Type: "Task", Resource: resource, Next: `${resource} last` },
      [`${resource} last`]: { Type: "Pass", End: true },
    },
  });
  const stateMachine = await makeMachine(other, {
    StartAt: "Both",
    States: {
      Both: { Type: "Parallel", Branches: [branch("held-a"), branch("held-b")], End: true },
    },
  });
  const worker = await EngineWorker.open(other, ["held-a", "held-b"]);
  const { execution } = await other.startExecution({ stateMachine });
  const tasks = [await worker.nextTask(), await worker.nextTask()];
  await other.pauseExecution(execution.id, { reason: "kept" });
  for (const task of tasks) await worker.report(task, succeed(task.resource));
  await other.crash();
  expect(await engine.describeExecution(execution.id)).toMatchObject({ pause: { reason: "kept" } });
  await engine.resumeExecution(execution.id, {});
  expect(await endOf(engine, execution.id)).toMatchObject({
    status: "SUCCEEDED",
    output: '["held-a","held-b"]',
  });
}, 30_000);

test("it is paused and resumed at a server that does not turn it", async () => {
  const other = await engines.open();
  const worker = await EngineWorker.open(engine, ["held-far"]);
  const id = await started(oneTask("held-far"));
  const task = await worker.nextTask();
  expect((await other.pauseExecution(id, { reason: "from afar" })).pause).toMatchObject({
    reason: "from afar",
  });
  await worker.report(task);
  expect((await other.resumeExecution(id, {})).pause).toBeUndefined();
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
  await other.shutDown();
  worker.session.close(true);
});
