/** Pawl's Message state: what it waits for, what becomes of the message, of a timeout, of an end from outside. */
import { describe, expect, test } from "vitest";
import { compileDefinition } from "../../../server/asl/definition/compile.ts";
import { machine, startMs } from "../../support/asl/builders.ts";
import { detailsOf, effectLine, eventLines, typesOf } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";

const message = (fields: Record<string, unknown> = {}) => ({
  Type: "Message",
  CorrelationKey: "orderId",
  CorrelationValuePath: "$.order",
  ...fields,
});
const received = (waitId: number, data: unknown, atMs = 100) => ({
  atMs,
  event: { type: "MessageReceived" as const, waitId, data: JSON.stringify(data) },
});
const input = { order: { id: 7 }, kept: true };

test("it waits for its key and value; the message's data are its result", async () => {
  const { execution, history, effects } = await runInMemory(machine(message()), {
    input,
    events: [received(3, { approved: true })],
    restores: true,
  });
  expect(execution.output).toBe('{"approved":true}');
  expect(typesOf(history)).toEqual([
    "ExecutionStarted",
    "MessageStateEntered",
    "MessageWaitStarted",
    "MessageReceived",
    "MessageStateExited",
    "ExecutionSucceeded",
  ]);
  expect(detailsOf(history, "MessageWaitStarted")).toEqual({
    correlationKey: "orderId",
    correlationValue: '{"id":7}',
  });
  expect(effects.map((effect) => effectLine(effect, startMs))).toEqual([
    'AwaitMessage 3 orderId {"id":7}',
    "EndMessageWait 3",
  ]);
});

describe("fields", () => {
  test.each([
    {
      rule: "without CorrelationValuePath the effective input is the value",
      fields: { CorrelationValuePath: undefined, InputPath: "$.order" },
      waitsFor: '{"id":7}',
      output: "hello",
    },
    {
      rule: "ResultPath keeps the input",
      fields: { ResultPath: "$.m" },
      output: { ...input, m: "hello" },
    },
    {
      rule: "MessagePath is ResultPath",
      fields: { MessagePath: "$.m" },
      output: { ...input, m: "hello" },
    },
    {
      rule: "ResultSelector and OutputPath are honoured",
      fields: { ResultSelector: { "got.$": "$" }, OutputPath: "$.got" },
      output: "hello",
    },
  ])("$rule", async ({ fields, waitsFor = '{"id":7}', output }) => {
    const { execution, history } = await runInMemory(machine(message(fields)), {
      input,
      events: [received(3, "hello")],
    });
    expect(detailsOf(history, "MessageWaitStarted")).toMatchObject({ correlationValue: waitsFor });
    expect(JSON.parse(execution.output ?? "")).toEqual(output);
  });

  test("JSONata: key, value, timeout, Assign and Output are expressions, the data are $states.result", async () => {
    const state = {
      Type: "Message",
      QueryLanguage: "JSONata",
      CorrelationKey: "{% 'order' & 'Id' %}",
      CorrelationValue: { id: "{% $states.input.order.id + 1 %}" },
      TimeoutSeconds: "{% 60 %}",
      Output: "{% $states.result.n + $states.input.order.id %}",
    };
    const { execution, history } = await runInMemory(machine(state), {
      input,
      events: [received(3, { n: 1 })],
    });
    expect(detailsOf(history, "MessageWaitStarted")).toEqual({
      correlationKey: "orderId",
      correlationValue: '{"id":8}',
      timeoutInSeconds: 60,
    });
    expect(execution.output).toBe("8");
  });
});

describe("a timeout", () => {
  const timed = (fields: Record<string, unknown>) =>
    machine(
      message({ TimeoutSeconds: 2, Next: "S2", ...fields }),
      { Type: "Pass", Result: "in time" },
      { Type: "Pass", Result: "too late" },
    );
  const caught = { ErrorEquals: ["States.Timeout"], Next: "S2", ResultPath: "$.e" };

  test.each([
    {
      rule: "fails with States.Timeout",
      fields: {},
      end: { failure: { error: "States.Timeout" } },
    },
    {
      rule: "goes to the state of TimeoutPath",
      fields: { TimeoutPath: "S3" },
      end: { output: '"too late"' },
    },
    {
      rule: "is caught before TimeoutPath is looked at",
      fields: { Catch: [caught], TimeoutPath: "S3" },
      end: { output: '"in time"' },
    },
    {
      rule: "does not end a wait whose TimeoutSeconds is 0",
      fields: { TimeoutSeconds: 0 },
      end: { status: "RUNNING" },
    },
  ])("$rule", async ({ fields, end }) => {
    const { execution } = await runInMemory(timed(fields), { input, restores: true });
    expect(execution).toMatchObject(end);
  });

  test("leaves its error where ResultPath says, on the way to TimeoutPath", async () => {
    const late = machine(message({ TimeoutSeconds: 2, TimeoutPath: "S2", ResultPath: "$.m" }), {
      Type: "Pass",
    });
    const { execution } = await runInMemory(late, { input });
    const error = { Error: "States.Timeout", Cause: "" };
    expect(JSON.parse(execution.output ?? "")).toEqual({ ...input, m: error });
  });

  test("is retried by waiting again, with a wait of its own", async () => {
    const Retry = [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 1, IntervalSeconds: 1 }];
    const { execution, history, verdicts } = await runInMemory(timed({ Retry }), {
      input,
      // The first wait is over when its message comes; the second one takes its own.
      events: [received(3, "for the first", 2_500), received(5, "for the second", 3_500)],
    });
    expect(eventLines(history).filter((line) => line.includes("Message"))).toHaveLength(6);
    expect(verdicts).toContain("Stale");
    expect(execution.output).toBe('"in time"');
  });
});

test("of message and timeout in one turn the first wins, the other is stale", async () => {
  const state = message({ TimeoutSeconds: 2 });
  const first = await runInMemory(machine(state), { input, events: [received(3, 1, 1_999)] });
  expect(first.execution).toMatchObject({ status: "SUCCEEDED", output: "1" });
  const late = await runInMemory(machine(state), { input, events: [received(3, 1, 2_001)] });
  expect(late.execution).toMatchObject({ status: "FAILED" });
  expect(late.verdicts.at(-1)).toBe("Stale");
});

test("waits in branches and items end with their Parallel or Map", async () => {
  const definition = machine({
    Type: "Parallel",
    Branches: [
      { StartAt: "W", States: { W: { ...message({ TimeoutSeconds: 9 }), End: true } } },
      { StartAt: "F", States: { F: { Type: "Wait", Seconds: 1, Next: "X" }, X: { Type: "Fail" } } },
    ],
  });
  const { history, effects, execution } = await runInMemory(definition, { input });
  expect(execution.status).toBe("FAILED");
  expect(typesOf(history)).toContain("MessageStateAborted");
  const waits = effects.filter(({ type }) => type === "AwaitMessage" || type === "EndMessageWait");
  expect(waits).toHaveLength(2);
});

test("a stopped execution waits no longer", async () => {
  const { effects } = await runInMemory(machine(message({ TimeoutSeconds: 9 })), {
    input,
    events: [{ atMs: 10, event: { type: "Stopped", failure: {} } }],
  });
  expect(effects.map((effect) => effectLine(effect, startMs)).slice(2)).toEqual([
    "CancelTimer 3",
    "EndMessageWait 3",
  ]);
});

test.each([
  ["MISSING_FIELD", { CorrelationKey: undefined }],
  ["FIELD_RANGE", { CorrelationKey: "" }],
  ["FIELD_TYPE", { CorrelationKey: 7 }],
  ["FIELDS_EXCLUDE_EACH_OTHER", { MessagePath: "$.a", ResultPath: "$.b" }],
  ["REFERENCE_PATH_REQUIRED", { MessagePath: "$.a[*]" }],
  ["UNKNOWN_STATE", { TimeoutSeconds: 1, TimeoutPath: "Nowhere" }],
  ["FIELD_RANGE", { TimeoutSeconds: -1 }],
])("%s is said of %j", (code, fields) => {
  const text = JSON.stringify({ StartAt: "S", States: { S: { ...message(fields), End: true } } });
  expect(compileDefinition(text).diagnostics.map((found) => found.code)).toEqual([code]);
});
