import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EngineError } from "../../server/engine/errors.ts";
import { ExecutionService } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { ExecutionStatus } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import {
  StateMachineService,
  TaskLossPolicy,
} from "../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { refused, startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
let machines: TestClient<typeof StateMachineService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
  machines = api.client(StateMachineService);
});
afterEach(() => api[Symbol.asyncDispose]());

const definition = `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`;

test("a paused execution is PAUSED, and says since when, by whom and why", async () => {
  await machines.call("createStateMachine", { stateMachine: { name: "m", definition } });
  const { execution } = await api.engine.startExecution({ stateMachine: "m" });
  const pause = { timeMs: 5_000, operator: "ada", reason: "why" };
  const paused = vi.spyOn(api.engine, "pauseExecution");
  paused.mockResolvedValue({ ...execution, status: "RUNNING", pause });
  const request = { execution: "x", operator: "ada", reason: "why" };
  expect(await client.call("pauseExecution", request)).toMatchObject({
    execution: {
      status: ExecutionStatus.PAUSED,
      pause: { principal: "ada", reason: "why", time: { seconds: 5n } },
    },
  });
  expect(paused).toHaveBeenCalledWith("x", { operator: "ada", reason: "why" });
});

test("resuming what has closed is FAILED_PRECONDITION", async () => {
  const text = "execution x is FAILED and can not be resumed";
  const refusal = new EngineError("ExecutionNotRunning", text);
  vi.spyOn(api.engine, "resumeExecution").mockRejectedValue(refusal);
  const answer = await refused(client.call("resumeExecution", { execution: "x" }));
  expect(answer).toMatchObject({ code: 9, message: text });
});

test.each([
  [{}, "execution"],
  [{ execution: "x", operator: "o".repeat(1_025) }, "operator"],
  [{ execution: "x", reason: "r".repeat(1_025) }, "reason"],
])("a pause is refused for its %#th fault", async (request, field) => {
  const refusal = await refused(client.call("pauseExecution", request));
  expect(refusal).toMatchObject({ code: 3, violations: [field] });
});

test.each([
  ["RUNNING", { status: "RUNNING", isPaused: false }],
  ["PAUSED", { status: "RUNNING", isPaused: true }],
  ["FAILED", { status: "FAILED" }],
])("the filter status = %s asks for %j", async (status, asked) => {
  await client.call("listExecutions", { page: { filter: `status = ${status}` } });
  expect(api.engine.listed.at(-1)).toMatchObject(asked);
});

test("links are not told apart by whether their source is paused", async () => {
  const page = { filter: "source_status = PAUSED" };
  const refusal = await refused(client.call("listExecutionLinks", { page }));
  expect(refusal).toMatchObject({ code: 3, reason: "FILTER" });
});

test("what becomes of lost tasks changes in place, and what is not named stays", async () => {
  const change = vi.spyOn(api.engine, "changeRecovery").mockResolvedValue(undefined);
  const name = "lossy";
  const onTaskLost = TaskLossPolicy.PAUSE;
  await machines.call("createStateMachine", {
    stateMachine: { name, definition, onTaskLost, maxTaskDeliveries: 3 },
  });
  const present = await api.engine.describeStateMachine(name);
  vi.spyOn(api.engine, "updateStateMachine").mockResolvedValue({
    stateMachine: { ...present, onTaskLost: "PAUSE", maxTaskDeliveries: 3 },
    warnings: [],
  });
  const update = (stateMachine: object, ...paths: string[]) =>
    machines.call("updateStateMachine", {
      stateMachine: { name, ...stateMachine },
      ...(paths.length > 0 && { updateMask: { paths } }),
    });
  await update({ onTaskLost: TaskLossPolicy.SKIP });
  await update({ maxTaskDeliveries: 5 }, "max_task_deliveries");
  await update({ onTaskLost: TaskLossPolicy.REDELIVER });
  await update({}, "max_task_deliveries");
  await update({ description: "d" });
  expect(change.mock.calls.map(([, recovery]) => recovery)).toEqual([
    { onTaskLost: "PAUSE", maxTaskDeliveries: 3 },
    { onTaskLost: "SKIP", maxTaskDeliveries: 3 },
    { onTaskLost: "PAUSE", maxTaskDeliveries: 5 },
    {},
    { onTaskLost: "PAUSE" },
  ]);
});
