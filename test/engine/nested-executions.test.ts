import { afterEach, beforeEach, expect, test } from "vitest";
import type { Execution } from "../../server/engine/engine.ts";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
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
beforeEach(async () => {
  engines = await createEngines();
});
afterEach(() => engines.close());

const nested = "arn:aws:states:::states:startExecution";
const pass = (Result: unknown): object => ({
  StartAt: "P",
  States: { P: { Type: "Pass", Result, End: true } },
});

async function parentOf(
  engine: TestEngine,
  child: string,
  resource: string,
  more: object = {},
): Promise<string> {
  const Parameters = { StateMachineArn: child, "Input.$": "$" };
  return makeMachine(engine, oneTask(resource, { Parameters, ...more }));
}

const childrenOf = async (
  engine: TestEngine,
  stateMachine: string,
): Promise<readonly Execution[]> => (await engine.listExecutions({ stateMachine })).items;

test.each([
  { suffix: "", at: "ExecutionArn", is: expect.stringContaining("arn:aws:states:") },
  { suffix: ".sync", at: "Output", is: '{"done":true}' },
  { suffix: ".sync:2", at: "Output", is: { done: true } },
])("startExecution$suffix answers as AWS does, and the child knows its parent", async (row) => {
  const engine = await engines.open();
  const child = await makeMachine(engine, pass({ done: true }));
  const stateMachine = await parentOf(engine, child, nested + row.suffix);
  const { execution } = await engine.startExecution({ stateMachine, input: '{"a":1}' });
  const end = await endOf(engine, execution.id);
  expect(JSON.parse(end.output!)[row.at]).toEqual(row.is);
  const types = (await historyOf(engine.store, end.id)).map(({ type }) => type);
  expect(types.includes("TaskSubmitted")).toBe(row.suffix !== "");
  const [found] = await childrenOf(engine, child);
  expect(found?.parent).toEqual({ executionArn: end.arn, stateName: "Work" });
  expect((await engine.describeExecution(found!.id)).input).toBe('{"a":1}');
});

test("a child whose parent was stopped by a server that died before it could stop the child is stopped", async () => {
  const engine = await engines.open();
  const other = await engines.open();
  const child = await makeMachine(engine, {
    StartAt: "W",
    States: { W: { Type: "Wait", Seconds: 600, End: true } },
  });
  const stateMachine = await parentOf(engine, child, `${nested}.sync`);
  const { execution } = await engine.startExecution({ stateMachine });
  const { id } = await until(async () => (await childrenOf(engine, child))[0]);
  await until(async () => (await historyOf(engine.store, execution.id)).length === 5);
  await engine.crash();
  await other.stopExecution(execution.id, {});
  expect((await endOf(other, id)).status).toBe("ABORTED");
});

test("a child that fails is the task's States.TaskFailed, with its description as the cause", async () => {
  const engine = await engines.open();
  const child = await makeMachine(engine, {
    StartAt: "F",
    States: { F: { Type: "Fail", Error: "Bad", Cause: "luck" } },
  });
  const { execution } = await engine.startExecution({
    stateMachine: await parentOf(engine, child, `${nested}.sync:2`),
  });
  const { failure } = await endOf(engine, execution.id);
  expect(failure?.error).toBe("States.TaskFailed");
  expect(JSON.parse(failure!.cause!)).toMatchObject({ Error: "Bad", Cause: "luck", Input: "{}" });
});

test.each([
  [
    nested,
    /^StepFunctions\.StateMachineDoesNotExistException$/,
    /Status Code: 400; Error Code: StateMachineDoesNotExist;/,
  ],
  [
    "arn:aws:states:::aws-sdk:sfn:startExecution",
    /^Sfn\.StateMachineDoesNotExistException$/,
    /Service: Sfn, Status Code: 400/,
  ],
])("%s of a machine that is not there fails in AWS's words", async (resource, error, cause) => {
  const engine = await engines.open();
  const stateMachine = await parentOf(engine, "nothing", resource);
  const { failure } = await endOf(
    engine,
    (await engine.startExecution({ stateMachine })).execution.id,
  );
  expect(failure?.error).toMatch(error);
  expect(failure?.cause).toMatch(cause);
});

test("a parent that is stopped stops its child; one that was told of an end by token leaves it", async () => {
  const engine = await engines.open();
  const child = await makeMachine(engine, oneTask("nobody"));
  const stateMachine = await parentOf(engine, child, `${nested}.sync`, {
    Parameters: { StateMachineArn: child, Input: { "token.$": "$$.Task.Token" } },
  });
  const stopped = await engine.startExecution({ stateMachine });
  const [first] = await until(async () => {
    const found = await childrenOf(engine, child);
    return found.length > 0 && found;
  });
  await engine.stopExecution(stopped.execution.id, {});
  expect((await endOf(engine, first!.id)).status).toBe("ABORTED");

  const answered = await engine.startExecution({ stateMachine });
  const second = await until(async () =>
    (await childrenOf(engine, child)).find(({ status }) => status === "RUNNING"),
  );
  const { token } = JSON.parse((await engine.describeExecution(second.id)).input!);
  const taskToken = new Uint8Array(Buffer.from(token, "base64url"));
  await engine.reportTasks([{ taskToken, result: succeed("early") }]);
  expect((await endOf(engine, answered.execution.id)).output).toBe('"early"');
  expect((await engine.describeExecution(second.id)).status).toBe("RUNNING");
  await engine.stopExecution(second.id, {});
});

test("a server that dies leaves its nested executions to another, which finds the child that was begun", async () => {
  const one = await engines.open();
  const two = await engines.open();
  const child = await makeMachine(one, oneTask("inner"));
  const stateMachine = await parentOf(one, child, `${nested}.sync`);
  const { execution } = await one.startExecution({ stateMachine });
  await until(async () => (await childrenOf(one, child)).length > 0);
  await one.crash();
  const crashedAt = performance.now();
  await EngineWorker.open(two, ["inner"], { work: () => succeed("inside") });
  const end = await endOf(two, execution.id);
  expect(performance.now() - crashedAt).toBeLessThan(9_000);
  expect(JSON.parse(end.output!)).toMatchObject({ Output: '"inside"' });
  expect(await childrenOf(two, child)).toHaveLength(1);
  const types = (await historyOf(two.store, end.id)).map(({ type }) => type);
  expect(types.filter((type) => type === "TaskSubmitted")).toHaveLength(1);
});

test("a server that drains hands its nested executions over at once", async () => {
  const one = await engines.open();
  const two = await engines.open();
  const child = await makeMachine(one, oneTask("inner"));
  const { execution } = await one.startExecution({
    stateMachine: await parentOf(one, child, `${nested}.sync`),
  });
  await until(async () => (await childrenOf(one, child)).length > 0);
  await one.drain();
  await one.shutDown();
  await EngineWorker.open(two, ["inner"], { work: () => succeed("inside") });
  expect((await endOf(two, execution.id)).status).toBe("SUCCEEDED");
  expect(await childrenOf(two, child)).toHaveLength(1);
});

test("no other worker is given what Pawl does itself, and its own worker is not among the workers", async () => {
  const engine = await engines.open();
  const greedy = await EngineWorker.open(engine, ["*", "states:startExecution"]);
  const child = await makeMachine(engine, pass(1));
  const stateMachine = await parentOf(engine, child, nested);
  const { execution } = await engine.startExecution({ stateMachine });
  expect((await endOf(engine, execution.id)).status).toBe("SUCCEEDED");
  expect(greedy.tasks).toEqual([]);
  expect((await engine.listWorkers({})).items).toHaveLength(1);
});

test("Step Functions' own API is called by tasks", async () => {
  const engine = await engines.open();
  const call = (action: string, Arguments: object, more: object = {}): object => ({
    Type: "Task",
    Resource: `arn:aws:states:::aws-sdk:sfn:${action}`,
    Arguments,
    ...more,
  });
  const asking = await makeMachine(engine, {
    QueryLanguage: "JSONata",
    StartAt: "Ask",
    States: {
      Ask: {
        Type: "Task",
        Resource: `${nested}.waitForTaskToken`,
        Arguments: {
          StateMachineArn: await makeMachine(engine, {
            QueryLanguage: "JSONata",
            StartAt: "Beat",
            States: {
              Beat: call(
                "sendTaskHeartbeat",
                { TaskToken: "{% $states.input.token %}" },
                {
                  Output: "{% $states.input %}",
                  Next: "Answer",
                },
              ),
              Answer: call(
                "sendTaskSuccess",
                {
                  TaskToken: "{% $states.input.token %}",
                  Output: { from: "child" },
                },
                { End: true },
              ),
            },
          }),
          Input: { token: "{% $states.context.Task.Token %}" },
        },
        End: true,
      },
    },
  });
  const { execution } = await engine.startExecution({ stateMachine: asking });
  expect(await endOf(engine, execution.id)).toMatchObject({
    status: "SUCCEEDED",
    output: '{"from":"child"}',
  });
});

test("EXPRESS executions may share a name; each has an ARN of its own and ends after five minutes", async () => {
  const engine = await engines.open();
  const name = "express-names";
  await engine.createStateMachine({
    name,
    type: "EXPRESS",
    definition: JSON.stringify(pass({ quick: true })),
  });
  const start = async (): Promise<Execution> =>
    (await engine.startExecution({ stateMachine: name, name: "same" })).execution;
  const [first, second] = [await start(), await start()];
  expect(first.id).not.toBe(second.id);
  expect(first.arn).toMatch(/:express:express-names:same:[0-9a-f-]{36}$/);
  expect((await engine.describeExecution(first.arn)).id).toBe(first.id);
  expect((await engine.listExecutions({ stateMachine: name, name: "same" })).items).toHaveLength(2);

  await engine.createStateMachine({
    name: "express-waits",
    type: "EXPRESS",
    definition: JSON.stringify({ ...oneTask("nobody"), TimeoutSeconds: 3_600 }),
  });
  const { execution } = await engine.startExecution({ stateMachine: "express-waits" });
  const { rows } = await engine.store.pool.query(
    "select extract(epoch from deadline_at - started_at)::float8 as seconds from executions where id = $1",
    [execution.id],
  );
  expect(rows).toEqual([{ seconds: 300 }]);
  await engine.stopExecution(execution.id, {});
});
