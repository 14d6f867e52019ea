import { expect, test } from "vitest";
import { compileDefinition } from "../../../server/asl/index.ts";
import type { JsonObject } from "../../../server/asl/index.ts";

/** A machine with one state `S`, given without what every state needs. */
function machine(state: JsonObject, rest: JsonObject = {}): string {
  return JSON.stringify({ StartAt: "S", States: { S: state, ...rest } });
}

const task = { Type: "Task", Resource: "r", End: true };
const retry = (retrier: JsonObject): string =>
  machine({ ...task, Retry: [{ ErrorEquals: ["E"], ...retrier }] });
const choice = (rule: JsonObject): string =>
  machine({ Type: "Choice", Choices: [{ Next: "D", ...rule }] }, { D: { Type: "Succeed" } });
const pass = (fields: JsonObject): string => machine({ Type: "Pass", End: true, ...fields });
const inner = { StartAt: "I", States: { I: { Type: "Pass", End: true } } };

function codes(text: string, type: "STANDARD" | "EXPRESS" = "STANDARD"): string[] {
  const { definition, diagnostics } = compileDefinition(text, { type });
  expect(definition === undefined).toBe(diagnostics.some(({ severity }) => severity === "ERROR"));
  return diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);
}

const jsonata = (state: object) => pass({ QueryLanguage: "JSONata", ...state });

test.each([
  ["1: an empty text", "", "DEFINITION_EMPTY "],
  ["1: a blank text", " \n", "DEFINITION_EMPTY "],
  ["2: JSON that stops short", '{"StartAt":', "DEFINITION_SYNTAX "],
  ["3: an array", "[]", "DEFINITION_NOT_OBJECT "],
  ["3: null", "null", "DEFINITION_NOT_OBJECT "],
  ["4: no StartAt", '{"States":{"A":{"Type":"Succeed"}}}', "MISSING_START_AT "],
  [
    "4: an unknown StartAt",
    '{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}',
    "UNKNOWN_STATE /StartAt",
  ],
  ["5: no States", '{"StartAt":"A"}', "NO_STATES "],
  ["5: empty States", '{"StartAt":"A","States":{}}', "NO_STATES /States"],
  [
    "6: Next to a missing state",
    machine({ Type: "Pass", Next: "T" }),
    "UNKNOWN_STATE /States/S/Next",
  ],
  [
    "6: Next into another branch",
    machine({
      Type: "Parallel",
      End: true,
      Branches: [{ StartAt: "A", States: { A: { Type: "Pass", Next: "S" } } }],
    }),
    "UNKNOWN_STATE /States/S/Branches/0/States/A/Next",
  ],
  [
    "7: an unreachable state",
    pass({}).replace("}}}", '},"B":{"Type":"Succeed"}}}'),
    "UNREACHABLE_STATE /States/B",
  ],
  ["8: Next and End", machine({ Type: "Pass", End: true, Next: "S" }), "NEXT_AND_END /States/S"],
  ["8: neither Next nor End", machine({ Type: "Pass" }), "MISSING_NEXT /States/S"],
  ["9: an unknown type", machine({ Type: "Taks", End: true }), "UNKNOWN_TYPE /States/S/Type"],
  ["9: an unknown field", pass({ Rezult: 1 }), "UNKNOWN_FIELD /States/S/Rezult"],
  [
    "9: a query language of an ItemProcessor's own",
    machine({ Type: "Map", End: true, ItemProcessor: { ...inner, QueryLanguage: "JSONata" } }),
    "UNKNOWN_FIELD /States/S/ItemProcessor/QueryLanguage",
  ],
  [
    "10: a key twice",
    '{"StartAt":"A","StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
    "DUPLICATE_KEY /StartAt",
  ],
  [
    "11: a name of 81 characters",
    machine({ Type: "Pass", Next: "n".repeat(81) }, { ["n".repeat(81)]: { Type: "Succeed" } }),
    `STATE_NAME_LENGTH /States/${"n".repeat(81)}`,
  ],
  [
    "11: an empty name",
    machine({ Type: "Pass", Next: "" }, { "": { Type: "Succeed" } }),
    "STATE_NAME_LENGTH /States/",
  ],
  [
    "11: a name twice across branches",
    machine({ Type: "Parallel", End: true, Branches: [inner, inner] }),
    "DUPLICATE_STATE_NAME /States/S/Branches/1/States/I",
  ],
  [
    "16: a Parallel without branches",
    machine({ Type: "Parallel", Branches: [], End: true }),
    "EMPTY_BRANCHES /States/S/Branches",
  ],
  ["16: a Map without processor", machine({ Type: "Map", End: true }), "MISSING_FIELD /States/S"],
  [
    "17: a Choice without rules",
    machine({ Type: "Choice", Choices: [] }),
    "EMPTY_CHOICES /States/S/Choices",
  ],
  ["17: an empty And", choice({ And: [] }), "EMPTY_CHOICES /States/S/Choices/0/And"],
  ["17: Not of an array", choice({ Not: [] }), "FIELD_TYPE /States/S/Choices/0/Not"],
  [
    "18: two operators",
    choice({ Variable: "$.a", NumericEquals: 1, IsNull: true }),
    "MULTIPLE_OPERATORS /States/S/Choices/0",
  ],
  ["18: no operator", choice({ Variable: "$.a" }), "MISSING_OPERATOR /States/S/Choices/0"],
  [
    "19: Seconds and Timestamp",
    machine({ Type: "Wait", Seconds: 1, Timestamp: "2030-01-01T00:00:00Z", End: true }),
    "WAIT_EXACTLY_ONE /States/S",
  ],
  ["19: neither", machine({ Type: "Wait", End: true }), "WAIT_EXACTLY_ONE /States/S"],
  ...[-1, 1.5, "5", 1e12].map((Seconds) => [
    `20: Wait Seconds ${JSON.stringify(Seconds)}`,
    machine({ Type: "Wait", Seconds, End: true }),
    "WAIT_SECONDS_RANGE /States/S/Seconds",
  ]),
  ...["2026-13-01", "2026-01-01T00:00:00", "+275761-01-01T00:00:00Z", "2026-02-30T00:00:00Z"].map(
    (Timestamp) => [
      `22: Timestamp ${Timestamp}`,
      machine({ Type: "Wait", Timestamp, End: true }),
      "TIMESTAMP_INVALID /States/S/Timestamp",
    ],
  ),
  ...[0, -5, 99_999_999_999].map((TimeoutSeconds) => [
    `25: TimeoutSeconds ${TimeoutSeconds}`,
    machine({ ...task, TimeoutSeconds }),
    "FIELD_RANGE /States/S/TimeoutSeconds",
  ]),
  [
    "25: a heartbeat as long as the timeout",
    machine({ ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
    "FIELD_RANGE /States/S/HeartbeatSeconds",
  ],
  [
    "26: IntervalSeconds 0",
    retry({ IntervalSeconds: 0 }),
    "FIELD_RANGE /States/S/Retry/0/IntervalSeconds",
  ],
  ["26: BackoffRate 0.5", retry({ BackoffRate: 0.5 }), "FIELD_RANGE /States/S/Retry/0/BackoffRate"],
  ["26: MaxAttempts -1", retry({ MaxAttempts: -1 }), "FIELD_RANGE /States/S/Retry/0/MaxAttempts"],
  ["26: MaxAttempts 1e9", retry({ MaxAttempts: 1e9 }), "FIELD_RANGE /States/S/Retry/0/MaxAttempts"],
  [
    "26: MaxDelaySeconds below IntervalSeconds",
    retry({ IntervalSeconds: 9, MaxDelaySeconds: 5 }),
    "FIELD_RANGE /States/S/Retry/0/MaxDelaySeconds",
  ],
  [
    "28: States.ALL with others",
    retry({ ErrorEquals: ["States.ALL", "E"] }),
    "STATES_ALL_ALONE_LAST /States/S/Retry/0/ErrorEquals",
  ],
  [
    "28: States.ALL not last",
    machine({ ...task, Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }] }),
    "STATES_ALL_ALONE_LAST /States/S/Retry/0/ErrorEquals",
  ],
  [
    "29: an empty ErrorEquals",
    retry({ ErrorEquals: [] }),
    "EMPTY_ERROR_EQUALS /States/S/Retry/0/ErrorEquals",
  ],
  [
    "29: an unknown States error",
    retry({ ErrorEquals: ["States.Foo"] }),
    "RESERVED_ERROR_NAME /States/S/Retry/0/ErrorEquals/0",
  ],
  ...["", "a\r\nb", "r".repeat(4096)].map((Resource) => [
    `30: Resource of ${Resource.length} characters`,
    machine({ ...task, Resource }),
    "RESOURCE_INVALID /States/S/Resource",
  ]),
  ...["$[", "", "$.", "$..", "a.b", "$.a[", "$['a", "$.a~", "$.a^", "$.a`b", "$[1:2"].map(
    (InputPath) => [
      `49, 53: path ${InputPath}`,
      pass({ InputPath }),
      "JSONPATH_SYNTAX /States/S/InputPath",
    ],
  ),
  ...[
    "$[(@.length-1)]",
    "$[?(@.constructor.constructor('return process')())]",
    "$.@array()",
    "$[?(@.a =~ /x/)]",
  ].map((InputPath) => [
    `50, 53: path ${InputPath}`,
    pass({ InputPath }),
    "JSONPATH_UNSUPPORTED /States/S/InputPath",
  ]),
  ...["$.a[*]", "$..a", "$.a[?(@.b)]", "$.a[0:1]", "$$.Execution", "$.a[-1]"].map((ResultPath) => [
    `52: ResultPath ${ResultPath}`,
    pass({ ResultPath }),
    "REFERENCE_PATH_REQUIRED /States/S/ResultPath",
  ]),
  [
    "54: a context path that can not be",
    pass({ InputPath: "$$.Execution.Nope" }),
    "CONTEXT_PATH_UNKNOWN /States/S/InputPath",
  ],
  [
    "54: a context path inside a call",
    pass({ Parameters: { "a.$": "States.Format('{}', $$.State.Nope)" } }),
    "CONTEXT_PATH_UNKNOWN /States/S/Parameters/a.$",
  ],
  [
    "57: a pattern that ends in a backslash",
    choice({ Variable: "$.a", StringMatches: "a\\" }),
    "PATTERN_INVALID /States/S/Choices/0/StringMatches",
  ],
  [
    "60: calls nested 11 deep",
    pass({ Parameters: { "a.$": "States.Array(".repeat(11) + ")".repeat(11) } }),
    "INTRINSIC_DEPTH /States/S/Parameters",
  ],
  [
    "61: an unterminated string",
    pass({ Parameters: { "a.$": "States.Format('a" } }),
    "INTRINSIC_SYNTAX /States/S/Parameters",
  ],
  [
    "an unknown function",
    pass({ Parameters: { "a.$": "States.Nope()" } }),
    "INTRINSIC_SYNTAX /States/S/Parameters",
  ],
  [
    "a template field without a text",
    pass({ Parameters: { a: [{ "b.$": 1 }] } }),
    "FIELD_TYPE /States/S/Parameters/a/0",
  ],
] as [string, string, string][])("row %s is refused", (_name, text, expected) => {
  expect(codes(text)).toContain(expected);
});

test("row 12: names of Object.prototype are names like any other", () => {
  const { definition } = compileDefinition(
    `{"StartAt":"__proto__","States":{"__proto__":{"Type":"Pass","Next":"constructor"},
      "constructor":{"Type":"Pass","Next":"toString"},"toString":{"Type":"Succeed"}}}`,
  );
  expect([...(definition?.states.keys() ?? [])]).toEqual(["__proto__", "constructor", "toString"]);
  expect(Object.hasOwn(Object.prototype, "Type")).toBe(false);
});

test("row 13: a definition may have 1 MiB, counted in bytes, and not one more", () => {
  const sized = (bytes: number): string =>
    pass({ Comment: "é".repeat(10) }).padEnd(bytes - 10, " ");
  expect(compileDefinition(sized(1_048_576)).diagnostics).toEqual([]);
  expect(codes(sized(1_048_577))).toEqual(["DEFINITION_TOO_LARGE "]);
});

test("row 14: more than 10,000 states are refused", () => {
  const states = Object.fromEntries(
    Array.from({ length: 10_001 }, (_, i) => [
      `s${i}`,
      i === 10_000 ? { Type: "Succeed" } : { Type: "Pass", Next: `s${i + 1}` },
    ]),
  );
  expect(codes(JSON.stringify({ StartAt: "s0", States: states }))).toEqual([
    "TOO_MANY_STATES /States",
  ]);
});

test.each([
  ["33", 1_000, ["NESTING_TOO_DEEP "]],
  ["15", 33, ["NESTING_TOO_DEEP"]],
  ["15", 32, []],
])("row 15: Parallel states nested %s (%i deep) have a limit of 32", (_row, depth, expected) => {
  let body = inner.States.I as JsonObject;
  for (let i = 0; i < depth; i += 1) {
    body = {
      Type: "Parallel",
      End: true,
      Branches: [{ StartAt: `s${i}`, States: { [`s${i}`]: body } }],
    };
  }
  expect(codes(machine(body)).map((code) => (depth > 999 ? code : code.split(" ")[0]))).toEqual(
    expected,
  );
});

test("a Resource that AWS does not have is refused as AWS does, one that only Pawl has is not", () => {
  const message = (Resource: string): string | undefined =>
    compileDefinition(machine({ ...task, Resource })).diagnostics[0]?.message;
  expect(message("arn:aws:states:::dynamodb:query")).toBe(
    "The resource provided arn:aws:states:::dynamodb:query is not recognized. " +
      "The value is not a valid resource ARN, or the resource is not available in this region.",
  );
  expect(message("arn:aws:states:::billing:charge")).toBeUndefined();
  expect(message("process:order")).toBeUndefined();
});

test.each([
  [
    "arn:aws:states:::states:startExecution.sync",
    "Express state machine does not support '.sync' service integration",
  ],
  [
    "arn:aws:states:::sns:publish.waitForTaskToken",
    "Express state machine does not support '.waitForTaskToken' service integration ",
  ],
  [
    "arn:aws:states:us-east-1:000000000000:activity:a",
    "Express state machine does not support Activity ARN",
  ],
])("an Express machine refuses %s in AWS's words", (Resource, message) => {
  const text = machine({ ...task, Resource });
  expect(
    compileDefinition(text, { type: "EXPRESS" }).diagnostics.map((found) => found.message),
  ).toEqual([message]);
});

test.each([
  { Resource: "arn:aws:states:::states:startExecution.sync", missing: "StateMachineArn" },
  { Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", missing: "FunctionName" },
])("$Resource must be told $missing", ({ Resource, missing }) => {
  const text = machine({ ...task, Resource, Parameters: {} });
  expect(compileDefinition(text, { type: "STANDARD" }).diagnostics).toMatchObject([
    {
      pointer: "/States/S/Parameters",
      message: `The field '${missing}' is required but was missing`,
    },
  ]);
});

test.each([
  [
    "a field of no state",
    pass({ Foo: 1 }),
    "SCHEMA_VALIDATION_FAILED",
    "Field 'Foo' is not supported",
  ],
  [
    "a field of the other query language",
    pass({ Output: 1 }),
    "SCHEMA_VALIDATION_FAILED",
    "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
  ],
  [
    "fields that exclude each other",
    machine({ Type: "Fail", Error: "E", ErrorPath: "$.e" }),
    "SCHEMA_VALIDATION_FAILED",
    "There should only be one of the following fields: [Error, ErrorPath]",
  ],
  [
    "a Default that is no state",
    machine({
      Type: "Choice",
      Choices: [{ Variable: "$", IsNull: true, Next: "S" }],
      Default: "B",
    }),
    "MISSING_TRANSITION_TARGET",
    "Missing 'Next' target: B",
  ],
  [
    "JSONata that does not parse",
    jsonata({ Output: "{% 1 + %}" }),
    "INVALID_JSONATA_EXPRESSION",
    "The JSONata expression '{% 1 + %}' is not valid: S0207: Unexpected end of expression (column 3)",
  ],
])("%s: AWS's code, and its words where they are known", (_what, text, awsCode, message) => {
  expect(compileDefinition(text).diagnostics[0]).toMatchObject({ awsCode, message });
});

test("everything that is wrong is said at once, in the order of the text, with positions and suggestions", () => {
  const text = `{
  "StartAt": "Frist",
  "States": {
    "First": { "Type": "Taks", "End": true },
    "Second": { "Type": "Wait", "Seconds": -1, "Nxet": "Third" }
  }
}`;
  const found = compileDefinition(text).diagnostics;
  expect(
    found.map(({ code, line, column, suggestion }) => ({
      code,
      at: `${line}:${column}`,
      suggestion,
    })),
  ).toEqual([
    { code: "UNKNOWN_STATE", at: "2:14", suggestion: "did you mean First?" },
    { code: "UNKNOWN_TYPE", at: "4:24", suggestion: "did you mean Task?" },
    { code: "MISSING_NEXT", at: "5:15", suggestion: undefined },
    { code: "WAIT_SECONDS_RANGE", at: "5:44", suggestion: undefined },
    { code: "UNKNOWN_FIELD", at: "5:48", suggestion: "did you mean Next?" },
  ]);
});

test("what is valid at AWS, but not here, is refused as that alone", () => {
  const text = machine({
    Type: "Map",
    End: true,
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "PARQUET" },
    },
    ItemProcessor: {
      ...inner,
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    },
  });
  expect(compileDefinition(text).diagnostics.map(({ code }) => code)).toEqual([
    "PARQUET_UNSUPPORTED",
  ]);
});

test("a definition of nothing but mistakes takes no time and says no more than 1,000 of them", () => {
  const states = Object.fromEntries(
    Array.from({ length: 9_000 }, (_, i) => [
      `state${i}`,
      { Type: "Pass", Next: `stat${i}`, Nxet: i },
    ]),
  );
  const started = performance.now();
  expect(
    compileDefinition(JSON.stringify({ StartAt: "state0", States: states })).diagnostics,
  ).toHaveLength(1_000);
  expect(performance.now() - started).toBeLessThan(1_000);
});

const inBranch = (state: object) =>
  machine({
    Type: "Parallel",
    Assign: { outer: 1 },
    End: true,
    Branches: [{ StartAt: "I", States: { I: { Type: "Pass", End: true, ...state } } }],
  });

test.each([
  ["JSONATA_SYNTAX", "/States/S/Output/x", jsonata({ Output: { x: "{% 1 + %}" } })],
  ["JSONATA_SYNTAX", "/States/S/Output", jsonata({ Output: "{% %}" })],
  ["JSONATA_SYNTAX", "/States/S/Output", jsonata({ Output: "{% 1" })],
  ["JSONATA_UNSUPPORTED", "/States/S/Output", jsonata({ Output: "{% $match('a', /a(?=b)/) %}" })],
  [
    "EXPRESSION_TOO_LARGE",
    "/States/S/Output",
    jsonata({ Output: `{% ${"1+".repeat(20_000)}1 %}` }),
  ],
  [
    "EXPRESSION_TOO_LARGE",
    "/States/S/Output",
    jsonata({ Output: `{% ${"(".repeat(15_000)}1${")".repeat(15_000)} %}` }),
  ],
  ["OTHER_QUERY_LANGUAGE", "/States/S/Parameters", jsonata({ Parameters: {} })],
  ["OTHER_QUERY_LANGUAGE", "/States/S/InputPath", jsonata({ InputPath: "$" })],
  ["OTHER_QUERY_LANGUAGE", "/States/S/Output", pass({ Output: "{% 1 %}" })],
  ["VARIABLE_NAME", "/States/S/Assign/states", pass({ Assign: { states: 1 } })],
  ["VARIABLE_NAME", "/States/S/Assign/states.$", pass({ Assign: { "states.$": "$" } })],
  ["VARIABLE_NAME", "/States/S/Assign/a b", pass({ Assign: { "a b": 1 } })],
  ["VARIABLE_NAME", "/States/S/Assign/1a", jsonata({ Assign: { "1a": 1 } })],
  [
    "VARIABLE_NAME",
    `/States/S/Assign/${"v".repeat(81)}`,
    pass({ Assign: { ["v".repeat(81)]: 1 } }),
  ],
  ["FIELD_TYPE", "/States/S/Assign", pass({ Assign: [] })],
  ["UNKNOWN_FIELD", "/States/S/Assign", machine({ Type: "Succeed", Assign: {} })],
  [
    "VARIABLE_OF_OUTER_SCOPE",
    "/States/S/Branches/0/States/I/Assign/outer.$",
    inBranch({ Assign: { "outer.$": "$" } }),
  ],
])("%s at %s", (code, pointer, text) => {
  const { diagnostics } = compileDefinition(text);
  expect(diagnostics.map((found) => [found.code, found.pointer])).toEqual([[code, pointer]]);
});
