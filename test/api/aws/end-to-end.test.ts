import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createEngine, type RunningEngine } from "../../../server/engine/create-engine.ts";
import { silentLog } from "../../../server/observe/log.ts";
import type { Store } from "../../../server/store/open-store.ts";
import { testConfig, TestAwsDoor } from "../../support/aws-door.ts";
import { createTestStore } from "../../support/database.ts";

let store: Store;
let engine: RunningEngine;
let door: TestAwsDoor;

beforeAll(async () => {
  store = await createTestStore();
  engine = await createEngine({ store, config: testConfig, log: silentLog, version: "0" });
  await engine.start();
  door = await TestAwsDoor.open(engine);
});

afterAll(async () => {
  await door.close();
  await engine.close();
  await store.close();
});

type Answer = Readonly<Record<string, unknown>>;

const roleArn = "arn:aws:iam::000000000000:role/any";
const prefix = "arn:aws:states:us-east-1:000000000000";

async function ok(operation: string, body: object): Promise<Answer> {
  const answer = await door.call(operation, body);
  expect(answer.body).not.toHaveProperty("__type");
  return answer.body;
}

async function createMachine(name: string, states: object, type = "STANDARD"): Promise<string> {
  const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states });
  const { stateMachineArn } = await ok("CreateStateMachine", { name, definition, roleArn, type });
  return String(stateMachineArn);
}

async function closed(executionArn: string): Promise<Answer> {
  return vi.waitFor(
    async () => {
      const execution = await ok("DescribeExecution", { executionArn });
      expect(execution["status"]).not.toBe("RUNNING");
      return execution;
    },
    { timeout: 10_000 },
  );
}

test("a worker of the AWS API serves an activity, a function and a bare name", async () => {
  await ok("CreateActivity", { name: "review" });
  const resources = [
    `${prefix}:activity:review`,
    "arn:aws:lambda:us-east-1:000000000000:function:charge",
    "process:order",
  ];
  const states = Object.fromEntries(
    resources.map((Resource, n) => [
      `S${n}`,
      { Type: "Task", Resource, ...(n < 2 ? { Next: `S${n + 1}` } : { End: true }) },
    ]),
  );
  const stateMachineArn = await createMachine("orders", states);
  const { executionArn } = await ok("StartExecution", { stateMachineArn, input: '{"n":0}' });
  for (const [n, activityArn] of resources.entries()) {
    const { taskToken, input } = await ok("GetActivityTask", { activityArn, workerName: "me" });
    expect(input).toBe(`{"n":${n}}`);
    await ok("SendTaskHeartbeat", { taskToken });
    await ok("SendTaskSuccess", { taskToken, output: `{"n":${n + 1}}` });
  }
  expect(await closed(String(executionArn))).toMatchObject({
    status: "SUCCEEDED",
    output: '{"n":3}',
  });

  const { events } = await ok("GetExecutionHistory", { executionArn });
  expect((events as { type: string }[]).map(({ type }) => type)).toEqual([
    "ExecutionStarted",
    "TaskStateEntered",
    "ActivityScheduled",
    "ActivityStarted",
    "ActivitySucceeded",
    "TaskStateExited",
    "TaskStateEntered",
    "LambdaFunctionScheduled",
    "LambdaFunctionStarted",
    "LambdaFunctionSucceeded",
    "TaskStateExited",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
  ]);
  expect((events as object[])[3]).toMatchObject({
    activityStartedEventDetails: { workerName: "me" },
  });
});

test("pages of a list and of a history end, and a token of another list is refused", async () => {
  const stateMachineArn = await createMachine("pages", { A: { Type: "Pass", End: true } });
  const arns = [];
  for (const name of ["one", "two", "three"]) {
    arns.push((await ok("StartExecution", { stateMachineArn, name }))["executionArn"]);
  }
  const first = await ok("ListExecutions", { stateMachineArn, maxResults: 2 });
  const second = await ok("ListExecutions", {
    stateMachineArn,
    maxResults: 2,
    nextToken: first["nextToken"],
  });
  const listed = [first, second].flatMap(
    ({ executions }) => executions as { executionArn: string }[],
  );
  expect(listed.map(({ executionArn }) => executionArn)).toEqual(arns.toReversed());
  expect(second).not.toHaveProperty("nextToken");
  expect(await door.refusal("ListActivities", { nextToken: first["nextToken"] })).toBe(
    "InvalidToken: Invalid Token: 'Invalid token'",
  );

  const { executionArn } = listed[0]!;
  await closed(executionArn);
  const page = await ok("GetExecutionHistory", { executionArn, maxResults: 3, reverseOrder: true });
  expect(page["events"]).toMatchObject([{ id: 4 }, { id: 3 }, { id: 2 }]);
  expect(
    await ok("GetExecutionHistory", {
      executionArn,
      maxResults: 3,
      reverseOrder: true,
      nextToken: page["nextToken"],
    }),
  ).toMatchObject({ events: [{ id: 1, previousEventId: 0 }] });
});

test("a client that stops polling takes no task with it", async () => {
  const stateMachineArn = await createMachine("left", {
    A: { Type: "Task", Resource: "left:work", End: true },
  });
  for (let round = 0; round < 5; round += 1) {
    const client = new AbortController();
    const poll = door
      .call("GetActivityTask", { activityArn: "left:work" }, { signal: client.signal })
      .catch(() => "gone");
    await sleep(20);
    client.abort();
    const { executionArn } = await ok("StartExecution", { stateMachineArn });
    expect(await poll).toBe("gone");
    const { taskToken } = await ok("GetActivityTask", { activityArn: "left:work" });
    await ok("SendTaskSuccess", { taskToken, output: "1" });
    expect(await closed(String(executionArn))).toMatchObject({ status: "SUCCEEDED" });
  }
});

test("a task token that was changed in one character is refused", async () => {
  const stateMachineArn = await createMachine("token", {
    A: { Type: "Task", Resource: "token:work", End: true },
  });
  await ok("StartExecution", { stateMachineArn });
  const { taskToken } = await ok("GetActivityTask", { activityArn: "token:work" });
  const text = String(taskToken);
  const forged = `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
  expect(await door.refusal("SendTaskSuccess", { taskToken: forged, output: "1" })).toBe(
    "InvalidToken: Invalid Token: 'Invalid token'",
  );
  await ok("SendTaskSuccess", { taskToken, output: "1" });
});

test("StartSyncExecution answers with the output of an EXPRESS machine", async () => {
  const stateMachineArn = await createMachine(
    "quick",
    { A: { Type: "Pass", Result: 3, End: true } },
    "EXPRESS",
  );
  const answer = await ok("StartSyncExecution", { stateMachineArn, input: "1" });
  expect(answer).toMatchObject({ status: "SUCCEEDED", input: "1", output: "3", stateMachineArn });
  expect(answer["executionArn"]).toMatch(/:express:quick:[^:]+:[^:]+$/);
});

test("an update gives a revision, the same update gives it again, and a running execution keeps its own", async () => {
  const states = { A: { Type: "Task", Resource: "update:work", End: true } };
  const stateMachineArn = await createMachine("update", states);
  const { executionArn } = await ok("StartExecution", { stateMachineArn });
  expect(await ok("DescribeStateMachine", { stateMachineArn })).not.toHaveProperty("revisionId");
  const definition = '{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}';
  const first = await ok("UpdateStateMachine", { stateMachineArn, definition });
  expect(await ok("UpdateStateMachine", { stateMachineArn, definition })).toEqual(first);
  expect(await ok("DescribeStateMachine", { stateMachineArn })).toMatchObject({
    definition,
    revisionId: first["revisionId"],
  });
  const running = await ok("DescribeStateMachineForExecution", { executionArn });
  expect(JSON.parse(String(running["definition"]))).toEqual({ StartAt: "A", States: states });
  expect(running).not.toHaveProperty("revisionId");
});
