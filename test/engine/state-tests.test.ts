import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import { createEngines, until } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

const never = new AbortController().signal;
const taskOf = (resource: string, fields: object = {}): string =>
  JSON.stringify({ Type: "Task", Resource: resource, End: true, ...fields });

test("a Task without a mock is done by a worker, and nothing of it stays", async () => {
  const worker = await EngineWorker.open(engine, ["tested"], {
    work: (task) => succeed({ got: JSON.parse(task.input) }),
  });
  const definition = taskOf("arn:aws:states:::lambda:invoke", {
    Parameters: { FunctionName: "tested", "Payload.$": "$.a" },
    OutputPath: "$.Payload",
  });
  const tested = await engine.testState({ definition, input: '{"a":7}' }, never);
  expect(tested).toMatchObject({ status: "SUCCEEDED", output: '{"got":7}' });
  expect((await engine.listStateMachines({})).items).toEqual([]);
  worker.session.close(true);
});

test("the Task's own Retry and Catch decide about the worker's failure", async () => {
  const worker = await EngineWorker.open(engine, ["failing"], { work: () => failWith("Oops") });
  const definition = taskOf("failing", { Catch: [{ ErrorEquals: ["Oops"], Next: "Mend" }] });
  expect(await engine.testState({ definition }, never)).toMatchObject({
    status: "CAUGHT_ERROR",
    nextState: "Mend",
  });
  expect(worker.tasks).toHaveLength(1);
  worker.session.close(true);
});

test("when nobody waits for the answer any more, the worker's task is withdrawn", async () => {
  const worker = await EngineWorker.open(engine, ["slow"]);
  const caller = new AbortController();
  const tested = engine.testState({ definition: taskOf("slow") }, caller.signal);
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  caller.abort();
  expect(await tested).toMatchObject({ status: "FAILED" });
  expect(await until(() => worker.wasCancelled(task))).toBe("EXECUTION_STOPPED");
  worker.session.close(true);
});

test("texts beyond the limits are refused with the field's name", async () => {
  const definition = '{"Type":"Pass","End":true}';
  const variables = `{"a":${"[".repeat(200)}${"]".repeat(200)}}`;
  await expect(engine.testState({ definition, variables }, never)).rejects.toMatchObject({
    code: "ValidationException",
    reason: "NESTING_TOO_DEEP",
    message: expect.stringMatching(/^variables /),
  });
  await expect(engine.testState({ definition, input: "{" }, never)).rejects.toMatchObject({
    code: "InvalidExecutionInput",
  });
});

test("a graph is drawn of a text or of a state machine", async () => {
  const definition = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}';
  await engine.createStateMachine({ name: "drawn", definition });
  const graph = await engine.definitionGraph({ stateMachine: "drawn" });
  expect(graph.nodes.map(({ name }) => name)).toEqual(["Start", "A", "End"]);
  expect(await engine.definitionGraph({ definition })).toEqual(graph);
  await expect(engine.definitionGraph({ definition: "{}" })).rejects.toMatchObject({
    code: "InvalidDefinition",
  });
});
