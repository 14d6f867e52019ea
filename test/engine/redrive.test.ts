import { afterAll, beforeAll, expect, test } from "vitest";
import type { RedriveExecution } from "../../server/engine/engine.ts";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import {
  createEngines,
  endOf,
  historyOf,
  makeMachine,
  oneTask,
  until,
} from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
let other: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
  other = await engines.open();
});
afterAll(() => engines.close());

const branch = (name: string, more: object = {}): object => ({
  StartAt: name,
  States: { [name]: { Type: "Task", Resource: `redrive-${name}`, End: true, ...more } },
});
const start = async (stateMachine: string, input = "{}"): Promise<string> =>
  (await engine.startExecution({ stateMachine, input })).execution.id;
const refusalOf = (request: RedriveExecution, on = engine): Promise<string> =>
  on.redriveExecution(request).then(
    () => "OK",
    ({ code, message }: { code?: string; message: string }) => `${code}: ${message}`,
  );
const typesOf = async (id: string): Promise<string[]> =>
  (await historyOf(engine.store, id)).map(({ type }) => type);
/** Starts one execution of the machine and has its only task fail. */
const failedOne = async (machine: string, worker: EngineWorker): Promise<string> => {
  const id = await start(machine);
  await worker.report(await worker.nextTask(), failWith("Broken", "why"));
  expect(await endOf(engine, id)).toMatchObject({ status: "FAILED" });
  return id;
};
const arnOf = async (id: string): Promise<string> => (await engine.describeExecution(id)).arn;

test("a failed execution goes on under its id with its input, and tells its redrives", async () => {
  const machine = await makeMachine(engine, oneTask("again"));
  const worker = await EngineWorker.open(engine, ["again"]);
  const id = await failedOne(machine, worker);
  expect(await engine.describeExecution(id)).toMatchObject({ redrive: { count: 0 } });
  const { execution, timeMs } = await engine.redriveExecution({ execution: id });
  expect(execution).toMatchObject({ id, status: "RUNNING", redrive: { count: 1, timeMs } });
  expect(execution).not.toHaveProperty("failure");
  expect(execution).not.toHaveProperty("stoppedAtMs");
  expect(execution.redrive.refusal).toBe("Execution is RUNNING and cannot be redriven");
  await worker.report(await worker.nextTask(), succeed("fixed"));
  expect(await endOf(engine, id)).toMatchObject({
    status: "SUCCEEDED",
    output: '"fixed"',
    redrive: { count: 1, timeMs, refusal: "Execution is SUCCEEDED and cannot be redriven" },
  });
  expect(await typesOf(id)).toEqual([
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskFailed",
    "ExecutionFailed",
    "ExecutionRedriven",
    "TaskScheduled",
    "TaskStarted",
    "TaskSucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
  ]);
  worker.session.close(true);
});

test("a success leaves no root scope, no scope rows and no redrive; a failure only what a redrive takes up", async () => {
  const machine = await makeMachine(engine, {
    StartAt: "Both",
    States: { Both: { Type: "Parallel", End: true, Branches: [branch("a"), branch("b")] } },
  });
  const worker = await EngineWorker.open(engine, ["redrive-a", "redrive-b"]);
  const rowsOf = async (id: string): Promise<unknown> =>
    (
      await engine.store.pool.query(
        `select state is not null as "hasState", redrive, (select count(*)::int from scopes where execution_id = id) as scopes from executions where id = $1`,
        [id],
      )
    ).rows[0];
  const id = await start(machine);
  const tasks = [await worker.nextTask(), await worker.nextTask()];
  await worker.report(
    tasks.find(({ stateName }) => stateName === "a")!,
    succeed("kept"),
  );
  await worker.report(
    tasks.find(({ stateName }) => stateName === "b")!,
    failWith("Broken"),
  );
  await endOf(engine, id);
  expect(await rowsOf(id)).toEqual({ hasState: true, redrive: null, scopes: 2 });
  await other.redriveExecution({ execution: id });
  const again = await worker.nextTask();
  expect(again.stateName).toBe("b");
  await worker.report(again, succeed("fixed"));
  expect(await endOf(engine, id)).toMatchObject({ output: '["kept","fixed"]' });
  expect(await rowsOf(id)).toMatchObject({ hasState: false, scopes: 0 });
  worker.session.close(true);
});

test("stopped in a wait behind a passed time and redriven by a server that never saw it, it goes on", async () => {
  const machine = await makeMachine(engine, {
    StartAt: "W",
    States: { W: { Type: "Wait", SecondsPath: "$", End: true } },
  });
  const id = await start(machine, "1");
  await engine.stopExecution(id, {});
  const fresh = await engines.open();
  await fresh.redriveExecution({ execution: id });
  await fresh.crash();
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", redrive: { count: 1 } });
});

test("two servers redrive one execution, fifty times: one does, the other finds it running", async () => {
  const machine = await makeMachine(engine, oneTask("race"));
  const worker = await EngineWorker.open(engine, ["race"], { credit: 1_000 });
  const id = await failedOne(machine, worker);
  for (let round = 1; round <= 50; round += 1) {
    const results = await Promise.all(
      [engine, other, engine, other].map((one) => refusalOf({ execution: id }, one)),
    );
    expect(results.filter((result) => result === "OK")).toHaveLength(1);
    expect(results.filter((result) => result.includes("is RUNNING and"))).toHaveLength(3);
    await worker.report(await worker.nextTask(), failWith("Broken"));
    expect(await endOf(engine, id)).toMatchObject({ status: "FAILED", redrive: { count: round } });
  }
  const types = await typesOf(id);
  expect(types.filter((type) => type === "ExecutionRedriven")).toHaveLength(50);
  expect(types.filter((type) => type === "TaskScheduled")).toHaveLength(51);
  worker.session.close(true);
});

test("a request sent again under its id is answered with what it did, whatever came since, and does nothing", async () => {
  const machine = await makeMachine(engine, oneTask("tokens"));
  const worker = await EngineWorker.open(engine, ["tokens"]);
  const id = await failedOne(machine, worker);
  const first = await engine.redriveExecution({ execution: id, requestId: "A" });
  const again = (requestId: string) => other.redriveExecution({ execution: id, requestId });
  expect((await again("A")).timeMs).toBe(first.timeMs);
  await worker.report(await worker.nextTask(), failWith("Broken"));
  await endOf(engine, id);
  expect(await again("A")).toMatchObject({
    timeMs: first.timeMs,
    execution: { status: "FAILED", redrive: { count: 1 } },
  });
  const second = await again("B");
  expect(second.timeMs).toBeGreaterThan(first.timeMs);
  expect((await again("A")).timeMs).toBe(first.timeMs);
  await worker.report(await worker.nextTask(), succeed());
  await endOf(engine, id);
  expect((await again("B")).timeMs).toBe(second.timeMs);
  expect(await refusalOf({ execution: id, requestId: "C" })).toMatch(/^ExecutionNotRedrivable/);
  worker.session.close(true);
});

test.each([
  ["stopped_at = now() - interval '15 days'", "Execution redrivable period exceeded"],
  ["started_at = now() - interval '366 days'", "Execution has exceeded the max execution time"],
  ["next_event_id = 25000", "Execution history event limit exceeded"],
  ["state = null", "Execution was started before the launch of RedriveExecution"],
])("where %s, it is refused: %s", async (change, reason) => {
  const machine = await makeMachine(engine, { StartAt: "F", States: { F: { Type: "Fail" } } });
  const id = await start(machine);
  await endOf(engine, id);
  await engine.store.pool.query(`update executions set ${change} where id = $1`, [id]);
  expect(await refusalOf({ execution: id })).toBe(
    `ExecutionNotRedrivable: Execution ${await arnOf(id)} invalid for redrive as: ${reason}`,
  );
  expect((await engine.describeExecution(id)).redrive.refusal).toBe(reason);
  const { items } = await engine.listExecutions({ stateMachine: machine });
  expect(items[0]?.redrive.refusal).toBe(reason);
});

test("TimeoutSeconds counts anew from the redrive", async () => {
  const machine = await makeMachine(engine, { ...oneTask("deadline"), TimeoutSeconds: 1 });
  const id = await start(machine);
  expect(await endOf(engine, id)).toMatchObject({ status: "TIMED_OUT" });
  const { timeMs } = await engine.redriveExecution({ execution: id });
  const closed = await endOf(engine, id);
  expect(closed).toMatchObject({ status: "TIMED_OUT", redrive: { count: 1 } });
  expect(closed.stoppedAtMs! - timeMs).toBeGreaterThanOrEqual(1_000);
  expect(closed.stoppedAtMs! - timeMs).toBeLessThan(3_000);
});

test("it keeps its revision through an update of its machine; with the machine named it takes the present one", async () => {
  const machine = await makeMachine(engine, oneTask("revision"));
  const worker = await EngineWorker.open(engine, ["revision", "corrected"]);
  const id = await failedOne(machine, worker);
  await engine.updateStateMachine({
    reference: machine,
    definition: JSON.stringify(oneTask("corrected")),
  });
  await engine.redriveExecution({ execution: id });
  const old = await worker.nextTask();
  expect(old.resource).toBe("revision");
  await worker.report(old, failWith("Broken"));
  await endOf(engine, id);
  const { execution } = await engine.redriveExecution({ execution: id, stateMachine: machine });
  expect(execution.revisionId).toBe((await engine.describeStateMachine(machine)).revisionId);
  const corrected = await worker.nextTask();
  expect(corrected.resource).toBe("corrected");
  await worker.report(corrected, succeed("new"));
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: '"new"' });
  worker.session.close(true);
});

test("from_state enters a state anew, with what it was given then or with another input", async () => {
  const machine = await makeMachine(engine, {
    StartAt: "First",
    States: {
      First: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)" }, Next: "Pick" },
      Pick: {
        Type: "Choice",
        Choices: [{ Variable: "$.n", NumericGreaterThan: 100, Next: "Never" }],
        Default: "Last",
      },
      Last: { Type: "Fail", Error: "Broken" },
      Never: { Type: "Pass", End: true },
    },
  });
  const id = await start(machine, '{"n":1}');
  await endOf(engine, id);
  const redrive = (request: Omit<RedriveExecution, "execution">) =>
    refusalOf({ execution: id, ...request });
  expect(await redrive({ fromState: "Never" })).toMatch(/from_state: .* not entered .*"Never"/);
  expect(await redrive({ fromState: "Missing", input: "1" })).toMatch(/no state "Missing"/);
  expect(await redrive({ fromState: "First", input: "{" })).toMatch(/^ValidationException: input/);
  expect(await redrive({ stateMachine: await makeMachine(engine, oneTask("x")) })).toMatch(
    /state_machine: .* is not the state machine of this execution/,
  );
  expect(await redrive({ fromState: "First" })).toBe("OK");
  await endOf(engine, id);
  expect(await redrive({ input: '"given"' })).toBe("OK");
  await endOf(engine, id);
  expect(await redrive({ fromState: "Never", input: '"done"' })).toBe("OK");
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: '"done"' });
  const entered = (await historyOf(engine.store, id))
    .filter(({ type }) => type.endsWith("StateEntered"))
    .map(({ stateName, details }) => `${stateName} ${details?.["input"] as string}`);
  expect(entered).toEqual([
    'First {"n":1}',
    'Pick {"n":2}',
    'Last {"n":2}',
    'First {"n":1}',
    'Pick {"n":2}',
    'Last {"n":2}',
    'Last "given"',
    'Never "done"',
  ]);
});

test("another definition that has no place for what is under way is refused", async () => {
  const both = (...names: string[]): object => ({
    StartAt: "P",
    States: { P: { Type: "Parallel", End: true, Branches: names.map((name) => branch(name)) } },
  });
  const machine = await makeMachine(engine, both("m", "n"));
  const id = await start(machine);
  await engine.stopExecution(id, {});
  const update = (definition: object): Promise<unknown> =>
    engine.updateStateMachine({ reference: machine, definition: JSON.stringify(definition) });
  await update(both("m"));
  const request = { execution: id, stateMachine: machine };
  expect(await refusalOf(request)).toMatch(/no place for the execution at \/States\/P$/);
  await update(both("m", "o"));
  expect(await refusalOf(request)).toMatch(/no place for the execution at \/States\/P\[1\]\/n$/);
});

test("an EXPRESS execution is refused, and one of a machine that is being deleted", async () => {
  const definition = JSON.stringify({ StartAt: "F", States: { F: { Type: "Fail" } } });
  await engine.createStateMachine({ name: "quick", type: "EXPRESS", definition });
  const express = await start("quick");
  await endOf(engine, express);
  expect(await refusalOf({ execution: express })).toMatch(/of an EXPRESS state machine/);
  const machine = await makeMachine(engine, oneTask("kept-open"));
  await start(machine);
  const failed = await start(machine);
  await engine.stopExecution(failed, {});
  await engine.deleteStateMachine(machine);
  expect(await refusalOf({ execution: failed })).toMatch(/State machine is in DELETING status$/);
});

test("whoever watches a failed execution from its beginning sees it go on after its redrive", async () => {
  const machine = await makeMachine(engine, oneTask("watched"));
  const worker = await EngineWorker.open(engine, ["watched"]);
  const id = await failedOne(machine, worker);
  await engine.redriveExecution({ execution: id });
  const seen: string[] = [];
  const watching = (async () => {
    const options = { afterEventId: 0, signal: AbortSignal.timeout(10_000) };
    for await (const update of engine.watchExecution(id, options))
      seen.push(update.kind === "Event" ? update.event.type : update.execution.status);
  })();
  await until(() => seen.includes("TaskScheduled") && seen.includes("ExecutionRedriven"));
  await worker.report(await worker.nextTask(), succeed());
  await watching;
  expect(seen.slice(-2)).toEqual(["ExecutionSucceeded", "SUCCEEDED"]);
  worker.session.close(true);
});
