import { afterAll, beforeAll, expect, test } from "vitest";
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

const map = (states: object, startAt: string, more: object = {}): object => ({
  StartAt: "Each",
  States: {
    Each: { Type: "Map", End: true, ItemProcessor: { StartAt: startAt, States: states }, ...more },
  },
});
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const start = async (stateMachine: string, input: unknown): Promise<string> =>
  (await engine.startExecution({ stateMachine, input: JSON.stringify(input) })).execution.id;

test("a Map of two thousand items gives every result once and in order", async () => {
  const machine = await makeMachine(
    engine,
    map({ T: { Type: "Task", Resource: "item", End: true } }, "T"),
  );
  const worker = await EngineWorker.open(engine, ["item"], {
    credit: 100,
    work: (task) => succeed(Number(task.input) + 1),
  });
  const id = await start(machine, numbers(2_000));
  const { status, output } = await endOf(engine, id, 30_000);
  expect(status).toBe("SUCCEEDED");
  expect(JSON.parse(output!)).toEqual(numbers(2_000).map((n) => n + 1));
  expect(worker.tasks).toHaveLength(2_000);
  const events = await historyOf(engine.store, id);
  expect(events.map((event) => event.id)).toEqual(numbers(events.length).map((n) => n + 1));
  expect(events.filter(({ type }) => type === "TaskSucceeded")).toHaveLength(2_000);
  worker.session.close(true);
});

test("MaxConcurrency is never exceeded by tasks in workers' hands", async () => {
  const machine = await makeMachine(
    engine,
    map({ T: { Type: "Task", Resource: "few", End: true } }, "T", { MaxConcurrency: 3 }),
  );
  let running = 0;
  let most = 0;
  const worker = await EngineWorker.open(engine, ["few"], {
    credit: 50,
    work: async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(5);
      running -= 1;
      return succeed();
    },
  });
  expect((await endOf(engine, await start(machine, numbers(30)))).status).toBe("SUCCEEDED");
  expect(most).toBe(3);
  worker.session.close(true);
});

test("a Parallel in each item of a Map joins inside and out", async () => {
  const branch = (name: string): object => ({
    StartAt: name,
    States: { [name]: { Type: "Task", Resource: `nested-${name}`, End: true } },
  });
  const machine = await makeMachine(
    engine,
    map({ P: { Type: "Parallel", End: true, Branches: [branch("A"), branch("B")] } }, "P"),
  );
  const worker = await EngineWorker.open(engine, ["nested-*"], {
    credit: 20,
    work: (task) => succeed(`${task.stateName}${task.input}`),
  });
  const { output } = await endOf(engine, await start(machine, numbers(50)));
  expect(JSON.parse(output!)).toEqual(numbers(50).map((n) => [`A${n}`, `B${n}`]));
  worker.session.close(true);
});

test("the first failure withdraws the siblings' tasks and timers, tells their workers, and leaves nothing that wakes", async () => {
  const inner = {
    K: { Type: "Choice", Choices: [{ Variable: "$", NumericEquals: 0, Next: "W" }], Default: "T" },
    W: { Type: "Wait", Seconds: 3_600, End: true },
    T: { Type: "Task", Resource: "sibling", End: true },
  };
  const machine = await makeMachine(engine, map(inner, "K"));
  const worker = await EngineWorker.open(engine, ["sibling"], { credit: 5 });
  const id = await start(machine, numbers(10)); // one waits, five are delivered, four are ready
  await until(() => worker.tasks.length === 5);
  const [failing, ...siblings] = worker.tasks;
  worker.session.accept(worker.tasks.map(({ taskToken }) => taskToken));
  expect(await worker.report(failing!, failWith("Broken", "for good"))).toMatchObject({
    status: "RECORDED",
  });
  expect(await endOf(engine, id)).toMatchObject({
    status: "FAILED",
    failure: { error: "Broken", cause: "for good" },
  });
  const { rows } = await engine.store.pool.query(
    "select 1 from tasks where execution_id = $1 union all select 1 from timers where execution_id = $1",
    [id],
  );
  expect(rows).toEqual([]);
  for (const sibling of siblings) {
    expect(worker.wasCancelled(sibling)).toMatch(/BRANCH_FAILED|EXECUTION_STOPPED/);
    expect(await worker.report(sibling, succeed())).toMatchObject({ status: "EXECUTION_CLOSED" });
  }
  worker.session.close(true);
});

test("outcomes of all branches at once, one of them a caught failure, go on from the Catch only", async () => {
  const branch = (name: string): object => ({
    StartAt: name,
    States: { [name]: { Type: "Task", Resource: "burst", End: true } },
  });
  const machine = await makeMachine(engine, {
    StartAt: "P",
    States: {
      P: {
        Type: "Parallel",
        Branches: ["A", "B", "C", "D"].map(branch),
        Next: "Fine",
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
      },
      Fine: { Type: "Pass", Result: "fine", End: true },
      Caught: { Type: "Pass", Result: "caught", End: true },
    },
  });
  const worker = await EngineWorker.open(engine, ["burst"], { credit: 1_000 });
  for (let round = 0; round < 20; round += 1) {
    const id = await start(machine, {});
    await until(() => worker.tasks.length === (round + 1) * 4);
    const tasks = worker.tasks.slice(-4);
    const acks = await engine.reportTasks(
      tasks.map(({ taskToken }, n) => ({
        taskToken,
        result: n === round % 4 ? failWith("No") : succeed(),
      })),
    );
    expect(acks[round % 4]!.status).toBe("RECORDED");
    expect((await endOf(engine, id)).output).toBe('"caught"');
  }
  worker.session.close(true);
});

test("a history at its limit fails the execution with the reason, as its last event", async () => {
  const small = await engines.open({ historyEventsMax: 100 });
  const machine = await makeMachine(small, map({ P: { Type: "Pass", End: true } }, "P"));
  const { execution } = await small.startExecution({
    stateMachine: machine,
    input: JSON.stringify(numbers(200)),
  });
  expect(await endOf(small, execution.id)).toMatchObject({
    status: "FAILED",
    failure: { cause: expect.stringContaining("maximum number of history events (100)") },
  });
  const events = await historyOf(small.store, execution.id);
  expect(events.at(-1)).toMatchObject({ id: 100, type: "ExecutionFailed" });
  await small.shutDown();
});

test("a state's result at the payload limit passes, one byte more fails with States.DataLimitExceeded", async () => {
  const machine = await makeMachine(engine, oneTask("big"));
  const worker = await EngineWorker.open(engine, ["big"], {
    work: (task) => succeed("é".repeat(131_071) + "x".repeat(Number(task.input))),
  });
  expect((await endOf(engine, await start(machine, 0))).status).toBe("SUCCEEDED");
  expect(await endOf(engine, await start(machine, 1))).toMatchObject({
    status: "FAILED",
    failure: { error: "States.DataLimitExceeded" },
  });
  worker.session.close(true);
});
