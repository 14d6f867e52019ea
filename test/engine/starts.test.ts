import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngines, endOf, historyOf, makeMachine, pause } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
let waiting: string;
const wait = (Seconds: number): object => ({
  StartAt: "W",
  States: { W: { Type: "Wait", Seconds, End: true } },
});
const pass = (result: unknown): object => ({
  StartAt: "P",
  States: { P: { Type: "Pass", Result: result, End: true } },
});
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
  waiting = await makeMachine(engine, wait(3_600));
});
afterAll(() => engines.close());

const start = (
  name: string,
  more: {
    input?: string;
    stateMachine?: string;
    conflictPolicy?: "SFN" | "FAIL" | "USE_EXISTING";
    requestId?: string;
  } = {},
) => engine.startExecution({ stateMachine: waiting, name, ...more });
const refusal = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? "no code",
  );

test("the same name with the same input is the same execution while it runs", async () => {
  const first = await start("same", { input: '{"a":1}' });
  const second = await start("same", { input: '{"a":1}' });
  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.execution).toMatchObject({
    id: first.execution.id,
    arn: first.execution.arn,
    status: "RUNNING",
  });
});

test("the same name with another input, or of a closed execution, is refused", async () => {
  const { execution } = await start("taken", { input: '{"a":1}' });
  expect(await refusal(start("taken", { input: '{"a":2}' }))).toBe("ExecutionAlreadyExists");
  await engine.stopExecution(execution.id, {});
  expect(await refusal(start("taken", { input: '{"a":1}' }))).toBe("ExecutionAlreadyExists");
});

test("a start sent again under its request id finds what it made, closed or not; another id does not", async () => {
  const requestId = "0b0e6a3c-1f0a-4c56-9a52-0c5d9f9c1a10";
  const otherId = "7d3f2b11-55aa-4c7e-8f3e-2f6a4d1b9c22";
  const first = await start("resent", { input: "1", requestId });
  await engine.stopExecution(first.execution.id, {});
  const second = await start("resent", { input: "1", requestId });
  expect(second).toMatchObject({
    created: true,
    execution: { id: first.execution.id, status: "ABORTED" },
  });
  expect(await refusal(start("resent", { input: "1", requestId: otherId }))).toBe(
    "ExecutionAlreadyExists",
  );
  expect(await refusal(start("resent", { input: "2", requestId }))).toBe("ExecutionAlreadyExists");
});

test("the conflict policy decides otherwise", async () => {
  const { execution } = await start("policy", { input: "1" });
  expect(await refusal(start("policy", { input: "1", conflictPolicy: "FAIL" }))).toBe(
    "ExecutionAlreadyExists",
  );
  const other = await start("policy", { input: "2", conflictPolicy: "USE_EXISTING" });
  expect(other).toMatchObject({ created: false, execution: { id: execution.id, input: "1" } });
  await engine.stopExecution(execution.id, {});
  expect(await start("policy", { input: "2", conflictPolicy: "USE_EXISTING" })).toMatchObject({
    created: false,
    execution: { status: "ABORTED" },
  });
});

test("a hundred concurrent starts under one name make one execution, and one of them is told it made it", async () => {
  const branch = (name: string): object => ({
    StartAt: name,
    States: { [name]: { Type: "Wait", Seconds: 3_600, End: true } },
  });
  const states = { P: { Type: "Parallel", End: true, Branches: [branch("A"), branch("B")] } };
  const parallel = await makeMachine(engine, { StartAt: "P", States: states });
  for (const stateMachine of [waiting, parallel, await makeMachine(engine, pass(1))]) {
    const started = await Promise.all(
      Array.from({ length: 100 }, () =>
        start("crowd", { stateMachine, conflictPolicy: "USE_EXISTING" }),
      ),
    );
    expect(started.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(started.map(({ execution }) => execution.id)).size).toBe(1);
    const events = await historyOf(engine.store, started[0]!.execution.id);
    expect(events.filter(({ type }) => type === "ExecutionStarted")).toHaveLength(1);
  }
  expect(engine.isReady()).toBe(true);
});

test("concurrent starts under one name with two inputs have one winner; all others are refused or are it", async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 60 }, (_, n) => start("duel", { input: String(n % 2) })),
  );
  const started = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  const winner = started.find(({ created }) => created);
  expect(started.filter(({ created }) => created)).toHaveLength(1);
  expect(started).toHaveLength(30);
  for (const { execution } of started)
    expect(execution).toMatchObject({ id: winner!.execution.id, input: winner!.execution.input });
});

test("a name that looks like an id of Pawl's own names one execution only", async () => {
  const { execution: unnamed } = await engine.startExecution({ stateMachine: waiting, input: "1" });
  expect(unnamed.name).toBe(unnamed.id);
  expect(await start(unnamed.name, { input: "1" })).toMatchObject({
    created: false,
    execution: { id: unnamed.id },
  });
  expect(await refusal(start(unnamed.name, { input: "2" }))).toBe("ExecutionAlreadyExists");
  const elsewhere = await makeMachine(engine, wait(3_600));
  const { execution: other, created } = await start(unnamed.name, { stateMachine: elsewhere });
  expect(created).toBe(true);
  expect(other.id).not.toBe(unnamed.id);
  expect(await engine.describeExecution(other.arn)).toMatchObject({
    id: other.id,
    stateMachineName: elsewhere,
  });
  expect(await engine.describeExecution(unnamed.arn)).toMatchObject({
    id: unnamed.id,
    stateMachineName: waiting,
  });
  await engine.stopExecution(other.arn, {});
  expect((await engine.describeExecution(unnamed.id)).status).toBe("RUNNING");
});

test("every start runs the revision that was present, and a start after an acknowledged update runs the new one", async () => {
  const machine = await makeMachine(engine, pass(0));
  const ids: Promise<{ output: number; floor: number }>[] = [];
  let acknowledged = 0;
  let isDone = false;
  const updating = (async () => {
    for (let n = 1; n <= 15; n += 1) {
      await engine.updateStateMachine({ reference: machine, definition: JSON.stringify(pass(n)) });
      acknowledged = n;
      await pause(40);
    }
    isDone = true;
  })();
  while (!isDone) {
    const floor = acknowledged;
    ids.push(
      engine
        .startExecution({ stateMachine: machine })
        .then(({ execution }) => ({ output: Number(execution.output), floor })),
    );
    await pause(1);
  }
  await updating;
  for (const { output, floor } of await Promise.all(ids))
    expect(output).toBeGreaterThanOrEqual(floor);
  expect((await engine.startExecution({ stateMachine: machine })).execution.output).toBe("15");
});

test("another server's update is seen by the next start here", async () => {
  const other = await engines.open();
  const machine = await makeMachine(engine, pass("old"));
  expect((await other.startExecution({ stateMachine: machine })).execution.output).toBe('"old"');
  await engine.updateStateMachine({ reference: machine, definition: JSON.stringify(pass("new")) });
  expect((await other.startExecution({ stateMachine: machine })).execution.output).toBe('"new"');
  await engine.deleteStateMachine(machine);
  expect(await refusal(other.startExecution({ stateMachine: machine }))).toBe(
    "StateMachineDoesNotExist",
  );
  await other.shutDown();
});

test("a running execution keeps the revision it started with", async () => {
  const definition = (result: string): object => ({
    StartAt: "W",
    States: {
      W: { Type: "Wait", Seconds: 1, Next: "P" },
      P: { Type: "Pass", Result: result, End: true },
    },
  });
  const machine = await makeMachine(engine, definition("old"));
  const { execution } = await engine.startExecution({ stateMachine: machine });
  await engine.updateStateMachine({
    reference: machine,
    definition: JSON.stringify(definition("new")),
  });
  expect((await endOf(engine, execution.id)).output).toBe('"old"');
  expect((await engine.describeStateMachineForExecution(execution.id)).revisionId).toBe(
    execution.revisionId,
  );
});

test("once a machine is deleted no start gets through, however many race with the deletion", async () => {
  const machine = await makeMachine(engine, pass(1));
  const before = Array.from({ length: 30 }, () =>
    refusal(engine.startExecution({ stateMachine: machine })),
  );
  await engine.deleteStateMachine(machine);
  const after = Array.from({ length: 30 }, () =>
    refusal(engine.startExecution({ stateMachine: machine })),
  );
  const allowed = [undefined, "StateMachineDoesNotExist", "StateMachineDeleting"];
  for (const code of await Promise.all(before)) expect(allowed).toContain(code);
  for (const code of await Promise.all(after)) expect(code).toBe("StateMachineDoesNotExist");
});

test("an input over the limit, or that is not JSON, is refused before anything is written", async () => {
  expect(
    await refusal(
      engine.startExecution({ stateMachine: waiting, input: `"${"x".repeat(262_143)}"` }),
    ),
  ).toBe("InvalidExecutionInput");
  expect(await refusal(engine.startExecution({ stateMachine: waiting, input: "{" }))).toBe(
    "InvalidExecutionInput",
  );
  expect(await refusal(engine.startExecution({ stateMachine: waiting, input: '"\\u0000"' }))).toBe(
    "InvalidExecutionInput",
  );
  const { execution } = await engine.startExecution({
    stateMachine: waiting,
    input: `"${"x".repeat(262_142)}"`,
  });
  expect(execution.input).toHaveLength(262_144);
});
