import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EngineError } from "../../server/engine/errors.ts";
import { ExecutionService } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { StateMachineService } from "../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { refused, startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
});
afterEach(() => api[Symbol.asyncDispose]());

test("a count hands its filter on, with the default limit", async () => {
  const count = vi.spyOn(api.engine, "countExecutions");
  count.mockResolvedValue({ count: 50_000, isLimited: true });
  const filter = `error = "E" AND current_state = "Pay" AND end_time > "2026-01-01T00:00:00Z" AND end_time < "2026-01-02T00:00:00Z"`;
  expect(await client.call("countExecutions", { filter })).toMatchObject({
    count: 50_000n,
    limited: true,
  });
  const asked = {
    error: "E",
    currentState: "Pay",
    endedAfterMs: Date.UTC(2026, 0, 1),
    endedBeforeMs: Date.UTC(2026, 0, 2),
  };
  expect(count).toHaveBeenCalledWith(asked, 50_000);
});

test("statistics are rows of named groups; a group that has not closed anything has no durations", async () => {
  const statistics = vi.spyOn(api.engine, "executionStatistics");
  const durations = { minMs: 1, avgMs: 2, p50Ms: 2, p95Ms: 3, p99Ms: 3, maxMs: 1500 };
  statistics.mockResolvedValue({
    asOfMs: 9_000,
    rows: [
      {
        keys: ["FAILED", "a"],
        bucketAtMs: 3_600_000,
        count: 2,
        firstMs: 1_000,
        lastMs: 2_000,
        durations,
      },
      { keys: ["RUNNING", ""], count: 1, firstMs: 1_000, lastMs: 1_000 },
    ],
  });
  const answer = await client.call("getExecutionStatistics", {
    filter: `state_machine = "orders"`,
    startTime: { seconds: 1n },
    endTime: { seconds: 2n, nanos: 500_000_000 },
    bucket: { seconds: 3_600n },
    groupBy: ["status", "labels.tenant"],
  });
  expect(statistics).toHaveBeenCalledWith({
    filter: { stateMachine: "orders" },
    fromMs: 1_000,
    toMs: 2_500,
    bucketMs: 3_600_000,
    groupBy: ["status", "labels.tenant"],
  });
  expect(answer.asOf).toMatchObject({ seconds: 9n });
  expect(answer.rows).toMatchObject([
    {
      group: { status: "FAILED", "labels.tenant": "a" },
      bucketStart: { seconds: 3_600n },
      count: 2n,
      max: { seconds: 1n, nanos: 500_000_000 },
    },
    { group: { status: "RUNNING", "labels.tenant": "" }, count: 1n },
  ]);
  expect(answer.rows[1]!.max).toBeUndefined();
});

test.each([
  ["group_by", { groupBy: ["colour"] }, "GROUP_BY"],
  ["group_by", { groupBy: ["labels."] }, "GROUP_BY"],
  ["group_by", { groupBy: Array.from({ length: 5 }, () => "status") }, "TOO_MANY"],
  ["bucket", { bucket: { seconds: -1n } }, "DURATION_RANGE"],
  ["start_time", { startTime: { nanos: -1 } }, "TIMESTAMP_RANGE"],
  ["filter", { filter: "status = NOPE" }, "FILTER"],
])("statistics with a wrong %s are refused", async (field, request, reason) => {
  const refusal = await refused(client.call("getExecutionStatistics", request));
  expect(refusal).toMatchObject({ code: 3, reason, violations: [field] });
});

test.each(["TOO_MANY_ROWS", "TOO_MANY_EXECUTIONS"])(
  "statistics refused for %s are not to be tried again",
  async (reason) => {
    const statistics = vi.spyOn(api.engine, "executionStatistics");
    statistics.mockRejectedValue(new EngineError("ResourceExhausted", "too many", { reason }));
    const refusal = await refused(client.call("getExecutionStatistics", {}));
    expect(refusal).toMatchObject({ code: 9, reason });
    expect(refusal.details).not.toContain("RetryInfo");
  },
);

test("a count above the limit is refused", async () => {
  const refusal = await refused(client.call("countExecutions", { limit: 1_000_001 }));
  expect(refusal).toMatchObject({ code: 3, violations: ["limit"] });
});

test("deleting what runs is FAILED_PRECONDITION; without a name it is refused", async () => {
  const remove = vi.spyOn(api.engine, "deleteExecution");
  remove.mockRejectedValue(
    new EngineError("ConflictException", "execution x is RUNNING; stop it first", {
      reason: "EXECUTION_RUNNING",
    }),
  );
  expect(await refused(client.call("deleteExecution", { execution: "x" }))).toMatchObject({
    code: 9,
    reason: "EXECUTION_RUNNING",
  });
  expect(await refused(client.call("deleteExecution", {}))).toMatchObject({
    code: 3,
    violations: ["execution"],
  });
});

test("a retention changes in place where the mask names it, and ends where it is named and absent", async () => {
  const change = vi.spyOn(api.engine, "changeRetention");
  change.mockResolvedValue(undefined);
  const machines = api.client(StateMachineService);
  const name = "retained";
  const definition = `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`;
  await machines.call("createStateMachine", {
    stateMachine: { name, definition, retention: { seconds: 60n } },
  });
  const updateMask = { paths: ["retention"] };
  await machines.call("updateStateMachine", { stateMachine: { name }, updateMask });
  await machines.call("updateStateMachine", { stateMachine: { name, description: "d" } });
  expect(change.mock.calls).toEqual([
    [name, 60],
    [name, undefined],
  ]);
});
