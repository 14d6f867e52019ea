import { afterEach, beforeEach, expect, test } from "vitest";
import {
  InspectionLevel,
  MockValidation,
  StateMachineService,
  TestStateStatus,
} from "../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { refused, startApi, type TestServer } from "../support/api-server.ts";

let api: TestServer;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api[Symbol.asyncDispose]());

test("a test of a state says what was given, and nothing of what was not", async () => {
  const client = api.client(StateMachineService);
  await client.call("testState", { definition: "{}" });
  expect(api.engine.tests.at(-1)).toEqual({ definition: "{}", configuration: {} });
  await client.call("testState", {
    definition: "{}",
    stateName: "A",
    mock: { outcome: { case: "result", value: "1" }, validation: MockValidation.NONE },
    retrierRetryCount: 2,
  });
  expect(api.engine.tests.at(-1)).toEqual({
    definition: "{}",
    stateName: "A",
    mock: { result: "1", fieldValidationMode: "NONE" },
    configuration: { retrierRetryCount: 2 },
  });
  await client.call("testState", {
    definition: "{}",
    mock: { outcome: { case: "error", value: { error: "E", cause: "" } } },
  });
  expect(api.engine.tests.at(-1)).toMatchObject({ mock: { errorOutput: { error: "E" } } });
});

test("the data between the steps is shown from DEBUG on, as JSON texts", async () => {
  api.engine.tested = {
    status: "CAUGHT_ERROR",
    output: "1",
    nextState: "B",
    failure: { error: "E" },
    inspection: { input: "{}", errorDetails: { catchIndex: 0 }, variables: '{"a":1}' },
  };
  const client = api.client(StateMachineService);
  const call = (inspectionLevel: InspectionLevel) =>
    client.call("testState", { definition: "{}", inspectionLevel });
  expect(await call(InspectionLevel.DEBUG)).toMatchObject({
    status: TestStateStatus.CAUGHT_ERROR,
    output: "1",
    nextState: "B",
    error: { error: "E", cause: "" },
    inspection: { input: "{}", errorDetails: '{"catchIndex":0}' },
    variables: '{"a":1}',
  });
  expect((await call(InspectionLevel.UNSPECIFIED)).inspection).toEqual({});
});

test("the form of a request is checked", async () => {
  const client = api.client(StateMachineService);
  expect(await refused(client.call("testState", {}))).toMatchObject({ reason: "FIELD_REQUIRED" });
  const negative = client.call("testState", { definition: "{}", retrierRetryCount: -1 });
  expect(await refused(negative)).toMatchObject({ reason: "OUT_OF_RANGE" });
  expect(await refused(client.call("getDefinitionGraph", {}))).toMatchObject({
    reason: "FIELD_REQUIRED",
  });
});

test("a graph has its nodes and edges", async () => {
  const client = api.client(StateMachineService);
  const definition = '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"r","End":true}}}';
  const source = { case: "definition" as const, value: definition };
  const { nodes, edges } = await client.call("getDefinitionGraph", { source });
  expect(nodes).toMatchObject([
    { id: "/StartAt" },
    { id: "/States/A", type: "Task", resource: "r", parent: "" },
    { id: "/End" },
  ]);
  expect(edges).toMatchObject([
    { source: "/StartAt", target: "/States/A", kind: "next" },
    { source: "/States/A", target: "/End", kind: "next" },
  ]);
});
