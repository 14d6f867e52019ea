import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Execution } from "../../../server/engine/engine.ts";
import { EngineError } from "../../../server/engine/errors.ts";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine } from "../../support/fake-engine.ts";

let engine: ReturnType<typeof fakeEngine>;
let door: TestAwsDoor;

const prefix = "arn:aws:states:us-east-1:000000000000";
const stateMachineArn = `${prefix}:stateMachine:orders`;
const expressArn = `${prefix}:stateMachine:quick`;
const executionArn = `${prefix}:execution:orders:one`;

beforeEach(async () => {
  engine = fakeEngine();
  door = await TestAwsDoor.open(engine);
  const definition = "{}";
  await engine.createStateMachine({ name: "orders", definition, roleArn: "arn:r" });
  await engine.createStateMachine({ name: "quick", definition, type: "EXPRESS" });
});
afterEach(() => door.close());

const start = (fields: object = {}) =>
  door.call("StartExecution", { stateMachineArn, name: "one", ...fields });
const describeExecution = async (fields: object = {}) =>
  (await door.call("DescribeExecution", { executionArn, ...fields })).body;

describe("StartExecution", () => {
  test("answers ARN and date; the input goes in as it was sent", async () => {
    expect((await start({ input: '{ "n": 1.0 }' })).body).toEqual({
      executionArn,
      startDate: 1_700_000_000.123,
    });
    expect(engine.lastStart).toEqual({
      stateMachine: stateMachineArn,
      name: "one",
      input: '{ "n": 1.0 }',
    });
  });

  test.each(["2", '"some text"', "null", "[]", " {} "])("the input %j is JSON", async (input) => {
    expect((await start({ input })).status).toBe(200);
  });

  test.each([
    [
      "not some json",
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    [
      "{'not': 'json'",
      "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
    ],
    ["", "Invalid execution input."],
  ])("the input %j is refused", async (input, reason) => {
    expect(await door.refusal("StartExecution", { stateMachineArn, input })).toBe(
      `InvalidExecutionInput: Invalid State Machine Execution Input: '${reason}'`,
    );
  });

  test("the input's limit counts bytes, not characters", async () => {
    const fits = `"${"x".repeat(262_142)}"`;
    expect((await start({ input: fits })).status).toBe(200);
    expect(
      await door.refusal("StartExecution", {
        stateMachineArn,
        input: `"${"\u{1f600}".repeat(65_536)}"`,
      }),
    ).toBe(
      "ValidationException: 1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
    );
  });

  test("a name taken with another input is refused with the execution's ARN", async () => {
    await start({ input: "1" });
    expect((await start({ input: "1" })).body["executionArn"]).toBe(executionArn);
    expect(await door.refusal("StartExecution", { stateMachineArn, name: "one", input: "2" })).toBe(
      `ExecutionAlreadyExists: Execution Already Exists: '${executionArn}'`,
    );
  });

  test("an unknown machine is refused with the ARN that was sent", async () => {
    const unknown = `${stateMachineArn}x`;
    expect(await door.refusal("StartExecution", { stateMachineArn: unknown })).toBe(
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${unknown}'`,
    );
  });

  test("a bad name is refused", async () => {
    expect(await door.refusal("StartExecution", { stateMachineArn, name: "a:b" })).toBe(
      "InvalidName: Invalid Name: 'a:b'",
    );
  });

  test("an X-Ray trace header reaches workers as traceparent and comes back", async () => {
    const traceHeader =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    await start({ traceHeader });
    expect(engine.lastStart?.trace).toBe("00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01");
    expect((await describeExecution())["traceHeader"]).toBe(traceHeader);
  });
});

const startSync = (fields: object) =>
  door.call("StartSyncExecution", { stateMachineArn: expressArn, name: "one", ...fields });
const end = (outcome: Pick<Execution, "status" | "output" | "failure">) => {
  engine.waitForExecution = async (id: string) => {
    engine.close(id, outcome);
    return engine.describeExecution(id);
  };
};

describe("StartSyncExecution", () => {
  test("waits for the end and answers the whole", async () => {
    end({ status: "SUCCEEDED", output: "3" });
    expect((await startSync({ input: "2" })).body).toEqual({
      executionArn: `${prefix}:express:quick:one:uuid`,
      stateMachineArn: expressArn,
      name: "one",
      status: "SUCCEEDED",
      startDate: 1_700_000_000.123,
      stopDate: 1_700_000_001.373,
      input: "2",
      inputDetails: { included: true },
      output: "3",
      outputDetails: { included: true },
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 1_300 },
    });
    expect(engine.lastStart?.isSync).toBe(true);
  });

  test("a failure has error, cause and outputDetails", async () => {
    end({ status: "FAILED", failure: { error: "E", cause: "C" } });
    const { body } = await startSync({});
    expect(body).toMatchObject({
      status: "FAILED",
      error: "E",
      cause: "C",
      outputDetails: { included: true },
    });
    expect(body).not.toHaveProperty("output");
  });

  test("a STANDARD machine is refused", async () => {
    expect(await door.refusal("StartSyncExecution", { stateMachineArn })).toBe(
      "StateMachineTypeNotSupported: This operation is not supported by this type of state machine",
    );
  });
});

describe("DescribeExecution", () => {
  test.each([
    [
      { status: "RUNNING" },
      {
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: "Execution is RUNNING and cannot be redriven",
      },
    ],
    [
      { status: "SUCCEEDED", output: "1" },
      {
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
        output: "1",
        outputDetails: { included: true },
      },
    ],
    [
      { status: "FAILED", failure: { error: "E", cause: "C" } },
      { redriveStatus: "REDRIVABLE", error: "E", cause: "C" },
    ],
    [{ status: "TIMED_OUT", failure: {} }, { redriveStatus: "REDRIVABLE" }],
    [{ status: "ABORTED", failure: {} }, { redriveStatus: "REDRIVABLE" }],
  ] as const)("%j", async (outcome, expected) => {
    await start();
    if (outcome.status !== "RUNNING") engine.close(executionArn, outcome);
    expect(await describeExecution()).toEqual({
      executionArn,
      stateMachineArn,
      name: "one",
      status: outcome.status,
      startDate: 1_700_000_000.123,
      ...(outcome.status !== "RUNNING" && { stopDate: 1_700_000_001.373 }),
      input: "{}",
      inputDetails: { included: true },
      redriveCount: 0,
      ...expected,
    });
  });

  test("METADATA_ONLY has no payloads", async () => {
    await start();
    engine.close(executionArn, { status: "FAILED", failure: { error: "E", cause: "C" } });
    const body = await describeExecution({ includedData: "METADATA_ONLY" });
    for (const key of ["input", "inputDetails", "error", "cause"])
      expect(body).not.toHaveProperty(key);
  });
});

describe("ARNs of executions", () => {
  const expressExecution = `${prefix}:express:quick:one:uuid`;
  test.each([
    "DescribeExecution",
    "StopExecution",
    "RedriveExecution",
    "GetExecutionHistory",
    "DescribeStateMachineForExecution",
  ])("%s", async (operation) => {
    const refusal = (arn: string) => door.refusal(operation, { executionArn: arn });
    expect(await refusal("me")).toBe("InvalidArn: Invalid Arn: 'Invalid ARN prefix: me'");
    expect(await refusal(expressExecution)).toBe(
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
    );
    if (operation === "GetExecutionHistory") return; // the fake has one history for all
    expect(await refusal(executionArn)).toBe(
      `ExecutionDoesNotExist: Execution Does Not Exist: '${executionArn}'`,
    );
  });
});

describe("RedriveExecution", () => {
  test("answers when it was redriven; the client token is the request's id", async () => {
    await start();
    const redrive = { executionArn, clientToken: "token" };
    expect((await door.call("RedriveExecution", redrive)).body).toEqual({
      redriveDate: 1_700_000_002.123,
    });
    expect(engine.lastRedrive).toEqual({ execution: executionArn, requestId: "token" });
  });

  test("a refusal is the engine's text, as at AWS", async () => {
    const text = `Execution ${executionArn} invalid for redrive as: Execution is RUNNING and cannot be redriven`;
    engine.redriveExecution = () => Promise.reject(new EngineError("ExecutionNotRedrivable", text));
    expect(await door.refusal("RedriveExecution", { executionArn })).toBe(
      `ExecutionNotRedrivable: ${text}`,
    );
  });

  test("one that was redriven is shown with count and date", async () => {
    await start();
    engine.executions.set(executionArn, {
      ...engine.executions.get(executionArn)!,
      redrive: { count: 2, timeMs: 1_700_000_002_123 },
    });
    const shown = { redriveCount: 2, redriveDate: 1_700_000_002.123 };
    expect(await describeExecution()).toMatchObject({ ...shown, redriveStatus: "REDRIVABLE" });
    const { body } = await door.call("ListExecutions", { stateMachineArn });
    expect(body).toMatchObject({ executions: [shown] });
  });
});

describe("StopExecution", () => {
  test("answers the date of the end, also when it was over before", async () => {
    await start();
    const first = await door.call("StopExecution", { executionArn, error: "E", cause: "C" });
    expect(first.body).toEqual({ stopDate: 1_700_000_001.373 });
    expect((await door.call("StopExecution", { executionArn })).body).toEqual(first.body);
    expect(await describeExecution()).toMatchObject({ status: "ABORTED", error: "E", cause: "C" });
  });

  test("a cause over 32,768 characters is refused", async () => {
    expect(
      await door.refusal("StopExecution", { executionArn, cause: "c".repeat(32_769) }),
    ).toContain("length less than or equal to 32768");
  });
});

describe("ListExecutions", () => {
  test("lists summaries with redriveCount", async () => {
    await start();
    expect((await door.call("ListExecutions", { stateMachineArn })).body).toEqual({
      executions: [
        {
          executionArn,
          stateMachineArn,
          name: "one",
          status: "RUNNING",
          startDate: 1_700_000_000.123,
          redriveCount: 0,
        },
      ],
    });
  });

  test("maxResults 0 is the default 100", async () => {
    await door.call("ListExecutions", { stateMachineArn, maxResults: 0 });
    expect(engine.lastListQuery?.pageSize).toBe(100);
  });

  test.each([
    ["RUNNING", 1],
    ["SUCCEEDED", 0],
    ["PENDING_REDRIVE", 0],
  ])("statusFilter %s lists %i", async (statusFilter, count) => {
    await start();
    expect(
      (await door.call("ListExecutions", { stateMachineArn, statusFilter })).body["executions"],
    ).toHaveLength(count);
  });

  test.each([
    [
      "a status in lower case",
      { statusFilter: "succeeded" },
      "ValidationException: 1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
    ],
    [
      "1,001 results",
      { maxResults: 1_001 },
      "ValidationException: 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
    [
      "a token of 3,097 characters",
      { nextToken: "x".repeat(3_097) },
      `ValidationException: 1 validation error detected: Value '${"x".repeat(3_097)}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096`,
    ],
    ["a foreign token", { nextToken: "foreign" }, "InvalidToken: Invalid Token: 'Invalid token'"],
    [
      "a redrive filter for a machine",
      { redriveFilter: "REDRIVEN" },
      "ValidationException: RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN",
    ],
    [
      "an EXPRESS machine",
      { stateMachineArn: expressArn },
      "StateMachineTypeNotSupported: This operation is not supported by this type of state machine",
    ],
    [
      "no machine",
      { stateMachineArn: null },
      "ValidationException: Must specify exactly one of stateMachineArn, mapRunArn",
    ],
    [
      "an unknown machine",
      { stateMachineArn: `${stateMachineArn}x` },
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${stateMachineArn}x'`,
    ],
    [
      "a machine and a map run",
      { mapRunArn: "arn:m" },
      "ValidationException: Must specify exactly one of stateMachineArn, mapRunArn",
    ],
  ])("%s is refused", async (_what, fields, expected) => {
    expect(await door.refusal("ListExecutions", { stateMachineArn, ...fields })).toBe(expected);
  });
});

test("DescribeStateMachineForExecution shows the machine and the date of its revision", async () => {
  await start();
  expect((await door.call("DescribeStateMachineForExecution", { executionArn })).body).toEqual({
    stateMachineArn,
    name: "orders",
    definition: "{}",
    roleArn: "arn:r",
    updateDate: 1_700_000_000.123,
    loggingConfiguration: { level: "OFF", includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  });
});
