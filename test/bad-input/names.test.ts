import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SystemService } from "../../server/gen/pawl/v1/system_service_pb.ts";
import { TaskQueueService } from "../../server/gen/pawl/v1/worker_service_pb.ts";
import { refused } from "../support/api-server.ts";
import { pass, wait } from "./support/machines.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
  await server.apply(pass(), "orders");
});
afterAll(() => server[Symbol.asyncDispose]());

const longName = "n".repeat(40_000);

const badNames = [
  { what: "81 characters", name: "n".repeat(81), named: /81 .*80/ },
  { what: "a space", name: "a b", named: /U\+0020/ },
  { what: "a slash", name: "a/b", named: /U\+002F/ },
  { what: "a star", name: "a*", named: /U\+002A/ },
  { what: "NUL", name: "a\0", named: /U\+0000/ },
  { what: "a line break", name: "a\nb", named: /U\+000A/ },
  { what: "a right-to-left override", name: "a\u202eb", named: /U\+202E/ },
  { what: "a zero-width joiner", name: "a\u200db", named: /U\+200D/ },
  { what: "SQL", name: "x'; drop table--", named: /U\+003B/ },
  { what: "a percent sign", name: "%", named: /U\+0025/ },
  { what: "a backslash", name: "\\", named: /U\+005C/ },
  { what: "40 kB", name: longName, named: /40000 .*80/ },
];

describe("rows 76-77: names", () => {
  test.each(badNames)(
    "a name with $what is refused, of executions and of machines",
    async ({ name, named }) => {
      const calls = [
        server.executions.call("startExecution", { stateMachine: "orders", name }),
        server.apply(pass(), name),
      ];
      for (const refusal of await Promise.all(calls.map((call) => refused(call)))) {
        expect(refusal).toMatchObject({ code: 3, reason: "NAME_INVALID" });
        expect(JSON.stringify(refusal.details["BadRequest"])).toMatch(named);
      }
      const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:orders";
      expect(await server.aws("StartExecution", { stateMachineArn, name })).toMatchObject({
        status: 400,
        body: { __type: expect.stringMatching(/InvalidName|ValidationException/) },
      });
    },
  );

  test("a machine without a name is refused", async () => {
    const refusal = await refused(server.apply(pass(), ""));
    expect(refusal).toMatchObject({ code: 3, violations: ["state_machine.name"] });
  });

  test.each(["..", ".", "😀", "оrders", "a'b", "a_b", "x--", "é".repeat(80), "__proto__"])(
    "%j is a name",
    async (name) => {
      await server.apply(pass(), name);
      const { execution } = await server.executions.call("runExecution", {
        start: { stateMachine: name, name },
      });
      expect(execution).toMatchObject({ stateMachine: name, name, status: 2 });
      const read = await server.executions.call("getExecution", { execution: `${name}/${name}` });
      expect(read.execution?.id).toBe(execution!.id);
    },
  );
});

describe("rows 80-82: what is not there, and what is there already", () => {
  const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine";
  test.each([
    ["orders/nope", 5, "EXECUTION_DOES_NOT_EXIST"],
    ["01234567-89ab-7def-8123-456789abcdef", 5, "EXECUTION_DOES_NOT_EXIST"],
    ["no such form", 5, "EXECUTION_DOES_NOT_EXIST"],
    ["a/b/c", 5, "EXECUTION_DOES_NOT_EXIST"],
    ["x'; drop table executions--", 5, "EXECUTION_DOES_NOT_EXIST"],
    ["arn:aws:states:us-east-1:000000000000:execution:orders", 3, "INVALID_ARN"],
    ["arn:aws:states:us-east-1:999999999999:execution:orders:x", 5, "EXECUTION_DOES_NOT_EXIST"],
    ["arn:aws:s3:::bucket", 3, "INVALID_ARN"],
    ["urn:x", 3, "INVALID_ARN"],
    ["orders/\0", 3, "INVALID_ARN"],
    ["", 3, "FIELD_REQUIRED"],
  ])(
    "row 80: the execution %j is refused with %i %s by every RPC that takes one",
    async (execution, code, reason) => {
      for (const method of ["getExecution", "listExecutionEvents", "stopExecution"] as const)
        expect(await refused(server.executions.call(method, { execution }))).toMatchObject({
          code,
          reason,
        });
      const watch = server.executions.stream("watchExecution", { execution });
      const error = await new Promise<{ code: number }>((resolve) =>
        watch.on("error", resolve as never).resume(),
      );
      expect(error.code).toBe(code);
    },
  );

  test.each([
    ["nope", 5, "STATE_MACHINE_DOES_NOT_EXIST"],
    [`${stateMachineArn}:orders:prod`, 5, "STATE_MACHINE_DOES_NOT_EXIST"],
    [`${stateMachineArn}:orders:7`, 5, "STATE_MACHINE_DOES_NOT_EXIST"],
    ["arn:aws:states:us-east-1:000000000000:activity:orders", 3, "INVALID_ARN"],
    ["a\0b", 3, "INVALID_ARN"],
    [longName, 5, "STATE_MACHINE_DOES_NOT_EXIST"],
    ["", 3, "FIELD_REQUIRED"],
  ])(
    "row 81: a start of the machine %j is refused with %i %s",
    async (stateMachine, code, reason) => {
      expect(
        await refused(server.executions.call("startExecution", { stateMachine })),
      ).toMatchObject({ code, reason });
      const refusal = await refused(server.machines.call("getStateMachine", { stateMachine }));
      expect(refusal).toMatchObject({ code, reason });
      expect(refusal.message.length).toBeLessThan(1_100);
      expect(refusal.details["ResourceInfo"] !== undefined).toBe(code === 5);
    },
  );

  test("row 81: a machine in deletion starts nothing", async () => {
    const stateMachine = await server.apply(wait({ Seconds: 60 }));
    const { execution } = await server.executions.call("startExecution", { stateMachine });
    await server.machines.call("deleteStateMachine", { stateMachine });
    const refusal = await refused(server.executions.call("startExecution", { stateMachine }));
    expect(refusal).toMatchObject({ code: 9, reason: "STATE_MACHINE_DELETING" });
    await server.executions.call("stopExecution", { execution: execution!.id });
    expect(await refused(server.executions.call("startExecution", { stateMachine }))).toMatchObject(
      { code: 5 },
    );
  });

  test("row 82: the same name with another input is ALREADY_EXISTS and names the execution", async () => {
    const start = (input: string) =>
      server.executions.call("startExecution", {
        stateMachine: "orders",
        name: "taken",
        inputSource: { case: "input", value: input },
      });
    const first = await start("1");
    const refusal = await refused(start("2"));
    expect(refusal).toMatchObject({
      code: 6,
      reason: "EXECUTION_ALREADY_EXISTS",
      details: { ErrorInfo: { metadata: { execution_id: first.execution!.id } }, ResourceInfo: {} },
    });
  });
});

describe("rows 78, 84-85: pages and filters", () => {
  const list = (page: object) => server.executions.call("listExecutions", { page });

  test.each([
    [{ pageSize: -1 }, "PAGE_SIZE", "page.page_size"],
    [{ pageToken: "garbage" }, "PAGE_TOKEN", "page_token"],
    [{ pageToken: "a".repeat(5_000) }, "PAGE_TOKEN", "page.page_token"],
    [{ orderBy: "name; drop table executions" }, "ORDER_BY", "page.order_by"],
    [{ filter: "status = FAILED OR 1=1" }, "FILTER", "page.filter"],
    [{ filter: "nope = 1" }, "FILTER", "page.filter"],
    [{ filter: "status = NOPE" }, "FILTER", "page.filter"],
    [{ filter: "status" }, "FILTER", "page.filter"],
    [{ filter: 'name = "a' }, "FILTER", "page.filter"],
    [{ filter: `name = "${"a".repeat(5_000)}"` }, "FILTER", "page.filter"],
    [{ filter: 'start_time > "tomorrow"' }, "FILTER", "page.filter"],
    [
      { filter: 'start_time > "2030-01-01T00:00:00Z" AND start_time < "2020-01-01T00:00:00Z"' },
      "FILTER",
      "page.filter",
    ],
    [{ filter: 'name = "\\u0000"' }, "NUL_CHARACTER", "name"],
    [{ filter: 'labels.a = "\\u0000"' }, "NUL_CHARACTER", "labels"],
  ])("%j is refused with %s", async (page, reason, field) => {
    expect(await refused(list(page))).toMatchObject({ code: 3, reason, violations: [field] });
  });

  test("unknown enum numbers are named", async () => {
    const refusal = await refused(
      server.executions.call("listExecutions", { payloadView: 999 as never }),
    );
    expect(refusal).toMatchObject({
      code: 3,
      reason: "ENUM_UNKNOWN",
      violations: ["payload_view"],
    });
    expect(refusal.message).toContain("999");
  });

  test("page sizes of 0 and 10^9 are cut to what is allowed", async () => {
    await expect(list({ pageSize: 0 })).resolves.toBeDefined();
    await expect(list({ pageSize: 1_000_000_000 })).resolves.toBeDefined();
  });

  test("a token is good for its own list and filter only, and not after one bit has changed", async () => {
    for (let at = 0; at < 3; at += 1)
      await server.executions.call("startExecution", { stateMachine: "orders" });
    const first = await list({ pageSize: 1 });
    const pageToken = first.page!.nextPageToken;
    expect((await list({ pageSize: 1, pageToken })).executions).toHaveLength(1);
    const other = pageToken.startsWith("A") ? "B" : "A";
    const foreign = [
      list({ pageToken, filter: "status = FAILED" }),
      list({ pageToken: other + pageToken.slice(1) }),
      list({ pageToken: `${pageToken}=` }),
      server.machines.call("listStateMachines", { page: { pageToken } }),
      server.client(TaskQueueService).call("listWorkers", { page: { pageToken } }),
      server.executions.call("listExecutionEvents", {
        execution: first.executions[0]!.id,
        page: { pageToken },
      }),
    ];
    for (const refusal of await Promise.all(foreign.map((call) => refused(call))))
      expect(refusal).toMatchObject({ code: 3, reason: "PAGE_TOKEN" });
    expect(await server.aws("ListStateMachines", { nextToken: pageToken })).toMatchObject({
      status: 400,
      body: { __type: "InvalidToken" },
    });
  });

  test("row 78: what SQL takes for a pattern is a name like any other", async () => {
    for (const name of ["a_1", "ab1", "a_12", "it's"])
      await server.executions.call("startExecution", { stateMachine: "orders", name });
    const names = async (filter: string): Promise<string[]> =>
      (await list({ filter })).executions.map((execution) => execution.name).toSorted();
    expect(await names('name = "a_1*"')).toEqual(["a_1", "a_12"]);
    expect(await names('name = "a_1"')).toEqual(["a_1"]);
    expect(await names('name = "a_1" AND state_machine = "orders"')).toEqual(["a_1"]);
    expect(await names('name = "a_" AND state_machine = "orders"')).toEqual([]);
    expect(await names(`name = "it's"`)).toEqual(["it's"]);
    expect(await names(`name = "x'; drop table executions--"`)).toEqual([]);
    expect(await names('name = "%"')).toEqual([]);
    expect(await names('name = "\\\\"')).toEqual([]);
  });
});

test("event ids beyond the record are its end, negative ones are refused", async () => {
  const { execution } = await server.executions.call("runExecution", {
    start: { stateMachine: "orders" },
  });
  const events = async (afterEventId: bigint, reverse = false) =>
    (
      await server.executions.call("listExecutionEvents", {
        execution: execution!.id,
        afterEventId,
        reverse,
      })
    ).events.map(({ id }) => id);
  for (const beyond of [2n ** 31n, 2n ** 53n - 1n]) {
    expect(await events(beyond)).toEqual([]);
    expect(await events(beyond, true)).toEqual([4n, 3n, 2n, 1n]);
  }
  const negative = await refused(events(-1n));
  expect(negative).toMatchObject({ code: 3, violations: ["after_event_id"] });
  const watch = server.executions.stream("watchExecution", {
    execution: execution!.id,
    afterEventId: 2n ** 40n,
  });
  const error = await new Promise<{ code: number }>((resolve) =>
    watch.on("error", resolve as never).resume(),
  );
  expect(error.code).toBe(11);
});

test("an exact name is found however many names begin with it", async () => {
  const stateMachine = await server.apply(pass());
  await server.executions.call("startExecution", { stateMachine, name: "n" });
  for (let at = 0; at < 5; at += 1)
    await server.executions.call("startExecution", { stateMachine, name: `n${at}` });
  const found = await server.executions.call("listExecutions", {
    page: { filter: 'name = "n"', pageSize: 1 },
  });
  expect(found.executions.map(({ name }) => name)).toEqual(["n"]);
  expect(found.page?.nextPageToken).toBe("");
});

test("nothing of this was an internal error", async () => {
  await server.client(SystemService).call("getServerInfo", {});
  expect(server.errors).toEqual([]);
});
