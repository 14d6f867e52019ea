import { expect, test } from "vitest";
import { contextObject } from "../../../server/asl/data/context-object.ts";
import { compilePayloadTemplate } from "../../../server/asl/data/payload-template.ts";
import { compileReferencePath } from "../../../server/asl/data/reference-path.ts";
import { compareInstants, parseTimestamp } from "../../../server/asl/data/timestamp.ts";
import { parseJson, stringifyJson } from "../../../server/asl/index.ts";
import type { Json } from "../../../server/asl/index.ts";
import { StatesError } from "../../../server/asl/states-error.ts";
import { evaluation } from "../../support/asl/evaluation.ts";

function fill(template: Json, input: Json): Json | Promise<Json> {
  const problems: unknown[] = [];
  const expression = compilePayloadTemplate(template, (problem) => problems.push(problem));
  expect(problems).toEqual([]);
  return expression.evaluate(evaluation(input, { State: { Name: "S" } }));
}

test.each([
  [
    { "a.$": "$.x", b: "$.x" },
    { a: 1, b: "$.x" },
  ],
  [{ "a.$": "$" }, { a: { x: 1, list: [1, 2] } }],
  [{ "a.$": "$$.State.Name" }, { a: "S" }],
  [{ "a.$": "$.list[*]" }, { a: [1, 2] }],
  [{ "a.$": "States.MathAdd($.x, 1)" }, { a: 2 }],
  [
    { a: { b: { "c.$": "$.x" } }, d: [{ "e.$": "$.x" }, "f"] },
    { a: { b: { c: 1 } }, d: [{ e: 1 }, "f"] },
  ],
  [
    { Comment: "stays", comment: "too" },
    { Comment: "stays", comment: "too" },
  ],
  [{ ".$": "$.x" }, { "": 1 }],
  ["$.x", "$.x"],
  [
    [1, null],
    [1, null],
  ],
] as [Json, Json][])("a template is filled: %j", (template, expected) => {
  expect(fill(template, { x: 1, list: [1, 2] })).toEqual(expected);
});

test("a part of a template that needs no input is shared, not copied", () => {
  const constant = { big: [1, 2, 3] };
  const filled = fill({ constant, "x.$": "$.x" }, { x: 1 }) as { constant: Json };
  expect(filled.constant).toBe(constant);
});

test("row 46: a field named __proto__ stays a field", () => {
  const filled = fill(parseJson('{"__proto__.$":"$.x","y":1}'), { x: { admin: true } });
  expect(stringifyJson(filled as Json)).toBe('{"__proto__":{"admin":true},"y":1}');
  expect((filled as { admin?: true }).admin).toBeUndefined();
});

test("row 55: a missing value names its field with .$, its path and the input", () => {
  expect(() => fill({ a: { "b.$": "$.no" } }, { x: 1 })).toThrow(
    new StatesError(
      "States.Runtime",
      `The JSONPath '$.no' specified for the field 'b.$' could not be found in the input '{"x":1}'`,
    ),
  );
});

test.each([
  ["$", { a: 1 }, "R"],
  ["$.b", { a: 1 }, { a: 1, b: "R" }],
  ["$.a", { a: 1 }, { a: "R" }],
  ["$.b.c.d", { a: 1 }, { a: 1, b: { c: { d: "R" } } }],
  ["$.a.c", { a: { b: null } }, { a: { b: null, c: "R" } }],
  ["$['a b']", {}, { "a b": "R" }],
  ["$.list[1]", { list: [1, 2, 3] }, { list: [1, "R", 3] }],
  ["$.list[0].x", { list: [{ y: 1 }] }, { list: [{ y: 1, x: "R" }] }],
] as [string, Json, Json][])(
  "ResultPath %s puts the result into %j",
  (path, document, expected) => {
    const before = stringifyJson(document);
    expect(compileReferencePath(path).put(document, "R")).toEqual(expected);
    expect(stringifyJson(document)).toBe(before);
  },
);

test.each([
  ["$.a", "text"],
  ["$.a", [1]],
  ["$.a.b", { a: 1 }],
  ["$.a.b", { a: null }],
  ["$.list[3]", { list: [1, 2, 3] }],
  ["$.list[0]", {}],
  ["$[0]", {}],
] as [string, Json][])("ResultPath %s can not be applied to %j", (path, document) => {
  expect(() => compileReferencePath(path).put(document, 1)).toThrow(
    new StatesError(
      "States.ResultPathMatchFailure",
      `Unable to apply ReferencePath ${path} to input ${stringifyJson(document)}`,
    ),
  );
});

test("row 46: ResultPath $.__proto__.x makes an own key and pollutes nothing", () => {
  const made = compileReferencePath("$.__proto__.x").put(
    parseJson('{"__proto__":{"y":1},"z":2}'),
    true,
  );
  expect(stringifyJson(made)).toBe('{"__proto__":{"y":1,"x":true},"z":2}');
  expect(stringifyJson(compileReferencePath("$.__proto__.x").put({}, true))).toBe(
    '{"__proto__":{"x":true}}',
  );
  expect(({} as { x?: true }).x).toBeUndefined();
});

const execution = {
  executionArn: "arn:e",
  name: "n",
  roleArn: "arn:r",
  startTimeMs: 0,
  stateMachineArn: "arn:s",
  stateMachineName: "m",
  isSync: false,
};

test.each([
  [
    "STANDARD",
    false,
    '{"Execution":{"Id":"arn:e","Input":{"a":1},"StartTime":"1970-01-01T00:00:00.000Z","Name":"n","RoleArn":"arn:r","RedriveCount":0},' +
      '"StateMachine":{"Id":"arn:s","Name":"m"},"State":{"Name":"S","EnteredTime":"1970-01-01T00:00:00.001Z"}}',
  ],
  [
    "EXPRESS",
    false,
    '{"Execution":{"Id":"arn:e","Input":{"a":1},"Name":"n","RoleArn":"arn:r","StartTime":"1970-01-01T00:00:00.000Z","RedriveCount":0},' +
      '"StateMachine":{"Id":"arn:s","Name":"m"},"State":{"Name":"S","EnteredTime":"1970-01-01T00:00:00.001Z"}}',
  ],
  [
    "EXPRESS",
    true,
    '{"Execution":{"Id":"arn:e","Input":{"a":1},"Name":"n","RoleArn":"arn:r","StartTime":"1970-01-01T00:00:00.000Z"},' +
      '"StateMachine":{"Id":"arn:s","Name":"m"},"State":{"Name":"S","EnteredTime":"1970-01-01T00:00:00.001Z"}}',
  ],
] as const)(
  "the context object of %s, synchronous %s, has AWS's keys in AWS's order",
  (type, isSync, expected) => {
    const state = { name: "S", enteredMs: 1 };
    expect(
      stringifyJson(
        contextObject({ execution: { ...execution, type, isSync }, input: { a: 1 }, state }),
      ),
    ).toBe(expected);
  },
);

test("the context object has RetryCount, Map.Item and Task.Token where they exist", () => {
  const context = contextObject({
    execution: { ...execution, type: "STANDARD" },
    input: {},
    state: { name: "S", enteredMs: 0, retryCount: 2 },
    mapItem: { index: 1, value: "v" },
    taskToken: "t",
  });
  expect(context).toMatchObject({
    State: { RetryCount: 2 },
    Map: { Item: { Index: 1, Value: "v" } },
    Task: { Token: "t" },
  });
});

test.each([
  ["2016-03-14T01:59:00Z", "2016-03-14T01:59:00.000Z"],
  ["2016-03-14T01:59:00.123456789Z", "2016-03-14T01:59:00.123Z"],
  ["2016-03-14T01:59:00+01:30", "2016-03-14T00:29:00.000Z"],
  ["2016-02-29T23:59:59-05:00", "2016-03-01T04:59:59.000Z"],
  ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
])("%s is the instant %s", (text, expected) => {
  expect(new Date(parseTimestamp(text)?.ms ?? Number.NaN).toISOString()).toBe(expected);
});

test.each([
  "2016-03-14",
  "2016-03-14T01:59:00",
  "2016-03-14 01:59:00Z",
  "05-12-2016T21:29:29Z",
  "2016-13-05T21:29:29Z",
  "2016-12-05T25:29:29Z",
  "2016-12-05T24:00:00Z",
  "2015-02-29T00:00:00Z",
  "2016-12-05T21:60:00Z",
  "275761-01-01T00:00:00Z",
  "+275761-01-01T00:00:00Z",
  "2016-12-05T21:29:29+25:00",
  "",
  "Z",
])("row 22: '%s' is no timestamp", (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});

test("timestamps compare to the nanosecond", () => {
  const [a, b] = ["2020-01-01T00:00:00.0000001Z", "2020-01-01T00:00:00.0000002Z"].map((text) =>
    parseTimestamp(text)!,
  );
  expect(compareInstants(a!, b!)).toBeLessThan(0);
});
