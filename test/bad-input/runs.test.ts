import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "../support/api-server.ts";
import { choice, machine, pass, wait } from "./support/machines.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer({ historyEventsMax: 400 });
});
afterAll(() => server[Symbol.asyncDispose]());

const running = 1;
const failed = 3;

/** What can only be seen when it runs: the execution fails with the error, and its cause names the matter. */
const failures = [
  ...["abc", -1, 1e300, 1.5, null].map((value) => ({
    row: 21,
    what: `SecondsPath gives ${JSON.stringify(value)}`,
    definition: wait({ SecondsPath: "$.s" }),
    input: JSON.stringify({ s: value }),
    error: "States.Runtime",
    named: /SecondsPath|\$\.s|delay is too long/,
  })),
  ...["2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "+275761-01-01T00:00:00Z", 7].map((value) => ({
    row: 22,
    what: `TimestampPath gives ${JSON.stringify(value)}`,
    definition: wait({ TimestampPath: "$.t" }),
    input: JSON.stringify({ t: value }),
    error: "States.Runtime",
    named: /TimestampPath|\$\.t/,
  })),
  {
    row: 31,
    what: "two states that call each other for ever",
    definition: machine({ Type: "Pass", Next: "T" }, { T: { Type: "Pass", Next: "S" } }),
    input: "{}",
    error: "States.Runtime",
    named: /400|history/i,
  },
  {
    row: 32,
    what: "a payload that doubles for ever",
    definition: machine(
      { Type: "Pass", Parameters: { "a.$": "$", "b.$": "$" }, Next: "T" },
      { T: { Type: "Pass", Next: "S" } },
    ),
    input: JSON.stringify("x".repeat(100)),
    error: "States.DataLimitExceeded",
    named: /./,
  },
  {
    row: 51,
    what: "a path that finds everything again and again",
    definition: pass({ InputPath: "$..*..*..*" }),
    input: JSON.stringify(Array.from({ length: 100_000 }, () => 1)),
    error: "States.Runtime",
    named: /10,?000|limit/i,
  },
  {
    row: 55,
    what: "InputPath to nothing",
    definition: pass({ InputPath: "$.missing" }),
    input: "{}",
    error: "States.Runtime",
    named: /\$\.missing/,
  },
  {
    row: 55,
    what: "Parameters from nothing",
    definition: pass({ Parameters: { "a.$": "$.missing" } }),
    input: "{}",
    error: "States.Runtime",
    named: /\$\.missing/,
  },
  {
    row: 56,
    what: "a Variable that is not there",
    definition: choice({ Variable: "$.missing", NumericEquals: 1 }),
    input: "{}",
    error: "States.Runtime",
    named: /\$\.missing/,
  },
  {
    row: 56,
    what: "no rule that matches and no Default",
    definition: choice({ Variable: "$.a", NumericEquals: 1 }),
    input: '{"a":2}',
    error: "States.NoChoiceMatched",
    named: /./,
  },
];

describe("what fails when it runs", () => {
  test.each(failures)("row $row: $what fails the execution with $error", async (failure) => {
    const begun = performance.now();
    const execution = await server.run(failure.definition, failure.input);
    expect(execution).toMatchObject({ status: failed, error: { error: failure.error } });
    expect(execution.error!.cause).toMatch(failure.named);
    expect(execution.error!.cause).not.toMatch(/node_modules|\.ts:|\bat \w+ \(/);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test("row 31: while one execution loops to its limit, others are served", async () => {
    const loop = await server.apply(
      machine({ Type: "Pass", Next: "T" }, { T: { Type: "Pass", Next: "S" } }),
    );
    const loops = Array.from({ length: 20 }, () =>
      server.executions.call("runExecution", { start: { stateMachine: loop } }),
    );
    const begun = performance.now();
    await server.run(pass());
    expect(performance.now() - begun).toBeLessThan(2_000);
    await Promise.all(loops);
  });
});

describe("rows 23-24: long and past waits", () => {
  test.each([
    ["2^31 ms and a second", wait({ Seconds: 2_147_484 })],
    ["a year", wait({ Seconds: 31_536_000 })],
    ["the longest there is", wait({ Seconds: 99_999_999 })],
    ["until the year 9999", wait({ Timestamp: "9999-12-31T23:59:59Z" })],
  ])("%s is pending, not fired at once", async (_what, definition) => {
    const stateMachine = await server.apply(definition);
    const { execution } = await server.executions.call("startExecution", { stateMachine });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const now = await server.executions.call("getExecution", { execution: execution!.id });
    expect(now.execution).toMatchObject({ status: running, activeStates: [{ path: "/States/S" }] });
    await server.executions.call("stopExecution", { execution: execution!.id });
  });

  test("a Timestamp in the past continues at once", async () => {
    expect(await server.run(wait({ Timestamp: "1999-12-31T23:59:59Z" }))).toMatchObject({
      status: 2,
    });
  });
});

test("row 27: a retry delay that overflows a double is a year at most, never none", async () => {
  const stateMachine = await server.apply(
    machine({
      Type: "Map",
      ItemsPath: "$.a",
      ItemProcessor: { StartAt: "F", States: { F: { Type: "Fail", Error: "E" } } },
      Retry: [
        { ErrorEquals: ["E"], IntervalSeconds: 99_999_998, BackoffRate: 1e300, MaxAttempts: 99 },
      ],
      End: true,
    }),
  );
  const { execution } = await server.executions.call("startExecution", {
    stateMachine,
    inputSource: { case: "input", value: '{"a":[1]}' },
  });
  await expect
    .poll(async () => {
      const now = await server.executions.call("getExecution", { execution: execution!.id });
      const next = now.execution!.activeStates[0]?.nextTime;
      return next === undefined ? undefined : Number(next.seconds) - Date.now() / 1_000;
    })
    .toSatisfy((seconds: number) => seconds > 31_000_000 && seconds < 31_700_000);
  await server.executions.call("stopExecution", { execution: execution!.id });
});

interface Path {
  readonly row: number;
  readonly definition: string;
  readonly reason: string;
  readonly path: string;
}

const inInputPath = (row: number, reason: string, paths: readonly string[]): Path[] =>
  paths.map((path) => ({ row, reason, path, definition: pass({ InputPath: path }) }));

describe("paths that are refused when the definition is made", () => {
  test.each<Path>([
    ...inInputPath(49, "JSONPATH_SYNTAX", ["$[", "", "$.", "$..", "a.b", "$.a[", "$['a"]),
    ...inInputPath(50, "JSONPATH_UNSUPPORTED", [
      '$[?(@.constructor.constructor("return process")())]',
      "$[(@.length-1)]",
    ]),
    ...["$.a[*]", "$..a", "$.a[?(@.b)]", "$.a[0:1]"].map((path) => ({
      row: 52,
      reason: "REFERENCE_PATH_REQUIRED",
      path,
      definition: pass({ ResultPath: path }),
    })),
    ...inInputPath(53, "JSONPATH_SYNTAX", ["$.a~", "$.a^", "$.a`b"]),
    ...inInputPath(53, "JSONPATH_UNSUPPORTED", ["$.@array()"]),
    ...inInputPath(54, "CONTEXT_PATH_UNKNOWN", ["$$.Execution.Nope"]),
    {
      row: 57,
      reason: "PATTERN_INVALID",
      path: "a\\",
      definition: choice({ Variable: "$.a", StringMatches: "a\\" }),
    },
  ])("row $row: $path is $reason", async ({ definition, reason }) => {
    const refusal = await refused(server.apply(definition, "bad"));
    expect(refusal).toMatchObject({ code: 3, reason });
    expect(refusal.message).toMatch(/ at \/States\/S/);
  });
});

describe("row 57: StringMatches", () => {
  const matches = (pattern: string): string => choice({ Variable: "$", StringMatches: pattern });

  test("with many stars on a long text is linear", async () => {
    const stateMachine = await server.apply(matches("*a*a*a*a*a*a*a*a*b"));
    const input = JSON.stringify("a".repeat(250_000));
    const begun = performance.now();
    const { execution } = await server.executions.call("runExecution", {
      start: { stateMachine, inputSource: { case: "input", value: input } },
    });
    expect(execution).toMatchObject({ status: failed, error: { error: "States.NoChoiceMatched" } });
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test.each([
    ["a\\*", "a*", 2],
    ["a\\*", "ab", failed],
    ["a\\\\*", "a\\x", 2],
  ])("%j against %j", async (pattern, text, status) => {
    expect(await server.run(matches(pattern), JSON.stringify(text))).toMatchObject({ status });
  });
});
