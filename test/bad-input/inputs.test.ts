import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "../support/api-server.ts";
import { pass } from "./support/machines.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
  await server.apply(pass(), "echo");
});
afterAll(() => server[Symbol.asyncDispose]());

const depth = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
/** A JSON text of so many bytes, of characters that have four. */
const emoji = (bytes: number): string => {
  const text = `"${"😀".repeat(Math.floor((bytes - 2) / 4))}"`;
  return text + " ".repeat(bytes - Buffer.byteLength(text));
};

interface Refused {
  readonly row: number;
  readonly what: string;
  readonly input: string;
  readonly reason: string;
  readonly named?: RegExp;
}

const refusedInputs: readonly Refused[] = [
  { row: 40, what: "a text that is not JSON", input: '{"a": tru}', reason: "INPUT_SYNTAX" },
  { row: 40, what: "an empty input", input: "", reason: "INPUT_SYNTAX" },
  { row: 40, what: "two values", input: "{} {}", reason: "INPUT_SYNTAX" },
  { row: 39, what: "a byte order mark", input: "\ufeff{}", reason: "INPUT_SYNTAX" },
  {
    row: 41,
    what: "262,145 bytes of 4-byte characters",
    input: emoji(262_145),
    reason: "INPUT_TOO_LARGE",
    named: /262,145 .*262,144/,
  },
  { row: 42, what: "101 levels", input: depth(101), reason: "NESTING_TOO_DEEP", named: /100/ },
  { row: 42, what: "100,000 brackets", input: "[".repeat(100_000), reason: "NESTING_TOO_DEEP" },
  { row: 42, what: "1,000,000 brackets", input: "[".repeat(1e6), reason: "INPUT_TOO_LARGE" },
  { row: 43, what: "NUL in a value", input: '{"a":"x\\u0000"}', reason: "NUL_CHARACTER" },
  { row: 43, what: "NUL in a key", input: '{"\\u0000":1}', reason: "NUL_CHARACTER" },
  { row: 44, what: "half a surrogate pair", input: '"\\ud800"', reason: "MALFORMED_UNICODE" },
  { row: 44, what: "the other half", input: '"\\udc00"', reason: "MALFORMED_UNICODE" },
  { row: 45, what: "1e400", input: "[1e400]", reason: "NUMBER_RANGE", named: /1e400/ },
  { row: 45, what: "-1e400", input: "[-1e400]", reason: "NUMBER_RANGE", named: /-1e400/ },
];

describe("inputs that are refused, by gRPC and by the AWS door", () => {
  test.each(refusedInputs)("row $row: $what is $reason", async ({ input, reason, named = /./ }) => {
    const begun = performance.now();
    const refusal = await refused(
      server.executions.call("startExecution", {
        stateMachine: "echo",
        inputSource: { case: "input", value: input },
      }),
    );
    expect(performance.now() - begun).toBeLessThan(500);
    expect(refusal).toMatchObject({ code: 3, reason, violations: ["input"] });
    expect(refusal.message).toMatch(named);

    const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:echo";
    const aws = await server.aws("StartExecution", { stateMachineArn, input });
    expect(aws.status).toBe(400);
    expect(["InvalidExecutionInput", "ValidationException"]).toContain(aws.body["__type"]);
  });

  test("row 40: the place of a syntax error is told", async () => {
    const start = {
      stateMachine: "echo",
      inputSource: { case: "input" as const, value: '{"a": tru}' },
    };
    const refusal = await refused(server.executions.call("startExecution", start));
    expect(refusal.message).toMatch(/tru/);
    expect(JSON.stringify(refusal.details["ErrorInfo"])).toMatch(/"offset":"\d+"/);
  });
});

describe("inputs that are taken, and come out as they went in", () => {
  const wide = JSON.stringify(
    Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, 0])),
  );
  test.each([
    { row: 41, what: "262,144 bytes", input: emoji(262_144), output: emoji(262_144).trimEnd() },
    { row: 42, what: "100 levels", input: depth(100), output: depth(100) },
    {
      row: 45,
      what: "a number of 20 digits",
      input: "[12345678901234567890,1e-400]",
      output: undefined,
    },
    { row: 45, what: "-0", input: "[-0,0.1]", output: undefined },
    { row: 47, what: "20,000 keys", input: wide, output: wide },
    {
      row: 47,
      what: "130,000 zeros",
      input: `[${Array.from({ length: 130_000 }, () => 0).join(",")}]`,
      output: undefined,
    },
  ])("row $row: $what", async ({ input, output }) => {
    const begun = performance.now();
    const { execution } = await server.executions.call("runExecution", {
      start: { stateMachine: "echo", inputSource: { case: "input", value: input } },
    });
    expect(execution).toMatchObject({ status: 2, input, output: output ?? input });
    expect(performance.now() - begun).toBeLessThan(1_500);
  });

  test("row 46: __proto__ and constructor are keys like any other, also on the way through states", async () => {
    const input = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"a":3}';
    const execution = await server.run(
      pass({ Parameters: { "kept.$": "$", "own.$": "$.__proto__.polluted" } }),
      input,
    );
    expect(execution.output).toBe(`{"kept":${input},"own":1}`);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("row 46: a ResultPath of __proto__ makes an own key", async () => {
    const execution = await server.run(
      pass({ Result: { polluted: 1 }, ResultPath: "$.__proto__.x" }),
      '{"a":1}',
    );
    expect(execution.output).toBe('{"a":1,"__proto__":{"x":{"polluted":1}}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("row 48: of a key that comes twice, the last counts", async () => {
    const execution = await server.run(pass({ InputPath: "$.a" }), '{"a":1,"a":2}');
    expect(execution.output).toBe("2");
  });
});

test("rows 46, 78: labels with any key are kept; those that can not be stored are refused", async () => {
  const labels = Object.fromEntries([
    ["__proto__", "x"],
    ["a'; drop table executions--", "%"],
  ]);
  const started = await server.executions.call("startExecution", { stateMachine: "echo", labels });
  const { execution } = await server.executions.call("getExecution", {
    execution: started.execution!.id,
  });
  expect(Object.entries(execution!.labels)).toEqual(Object.entries(labels));
  const refusal = await refused(
    server.executions.call("startExecution", { stateMachine: "echo", labels: { a: "\0" } }),
  );
  expect(refusal).toMatchObject({ code: 3, reason: "NUL_CHARACTER", violations: ["labels"] });
});
