import { afterEach, beforeEach, expect, test } from "vitest";
import type { HistoryEvent } from "../../../server/asl/index.ts";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine } from "../../support/fake-engine.ts";

let engine: ReturnType<typeof fakeEngine>;
let door: TestAwsDoor;

beforeEach(async () => {
  engine = fakeEngine();
  door = await TestAwsDoor.open(engine);
});
afterEach(() => door.close());

const executionArn = "arn:aws:states:us-east-1:000000000000:execution:orders:one";
const history = async (fields: object = {}) =>
  (await door.call("GetExecutionHistory", { executionArn, ...fields })).body;
const event = (type: HistoryEvent["type"], details?: HistoryEvent["details"]): HistoryEvent => ({
  id: engine.history.length + 1,
  previousEventId: engine.history.length,
  timestampMs: 1_700_000_000_456,
  type,
  ...(details !== undefined && { details }),
  stateName: "A",
  attempt: 1,
});

test.each([
  [
    "TaskStateEntered",
    "stateEnteredEventDetails",
    { name: "A", input: "1" },
    { name: "A", input: "1", inputDetails: { truncated: false } },
  ],
  [
    "FailStateEntered",
    "stateEnteredEventDetails",
    { name: "A", input: "1" },
    { name: "A", input: "1", inputDetails: { truncated: false } },
  ],
  [
    "PassStateExited",
    "stateExitedEventDetails",
    { name: "A", output: "1" },
    { name: "A", output: "1", outputDetails: { truncated: false } },
  ],
  [
    "ExecutionStarted",
    "executionStartedEventDetails",
    { input: "1", roleArn: "r" },
    { input: "1", roleArn: "r", inputDetails: { truncated: false } },
  ],
  [
    "LambdaFunctionScheduled",
    "lambdaFunctionScheduledEventDetails",
    { resource: "r", input: "1" },
    { resource: "r", input: "1", inputDetails: { truncated: false } },
  ],
  [
    "ActivityTimedOut",
    "activityTimedOutEventDetails",
    { error: "States.Timeout" },
    { error: "States.Timeout" },
  ],
  ["MapStateStarted", "mapStateStartedEventDetails", { length: 3 }, { length: 3 }],
  [
    "MapIterationStarted",
    "mapIterationStartedEventDetails",
    { name: "M", index: 0 },
    { name: "M", index: 0 },
  ],
  [
    "TaskScheduled",
    "taskScheduledEventDetails",
    { parameters: "{}", resource: "invoke" },
    { parameters: "{}", resource: "invoke" },
  ],
] as const)("details of %s are in %s", async (type, key, details, shown) => {
  engine.history.push(event(type, details));
  expect(await history()).toEqual({
    events: [{ id: 1, previousEventId: 0, timestamp: 1_700_000_000.456, type, [key]: shown }],
  });
});

test("an event without details has no details member", async () => {
  engine.history.push(event("ParallelStateStarted"));
  expect(await history()).toEqual({
    events: [
      { id: 1, previousEventId: 0, timestamp: 1_700_000_000.456, type: "ParallelStateStarted" },
    ],
  });
});

test("includeExecutionData=false drops payloads and keeps names, errors and causes", async () => {
  engine.history.push(
    event("ExecutionStarted", { input: "1", roleArn: "r" }),
    event("TaskScheduled", { parameters: "{}", resource: "invoke" }),
    event("TaskFailed", { error: "E", cause: "C", resource: "invoke" }),
  );
  expect((await history({ includeExecutionData: false }))["events"]).toMatchObject([
    { executionStartedEventDetails: { roleArn: "r" } },
    { taskScheduledEventDetails: { resource: "invoke" } },
    { taskFailedEventDetails: { error: "E", cause: "C", resource: "invoke" } },
  ]);
  expect(JSON.stringify(await history({ includeExecutionData: false }))).not.toMatch(
    /"input"|inputDetails|parameters/,
  );
});

test("pages and order are the engine's", async () => {
  for (const type of ["ExecutionStarted", "PassStateEntered", "PassStateExited"] as const)
    engine.history.push(event(type));
  const first = await history({ maxResults: 2, reverseOrder: true });
  expect(first["events"]).toMatchObject([{ id: 3 }, { id: 2 }]);
  const second = await history({
    maxResults: 2,
    reverseOrder: true,
    nextToken: first["nextToken"],
  });
  expect(second["events"]).toMatchObject([{ id: 1 }]);
  expect(second).not.toHaveProperty("nextToken");
});

test("a pause is left out: AWS has none", async () => {
  for (const type of ["ExecutionStarted", "ExecutionPaused", "ExecutionResumed"] as const)
    engine.history.push(event(type, {}));
  engine.history.push(event("PassStateEntered", { name: "A" }));
  const { events } = (await history()) as { events: { type: string; id: number }[] };
  expect(events.map(({ type, id }) => [type, id])).toEqual([
    ["ExecutionStarted", 1],
    ["PassStateEntered", 4],
  ]);
});
