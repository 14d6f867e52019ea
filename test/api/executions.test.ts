import { Metadata } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PayloadView } from "../../server/gen/pawl/v1/common_pb.ts";
import {
  EventType,
  ExecutionService,
  ExecutionStatus,
  type NameConflictPolicy,
} from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { refused, startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
});
afterEach(() => api[Symbol.asyncDispose]());

const input = (value: string) => ({ case: "input" as const, value });

describe("StartExecution", () => {
  test("answers the execution with its input as it was sent", async () => {
    const { execution, created } = await client.call("startExecution", {
      stateMachine: "orders",
      name: "a",
      inputSource: input(`{"big":9007199254740993}`),
      labels: { tenant: "x" },
    });
    expect(created).toBe(true);
    expect(execution).toMatchObject({
      name: "a",
      stateMachine: "orders",
      status: ExecutionStatus.RUNNING,
      input: `{"big":9007199254740993}`,
      labels: { tenant: "x" },
    });
    expect(execution?.startTime).toMatchObject({ seconds: 1_700_000_000n, nanos: 123_000_000 });
  });

  test("without input the engine is left to choose", async () => {
    await client.call("startExecution", { stateMachine: "orders" });
    expect(api.engine.starts[0]).toEqual({ stateMachine: "orders" });
  });

  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  test.each([
    { name: "the call's traceparent is kept", header: traceparent, field: "", kept: traceparent },
    {
      name: "the request's own wins",
      header: traceparent,
      field: traceparent.replace("0af", "1af"),
      kept: traceparent.replace("0af", "1af"),
    },
    { name: "a malformed header is ignored", header: "00-xyz", field: "", kept: undefined },
    {
      name: "an all-zero header is ignored",
      header: `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
      field: "",
      kept: undefined,
    },
  ])("$name", async ({ header, field, kept }) => {
    const metadata = new Metadata();
    metadata.set("traceparent", header);
    await client.call(
      "startExecution",
      { stateMachine: "orders", trace: { traceparent: field } },
      { metadata },
    );
    expect(api.engine.starts[0]?.trace).toBe(kept);
  });

  test("a request id names an execution that has no name, so that a second send finds it", async () => {
    const request = { stateMachine: "orders", requestId: "0b3e1f6e-9c1a-4f3a-8a53-0a3f9a3a1b11" };
    const first = await client.call("startExecution", request);
    const second = await client.call("startExecution", request);
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.execution?.id).toBe(first.execution?.id);
  });

  test.each([
    { name: "no state machine", request: {}, field: "state_machine", reason: "FIELD_REQUIRED" },
    {
      name: "conflict policy 999",
      request: { stateMachine: "orders", conflictPolicy: 999 as NameConflictPolicy },
      field: "conflict_policy",
      reason: "ENUM_UNKNOWN",
    },
    {
      name: "priority 6",
      request: { stateMachine: "orders", priority: 6 },
      field: "priority",
      reason: "OUT_OF_RANGE",
    },
    {
      name: "start_at in year 10000",
      request: { stateMachine: "orders", startAt: { seconds: 253_402_300_800n } },
      field: "start_at",
      reason: "TIMESTAMP_RANGE",
    },
    {
      name: "start_at with nanos 2e9",
      request: { stateMachine: "orders", startAt: { nanos: 2_000_000_000 } },
      field: "start_at",
      reason: "TIMESTAMP_RANGE",
    },
    {
      name: "a traceparent that is none",
      request: { stateMachine: "orders", trace: { traceparent: "zz" } },
      field: "trace.traceparent",
      reason: "TRACEPARENT",
    },
    {
      name: "a request id that is no UUID",
      request: { stateMachine: "orders", requestId: "1" },
      field: "request_id",
      reason: "REQUEST_ID",
    },
  ])("$name is INVALID_ARGUMENT and names $field", async ({ request, field, reason }) => {
    const refusal = await refused(client.call("startExecution", request));
    expect(refusal).toMatchObject({ code: 3, reason, violations: [field] });
    expect(api.engine.starts).toEqual([]);
  });

  test.each([
    {
      request: { startAt: { seconds: 4_000_000_000n } },
      text: "delayed starts (start_at) are not built yet",
    },
    { request: { priority: 1 }, text: "priorities other than the default 3 are not built yet" },
    {
      request: { mockTestCase: "a#b" },
      text: "mocked test cases (mock_test_case) are not built yet",
    },
  ])("UNIMPLEMENTED: $text", async ({ request, text }) => {
    const refusal = await refused(
      client.call("startExecution", { stateMachine: "orders", ...request }),
    );
    expect(refusal).toMatchObject({ code: 12, message: text });
  });

  test("an unknown machine is NOT_FOUND with its ResourceInfo", async () => {
    const refusal = await refused(client.call("startExecution", { stateMachine: "nope" }));
    expect(refusal).toMatchObject({ code: 5, reason: "STATE_MACHINE_DOES_NOT_EXIST" });
    expect(refusal.details["ResourceInfo"]).toMatchObject({
      resourceType: "StateMachine",
      resourceName: "nope",
    });
  });

  test("the same name with other input is ALREADY_EXISTS and says which execution", async () => {
    const { execution } = await client.call("startExecution", {
      stateMachine: "orders",
      name: "a",
      inputSource: input("1"),
    });
    const refusal = await refused(
      client.call("startExecution", { stateMachine: "orders", name: "a", inputSource: input("2") }),
    );
    expect(refusal).toMatchObject({ code: 6, reason: "EXECUTION_ALREADY_EXISTS" });
    expect(refusal.details["ErrorInfo"]).toMatchObject({
      domain: "pawl.dev",
      metadata: { execution_id: execution?.id },
    });
  });
});

describe("RunExecution", () => {
  test("answers when the execution has closed", async () => {
    const running = client.call("runExecution", { start: { stateMachine: "orders" } });
    await expect.poll(() => api.engine.executions.size).toBe(1);
    api.engine.finish("exec-0", `{"done":1}`);
    expect((await running).execution).toMatchObject({
      status: ExecutionStatus.SUCCEEDED,
      output: `{"done":1}`,
    });
  });

  test("the deadline ends the wait and not the execution", async () => {
    const refusal = await refused(
      client.call("runExecution", { start: { stateMachine: "orders" } }, { deadlineMs: 100 }),
    );
    expect(refusal.code).toBe(4);
    expect(api.engine.executions.get("exec-0")?.execution.status).toBe("RUNNING");
    await expect.poll(() => api.engine.executions.get("exec-0")?.changed.size).toBe(0);
  });
});

describe("reading", () => {
  test.each([
    { view: PayloadView.UNSPECIFIED, output: "x".repeat(5_000), truncated: false },
    { view: PayloadView.TRUNCATED, output: "x".repeat(4_096), truncated: true },
    { view: PayloadView.NONE, output: "", truncated: false },
  ])("GetExecution shows payloads as view $view asks", async ({ view, output, truncated }) => {
    await client.call("startExecution", { stateMachine: "orders" });
    api.engine.finish("exec-0", "x".repeat(5_000));
    const { execution } = await client.call("getExecution", {
      execution: "exec-0",
      payloadView: view,
    });
    expect(execution).toMatchObject({ output, outputTruncated: truncated });
  });

  test("ListExecutionEvents folds AWS's types and keeps them beside", async () => {
    await client.call("startExecution", { stateMachine: "orders", inputSource: input("1") });
    api.engine.record("exec-0", {
      type: "TaskStateEntered",
      stateName: "Charge",
      within: "/States/Each[3]/",
      details: { name: "Charge", input: `{"a":1}` },
    });
    api.engine.record("exec-0", {
      type: "LambdaFunctionFailed",
      stateName: "Charge",
      attempt: 2,
      details: { error: "Card.Declined", cause: "no" },
    });
    const { events } = await client.call("listExecutionEvents", {
      execution: "exec-0",
      payloadView: PayloadView.FULL,
    });
    expect(events).toMatchObject([
      {
        id: 1n,
        type: EventType.EXECUTION_STARTED,
        awsType: "ExecutionStarted",
        input: "1",
        statePath: "",
      },
      {
        id: 2n,
        previousId: 1n,
        type: EventType.STATE_ENTERED,
        awsType: "TaskStateEntered",
        statePath: "/States/Each[3]/Charge",
        stateType: "Task",
        input: `{"a":1}`,
        details: `{"name":"Charge","input":"{\\"a\\":1}"}`,
      },
      {
        id: 3n,
        type: EventType.TASK_FAILED,
        attempt: 2,
        error: { error: "Card.Declined", cause: "no" },
        statePath: "/States/Charge",
      },
    ]);
    const bare = await client.call("listExecutionEvents", { execution: "exec-0" });
    expect(bare.events[1]).toMatchObject({ input: "", details: `{"name":"Charge"}` });
  });

  test("stop answers the stopped execution, and FAILED_PRECONDITION the second time", async () => {
    await client.call("startExecution", { stateMachine: "orders" });
    const { execution } = await client.call("stopExecution", {
      execution: "exec-0",
      error: { error: "Me", cause: "why" },
    });
    expect(execution).toMatchObject({
      status: ExecutionStatus.ABORTED,
      error: { error: "Me", cause: "why" },
    });
    const refusal = await refused(client.call("stopExecution", { execution: "exec-0" }));
    expect(refusal).toMatchObject({ code: 9, reason: "EXECUTION_NOT_RUNNING" });
    expect(refusal.details).toHaveProperty("PreconditionFailure");
  });

  test("redrive hands the request over, what is empty as absent", async () => {
    await client.call("startExecution", { stateMachine: "orders" });
    const { execution } = await client.call("redriveExecution", {
      execution: "exec-0",
      requestId: "r",
      fromState: "Pay",
      inputOverride: "1",
      stateMachine: "orders",
    });
    expect(execution).toMatchObject({
      redriveCount: 0,
      redrivable: false,
      redriveReason: "Execution is RUNNING and cannot be redriven",
    });
    await client.call("redriveExecution", { execution: "exec-0" });
    expect(api.engine.redrives).toEqual([
      {
        execution: "exec-0",
        requestId: "r",
        fromState: "Pay",
        input: "1",
        stateMachine: "orders",
      },
      { execution: "exec-0" },
    ]);
  });

  test.each([
    { method: "getExecution" as const, request: { execution: "" }, field: "execution" },
    { method: "redriveExecution" as const, request: { execution: "" }, field: "execution" },
    {
      method: "redriveExecution" as const,
      request: { execution: "x", requestId: "r".repeat(65) },
      field: "request_id",
    },
    {
      method: "redriveExecution" as const,
      request: { execution: "x", fromState: "s".repeat(81) },
      field: "from_state",
    },
    {
      method: "getExecution" as const,
      request: { execution: "x", payloadView: 999 as PayloadView },
      field: "payload_view",
    },
    {
      method: "listExecutionEvents" as const,
      request: { execution: "x", afterEventId: -1n },
      field: "after_event_id",
    },
    {
      method: "listExecutionEvents" as const,
      request: { execution: "x", page: { filter: "type = 3" } },
      field: "page.filter",
    },
    {
      method: "stopExecution" as const,
      request: { execution: "x", grace: { seconds: -1n } },
      field: "grace",
    },
    {
      method: "stopExecution" as const,
      request: { execution: "x", grace: { seconds: 1n, nanos: -1 } },
      field: "grace",
    },
    {
      method: "listExecutions" as const,
      request: { page: { pageSize: -1 } },
      field: "page.page_size",
    },
    {
      method: "listExecutions" as const,
      request: { page: { orderBy: "name; drop table executions" } },
      field: "page.order_by",
    },
    {
      method: "listExecutions" as const,
      request: { page: { pageToken: "x".repeat(5_000) } },
      field: "page.page_token",
    },
  ])("$method refuses a wrong $field", async ({ method, request, field }) => {
    expect(await refused(client.call(method, request))).toMatchObject({
      code: 3,
      violations: [field],
    });
  });
});

describe("ListExecutions", () => {
  test("a filter reaches the engine as its parts, page sizes are cut", async () => {
    const filter = `status = FAILED AND state_machine = "orders" AND name = "n%_*" AND start_time > "2026-01-01T00:00:00Z" and start_time < "2026-02-01T00:00:00+01:00" AND labels.tenant = "a \\"b\\""`;
    await client.call("listExecutions", {
      page: { filter, pageSize: 1_000_000_000, orderBy: "start_time desc" },
    });
    expect(api.engine.listed[0]).toEqual({
      pageSize: 1_000,
      status: "FAILED",
      stateMachine: "orders",
      namePrefix: "n%_",
      startedAfterMs: Date.UTC(2026, 0, 1),
      startedBeforeMs: Date.UTC(2026, 0, 31, 23),
      labels: { tenant: `a "b"` },
    });
  });

  test("a whole name matches itself only", async () => {
    for (const name of ["a", "ab"])
      await client.call("startExecution", { stateMachine: "orders", name });
    const { executions } = await client.call("listExecutions", { page: { filter: `name = "a"` } });
    expect(executions.map(({ name }) => name)).toEqual(["a"]);
  });

  test("a page token that the engine refuses is INVALID_ARGUMENT / PAGE_TOKEN", async () => {
    expect(
      await refused(client.call("listExecutions", { page: { pageToken: "tampered" } })),
    ).toMatchObject({ code: 3, reason: "PAGE_TOKEN" });
  });

  test.each([
    [`status = NOPE`, `"NOPE"`],
    [`status`, `"status"`],
    [`status = RUNNING OR status = FAILED`, `"OR"`],
    [`status = RUNNING AND`, `ends with AND`],
    [`name = "a*b"`, `"a*b"`],
    [`start_time >= "2026-01-01T00:00:00Z"`, `">="`],
    [`start_time > "yesterday"`, `"yesterday"`],
    [
      `start_time > "2026-02-01T00:00:00Z" AND start_time < "2026-01-01T00:00:00Z"`,
      `after a later`,
    ],
    [`name = "x'; drop table executions--`, `"\\"x'; drop table executions--"`],
    [
      `end_time > "2026-02-01T00:00:00Z" AND end_time < "2026-01-01T00:00:00Z"`,
      `an end_time after`,
    ],
    [`end_time = "2026-02-01T00:00:00Z"`, `"="`],
    [`error > "E"`, `">"`],
    [`current_state = Pay`, `double quotes`],
    [`colour = "red"`, `"colour"`],
    [`labels. = "a"`, `without key`],
    [`linked = maybe`, `true and false`],
    [`link.source_state = "A"`, `neither linked = true nor linked = false`],
    [`linked = true AND link.source_status = FAILED`, `"source_status"`],
    [`state_machine = orders`, `double quotes`],
    [`status = RUNNING AND status = FAILED`, `twice`],
  ])("the filter %s is refused and the message names %s", async (filter, part) => {
    const refusal = await refused(client.call("listExecutions", { page: { filter } }));
    expect(refusal).toMatchObject({ code: 3, reason: "FILTER", violations: ["page.filter"] });
    expect(refusal.message).toContain(part);
  });
});

test("watchExecutions says that it is not built yet", async () => {
  const refusal = await refused(drain("watchExecutions"));
  expect(refusal).toMatchObject({ code: 12, reason: "NOT_IMPLEMENTED" });
  expect(refusal.message).toMatch(/not built yet/);
});

async function drain(method: "watchExecutions"): Promise<void> {
  const { refusalOf } = await import("../support/api-server.ts");
  try {
    for await (const _ of client.stream(method, {})) expect.fail("nothing may come");
  } catch (error) {
    throw refusalOf(error as Parameters<typeof refusalOf>[0]);
  }
}
