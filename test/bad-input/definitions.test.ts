import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "../support/api-server.ts";
import { choice, machine, nested, pass, retry, task, wait } from "./support/machines.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const inner = { StartAt: "I", States: { I: { Type: "Pass", End: true } } };
const longName = "n".repeat(81);
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from("bcdefgh")
  .map((key, at) => `${key}: &${key} [${`*${"abcdefg"[at]},`.repeat(9).slice(0, -1)}]`)
  .join("\n")}`;
const sized = (bytes: number): string => pass({ Comment: "é" }).padEnd(bytes - 1, " ");
const tenThousand = JSON.stringify({
  StartAt: "s0",
  States: Object.fromEntries(
    Array.from({ length: 10_001 }, (_, at) => [
      `s${at}`,
      at === 10_000 ? { Type: "Succeed" } : { Type: "Pass", Next: `s${at + 1}` },
    ]),
  ),
});

/** `named`: what the message must say. */
type Row = readonly [row: number, what: string, definition: string, reason: string, named?: RegExp];

const rows: readonly Row[] = [
  [1, "an empty definition", "", "DEFINITION_EMPTY"],
  [1, "a blank definition", " \n", "DEFINITION_EMPTY"],
  [1, "nothing but a YAML comment", "# later", "DEFINITION_NOT_OBJECT"],
  [2, "JSON that stops short", '{"StartAt":', "DEFINITION_SYNTAX", /line 1/],
  [2, "YAML that is none", "StartAt: [\nStates: }", "DEFINITION_SYNTAX", /line 2/],
  [3, "an array", "[]", "DEFINITION_NOT_OBJECT"],
  [3, "a number", "7", "DEFINITION_NOT_OBJECT"],
  [3, "null", "null", "DEFINITION_NOT_OBJECT"],
  [4, "no StartAt", '{"States":{"A":{"Type":"Succeed"}}}', "MISSING_START_AT", /StartAt/],
  [
    4,
    "an unknown StartAt",
    '{"StartAt":"Frist","States":{"First":{"Type":"Succeed"}}}',
    "UNKNOWN_STATE",
    /did you mean First/,
  ],
  [5, "no states", '{"StartAt":"A","States":{}}', "NO_STATES", /\/States/],
  [
    6,
    "Next to a missing state",
    machine({ Type: "Pass", Next: "T" }),
    "UNKNOWN_STATE",
    /\/S\/Next/,
  ],
  [
    6,
    "Next into another branch",
    machine({
      Type: "Parallel",
      End: true,
      Branches: [{ StartAt: "A", States: { A: { Type: "Pass", Next: "S" } } }],
    }),
    "UNKNOWN_STATE",
    /Branches\/0\/States\/A\/Next/,
  ],
  [
    7,
    "a state that nothing leads to",
    machine({ Type: "Pass", End: true }, { B: { Type: "Succeed" } }),
    "UNREACHABLE_STATE",
    /\/States\/B/,
  ],
  [8, "Next and End", machine({ Type: "Pass", End: true, Next: "S" }), "NEXT_AND_END"],
  [8, "neither Next nor End", machine({ Type: "Pass" }), "MISSING_NEXT"],
  [9, "an unknown type", machine({ Type: "Taks", End: true }), "UNKNOWN_TYPE", /did you mean Task/],
  [9, "an unknown field", pass({ Rezult: 1 }), "UNKNOWN_FIELD", /did you mean Result/],
  [
    10,
    "a key twice",
    '{"StartAt":"A","StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
    "DUPLICATE_KEY",
    /StartAt/,
  ],
  [
    11,
    "a state name of 81 characters",
    machine({ Type: "Pass", Next: longName }, { [longName]: { Type: "Succeed" } }),
    "STATE_NAME_LENGTH",
    /80/,
  ],
  [
    11,
    "an empty state name",
    machine({ Type: "Pass", Next: "" }, { "": { Type: "Succeed" } }),
    "STATE_NAME_LENGTH",
  ],
  [
    11,
    "a state name in two branches",
    machine({ Type: "Parallel", End: true, Branches: [inner, inner] }),
    "DUPLICATE_STATE_NAME",
  ],
  [13, "1 MiB and one byte", sized(1_048_577), "DEFINITION_TOO_LARGE", /1,?048,?576/],
  [14, "10,001 states", tenThousand, "TOO_MANY_STATES", /10,?000/],
  [15, "Parallel states nested 33 deep", nested(33), "NESTING_TOO_DEEP", /32/],
  [15, "Parallel states nested 1,000 deep", nested(1_000), "NESTING_TOO_DEEP"],
  [
    16,
    "a Parallel without branches",
    machine({ Type: "Parallel", Branches: [], End: true }),
    "EMPTY_BRANCHES",
  ],
  [16, "a Map without processor", machine({ Type: "Map", End: true }), "MISSING_FIELD"],
  [17, "a Choice without rules", machine({ Type: "Choice", Choices: [] }), "EMPTY_CHOICES"],
  [17, "an empty And", choice({ And: [] }), "EMPTY_CHOICES"],
  [17, "Not of an array", choice({ Not: [] }), "FIELD_TYPE"],
  [
    18,
    "two operators in one rule",
    choice({ Variable: "$.a", NumericEquals: 1, IsNull: true }),
    "MULTIPLE_OPERATORS",
  ],
  [
    19,
    "Seconds and Timestamp",
    wait({ Seconds: 1, Timestamp: "2030-01-01T00:00:00Z" }),
    "WAIT_EXACTLY_ONE",
  ],
  [19, "a Wait for nothing", wait({}), "WAIT_EXACTLY_ONE"],
  ...[-1, 1.5, "5", 1e12].map((Seconds): Row => [
    20,
    `Wait Seconds ${JSON.stringify(Seconds)}`,
    wait({ Seconds }),
    "WAIT_SECONDS_RANGE",
    Number.isInteger(Seconds) ? /99,?999,?999/ : /Integer/,
  ]),
  ...["2026-13-01", "2026-01-01T00:00:00", "+275761-01-01T00:00:00Z"].map((Timestamp): Row => [
    22,
    `Timestamp ${Timestamp}`,
    wait({ Timestamp }),
    "TIMESTAMP_INVALID",
  ]),
  ...[0, -5, 99_999_999_999].map((TimeoutSeconds): Row => [
    25,
    `TimeoutSeconds ${TimeoutSeconds}`,
    task({ TimeoutSeconds }),
    "FIELD_RANGE",
    /TimeoutSeconds/,
  ]),
  [
    25,
    "a heartbeat as long as the timeout",
    task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
    "FIELD_RANGE",
    /HeartbeatSeconds/,
  ],
  ...[
    { IntervalSeconds: 0 },
    { BackoffRate: 0.5 },
    { MaxAttempts: -1 },
    { MaxAttempts: 1e9 },
    { IntervalSeconds: 9, MaxDelaySeconds: 5 },
  ].map((retrier): Row => [26, JSON.stringify(retrier), retry(retrier), "FIELD_RANGE", /Retry\/0/]),
  [
    28,
    "States.ALL with others",
    retry({ ErrorEquals: ["States.ALL", "E"] }),
    "STATES_ALL_ALONE_LAST",
  ],
  [
    28,
    "States.ALL before others",
    task({ Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }] }),
    "STATES_ALL_ALONE_LAST",
  ],
  [29, "an empty ErrorEquals", retry({ ErrorEquals: [] }), "EMPTY_ERROR_EQUALS"],
  [29, "an unknown States error", retry({ ErrorEquals: ["States.Foo"] }), "RESERVED_ERROR_NAME"],
  [30, "an empty Resource", task({ Resource: "" }), "RESOURCE_INVALID"],
  [30, "a Resource with CR LF", task({ Resource: "a\r\nb" }), "RESOURCE_INVALID"],
  [30, "a Resource of 4 kB", task({ Resource: "r".repeat(4_096) }), "RESOURCE_INVALID"],
  [33, "a YAML alias bomb", bomb, "YAML_ALIASES_NOT_ALLOWED"],
  [34, "a YAML node within itself", "a: &a\n  b: *a\n", "YAML_ALIASES_NOT_ALLOWED"],
  ...["!!js/function 'f'", "!custom x", "!!binary aGk=", "!!timestamp 2026-01-01"].map(
    (value): Row => [35, `YAML ${value}`, `StartAt: ${value}\nStates: {}\n`, "YAML_TAG"],
  ),
  [36, "YAML nested 5,000 deep", "[".repeat(5_000) + "]".repeat(5_000), "NESTING_TOO_DEEP"],
  [36, "YAML blocks nested 5,000 deep", `a:\n${"- ".repeat(5_000)}x`, "NESTING_TOO_DEEP"],
  [36, "a scalar of 2 MB", `a: "${"x".repeat(2_000_000)}"`, "DEFINITION_TOO_LARGE"],
  [37, "two YAML documents", "StartAt: A\n---\nStates: {}\n", "DEFINITION_SYNTAX", /line \d/],
  [37, "a YAML key twice", "StartAt: A\nStartAt: A\nStates: {}\n", "DUPLICATE_KEY", /line 2/],
  [37, "YAML indented by tabs", "States:\n\tA:\n\t\tType: Pass\n", "DEFINITION_SYNTAX", /line 2/],
  [
    38,
    "a YAML .nan",
    "StartAt: A\nStates: {A: {Type: Pass, Result: .nan, End: true}}\n",
    "NON_FINITE",
    /line 2/,
  ],
];

describe("definitions that are refused, by gRPC with reason, field and place, and by the AWS door", () => {
  const cases = rows.map(([row, what, definition, reason, named = /./]) => ({
    row,
    what,
    definition,
    reason,
    named,
  }));
  test.each(cases)("row $row: $what is refused", async ({ definition, reason, named }) => {
    const begun = performance.now();
    const refusal = await refused(
      server.machines.call("createStateMachine", { stateMachine: { name: "bad", definition } }),
    );
    const tookMs = performance.now() - begun;
    expect(refusal).toMatchObject({ code: 3, violations: expect.arrayContaining(["definition"]) });
    const { fieldViolations } = refusal.details["BadRequest"] as {
      fieldViolations: { reason: string; description: string }[];
    };
    const found = fieldViolations.find((violation) => violation.reason === reason);
    expect(fieldViolations).toContain(found);
    expect(`${refusal.message} ${found!.description}`).toMatch(named);
    expect(tookMs).toBeLessThan(1_000);

    const aws = await server.aws("CreateStateMachine", {
      name: "bad",
      definition,
      roleArn: "arn:aws:iam::000000000000:role/r",
    });
    expect(aws.status).toBe(400);
    expect(["InvalidDefinition", "ValidationException"]).toContain(aws.body["__type"]);
  });
});

test("rows 33-34: a YAML bomb is refused before it is built, in milliseconds", async () => {
  const begun = performance.now();
  const answer = await server.machines.call("validateDefinition", { definition: bomb });
  expect(answer.diagnostics[0]?.code).toBe("YAML_ALIASES_NOT_ALLOWED");
  expect(performance.now() - begun).toBeLessThan(250);
});

describe("definitions that are taken", () => {
  test.each([
    [
      11,
      "a state name of 80 characters",
      machine({ Type: "Pass", Next: "n".repeat(80) }, { ["n".repeat(80)]: { Type: "Succeed" } }),
    ],
    [13, "1 MiB", sized(1_048_576)],
    [15, "Parallel states nested 32 deep", nested(32)],
    [22, "a Timestamp in the year 9999", wait({ Timestamp: "9999-12-31T23:59:59Z" })],
    [30, "a Resource that no worker serves", task({ Resource: "nobody:serves" })],
    [39, "a definition with a byte order mark", `\ufeff${pass()}`],
  ])("row %i: %s is taken", async (_row, _what, definition) => {
    expect(await server.apply(definition)).toMatch(/^m\d+$/);
  });

  test("row 12: states named like parts of Object.prototype work and pollute nothing", async () => {
    const execution = await server.run(
      `{"StartAt":"__proto__","States":{"__proto__":{"Type":"Pass","Result":1,"Next":"constructor"},
        "constructor":{"Type":"Pass","Next":"toString"},"toString":{"Type":"Succeed"}}}`,
    );
    expect(execution.output).toBe("1");
    expect(({} as Record<string, unknown>)["Type"]).toBeUndefined();
  });

  test("row 38: YAML scalars are those of YAML 1.2", async () => {
    const execution = await server.run(
      "StartAt: NO\nStates:\n  NO: {Type: Pass, Result: {a: 012, b: 2026-01-01, c: yes, d: 0o14}, End: true}\n",
    );
    expect(JSON.parse(execution.output)).toEqual({ a: 12, b: "2026-01-01", c: "yes", d: 12 });
  });
});
