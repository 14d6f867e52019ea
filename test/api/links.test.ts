import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ExecutionService } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { refused, startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
});
afterEach(() => api[Symbol.asyncDispose]());

describe("a chained start", () => {
  test.each([
    [{ execution: "a/b" }, { execution: "a/b", waitsForSource: false, isUnique: false }],
    [
      {
        execution: "a/b",
        state: "S",
        transformer: { case: "jsonata" as const, value: "1" },
        waitForSource: true,
        unique: true,
      },
      {
        execution: "a/b",
        state: "S",
        transformer: { kind: "JSONata", text: "1" },
        waitsForSource: true,
        isUnique: true,
      },
    ],
    [
      { execution: "a/b", transformer: { case: "resource" as const, value: "to-invoice" } },
      {
        execution: "a/b",
        transformer: { kind: "Resource", text: "to-invoice" },
        waitsForSource: false,
        isUnique: false,
      },
    ],
  ])("hands on %j", async (value, chain) => {
    const start = vi.spyOn(api.engine, "startExecution");
    const inputSource = { case: "chain" as const, value };
    await client.call("startExecution", { stateMachine: "orders", inputSource }).catch(() => {});
    expect(start).toHaveBeenCalledWith(expect.objectContaining({ chain }));
  });

  test.each([
    ["chain.execution", {}],
    ["chain.state", { execution: "a/b", state: "s".repeat(81) }],
    ["chain.jsonata", { execution: "a/b", transformer: { case: "jsonata" as const, value: "" } }],
    [
      "chain.resource",
      { execution: "a/b", transformer: { case: "resource" as const, value: "r".repeat(2_049) } },
    ],
  ])("names a wrong %s", async (field, value) => {
    const inputSource = { case: "chain" as const, value };
    const refusal = await refused(
      client.call("startExecution", { stateMachine: "orders", inputSource }),
    );
    expect(refusal).toMatchObject({ code: 3, violations: [field] });
  });
});

describe("ListExecutionLinks", () => {
  test("reads every filter, and shows what is found", async () => {
    const list = vi.spyOn(api.engine, "listExecutionLinks").mockResolvedValue({
      items: [
        {
          sourceExecutionId: "s",
          sourceStateMachineName: "orders",
          sourceState: "Price",
          transformer: "to-invoice",
          targetExecutionId: "t",
          targetStateMachineName: "invoices",
          createdAtMs: 1_500,
        },
      ],
      nextPageToken: "more",
    });
    const filter = [
      'source_execution = "s" AND source_state_machine = "orders" AND source_state = "Price"',
      'source_status = FAILED AND transformer = "to-invoice" AND target_execution = "t"',
      'target_state_machine = "invoices" AND create_time > "1970-01-01T00:00:01Z"',
      'create_time < "1970-01-01T00:00:02Z"',
    ].join(" AND ");
    const { links, page } = await client.call("listExecutionLinks", { page: { filter } });
    expect(list).toHaveBeenCalledWith({
      pageSize: 50,
      sourceExecution: "s",
      sourceStateMachine: "orders",
      sourceState: "Price",
      sourceStatus: "FAILED",
      transformer: "to-invoice",
      targetExecution: "t",
      targetStateMachine: "invoices",
      createdAfterMs: 1_000,
      createdBeforeMs: 2_000,
    });
    expect(links).toMatchObject([
      { sourceExecution: "s", sourceState: "Price", targetStateMachine: "invoices" },
    ]);
    expect(links[0]?.createTime).toMatchObject({ seconds: 1n, nanos: 500_000_000 });
    expect(page?.nextPageToken).toBe("more");
  });

  test.each([
    ['colour = "red"', '"colour"'],
    ["source_state = Price", "double quotes"],
    ['create_time = "1970-01-01T00:00:01Z"', "accepted are > and <"],
    ['transformer = "a" AND transformer = "b"', "twice"],
  ])("refuses the filter %s and says why", async (filter, part) => {
    const refusal = await refused(client.call("listExecutionLinks", { page: { filter } }));
    expect(refusal).toMatchObject({ code: 3, reason: "FILTER" });
    expect(refusal.message).toContain(part);
  });
});

test.each([
  ["", 50_000],
  ["source_status = FAILED", 10_000],
])("CountExecutionLinks of the filter '%s' stops at %d by default", async (filter, limit) => {
  const count = vi.spyOn(api.engine, "countExecutionLinks");
  count.mockResolvedValue({ count: 7, isLimited: true });
  const answer = await client.call("countExecutionLinks", { filter });
  expect(answer).toMatchObject({ count: 7n, limited: true });
  expect(count).toHaveBeenCalledWith(filter === "" ? {} : { sourceStatus: "FAILED" }, limit);
  const refusal = await refused(client.call("countExecutionLinks", { limit: 1_000_001 }));
  expect(refusal).toMatchObject({ code: 3, violations: ["limit"] });
});

test("ListExecutions takes conditions on links", async () => {
  const list = vi.spyOn(api.engine, "listExecutions");
  const filter = 'linked = false AND link.target_state_machine = "invoices" AND status = FAILED';
  await client.call("listExecutions", { page: { filter } });
  expect(list).toHaveBeenCalledWith({
    pageSize: 50,
    status: "FAILED",
    linked: { isLinked: false, by: { targetStateMachine: "invoices" } },
  });
});
