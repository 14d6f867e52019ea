/** ASL § Choice State: Data-test Expressions and Boolean Expressions. */
import { expect, test } from "vitest";
import { compileChoiceRule } from "../../../server/asl/data/choice-rule.ts";
import { operatorNames } from "../../../server/asl/data/comparison.ts";
import { compileGlob } from "../../../server/asl/data/glob.ts";
import { parseJson } from "../../../server/asl/index.ts";
import type { Json, JsonObject } from "../../../server/asl/index.ts";
import { StatesError } from "../../../server/asl/states-error.ts";
import { evaluation } from "../../support/asl/evaluation.ts";

function holds(rule: JsonObject, input: Json): boolean {
  return compileChoiceRule(rule)(evaluation(input));
}

const early = "2020-01-01T00:00:00Z";
const late = "2020-01-01T02:00:00+01:00";

/** For each type: a smaller and a larger value. */
const pairs: { readonly [type: string]: readonly [Json, Json] } = {
  String: ["a", "b"],
  Numeric: [1, 1.5],
  Timestamp: [early, late],
};
const orders: { readonly [order: string]: readonly [boolean, boolean, boolean] } = {
  // value < operand, value = operand, value > operand
  Equals: [false, true, false],
  LessThan: [true, false, false],
  GreaterThan: [false, false, true],
  LessThanEquals: [true, true, false],
  GreaterThanEquals: [false, true, true],
};

const ordered = Object.entries(pairs).flatMap(([type, [small, large]]) =>
  Object.entries(orders).map(([order, expected]) => ({
    operator: type + order,
    small,
    large,
    expected,
  })),
);

test.each(ordered)("$operator and $operator'Path", ({ operator, small, large, expected }) => {
  const cases = [
    [small, large],
    [small, small],
    [large, small],
  ] as const;
  expect(
    cases.map(([v, operand]) => holds({ Variable: "$.v", [operator]: operand }, { v })),
  ).toEqual(expected);
  expect(
    cases.map(([v, o]) => holds({ Variable: "$.v", [`${operator}Path`]: "$.o" }, { v, o })),
  ).toEqual(expected);
});

test("with And, Or and Not there are the 39 + 3 operators of ASL that have values, and IsPresent", () => {
  // 16 comparisons, each with a Path form, StringMatches, five type tests and IsPresent.
  expect(operatorNames).toHaveLength(16 * 2 + 1 + 5 + 1);
});

test.each([
  ["BooleanEquals", true, [true], [false, "true", 1, null]],
  ["BooleanEquals", false, [false], [true, 0, null, ""]],
  ["StringEquals", "1", ["1"], [1, " 1", ["1"], null]],
  ["NumericEquals", 0, [0, 0.0, -0], ["0", false, null, [0]]],
  ["TimestampEquals", early, [early, "2019-12-31T19:00:00-05:00"], ["2020-01-01", 0, null]],
  ["StringMatches", "log-*.txt", ["log-a.txt", "log-.txt"], ["log.txt", "xlog-a.txt", 1, null]],
  ["IsNull", true, [null], [0, "", false, [], {}]],
  ["IsNull", false, [0, "", false, [], {}], [null]],
  ["IsString", true, ["", "x"], [1, null, ["x"]]],
  ["IsNumeric", true, [1, -1.5], ["1", true, null]],
  ["IsBoolean", true, [true, false], ["true", 0, null]],
  ["IsTimestamp", true, [early, late], ["2020-01-01", "x", 1, null]],
  ["IsTimestamp", false, ["2020-01-01", 1], [early]],
] as [string, Json, Json[], Json[]][])(
  "%s %j: another type is false, not an error",
  (operator, operand, yes, no) => {
    const rule = { Variable: "$.v", [operator]: operand };
    expect(yes.filter((v) => !holds(rule, { v }))).toEqual([]);
    expect(no.filter((v) => holds(rule, { v }))).toEqual([]);
  },
);

test("NumericEquals tells 64-bit numbers apart", () => {
  const rule = parseJson('{"Variable":"$.v","NumericEquals":9007199254740993}') as JsonObject;
  expect(holds(rule, parseJson('{"v":9007199254740993}'))).toBe(true);
  expect(holds(rule, parseJson('{"v":9007199254740992}'))).toBe(false);
});

test.each([
  [
    {
      And: [
        { Variable: "$.a", IsNull: true },
        { Variable: "$.b", IsNull: true },
      ],
    },
    { a: null, b: 1 },
    false,
  ],
  [
    {
      Or: [
        { Variable: "$.a", IsNull: true },
        { Variable: "$.b", IsNull: true },
      ],
    },
    { a: 1, b: null },
    true,
  ],
  [{ Not: { Variable: "$.a", IsNull: true } }, { a: 1 }, true],
  [
    {
      Not: { And: [{ Variable: "$.a", IsNull: true }, { Not: { Variable: "$.b", IsNull: true } }] },
    },
    { a: null, b: null },
    true,
  ],
  [
    {
      And: [
        { Variable: "$.no", IsPresent: true },
        { Variable: "$.no", NumericEquals: 1 },
      ],
    },
    {},
    false,
  ],
  [
    {
      Or: [
        { Variable: "$.no", IsPresent: false },
        { Variable: "$.no", NumericEquals: 1 },
      ],
    },
    {},
    true,
  ],
] as [JsonObject, Json, boolean][])(
  "boolean expressions nest and stop at the first answer: %j",
  (rule, input, expected) => {
    expect(holds(rule, input)).toBe(expected);
  },
);

test.each([
  ["$.a", { a: null }, true],
  ["$.a", {}, false],
  ["$.a.b", { a: 1 }, false],
  ["$.a[*]", { a: [1] }, true],
  ["$.a[*]", { a: [] }, false],
  ["$.a[5]", { a: [] }, false],
] as [string, Json, boolean][])("IsPresent of %s in %j is %s", (Variable, input, expected) => {
  expect(holds({ Variable, IsPresent: true }, input)).toBe(expected);
  expect(holds({ Variable, IsPresent: false }, input)).toBe(!expected);
});

test.each([
  { Variable: "$.no", NumericEquals: 1 },
  { Variable: "$.no", IsNull: true },
  { Variable: "$.no", StringMatches: "*" },
  { Variable: "$.v", StringEqualsPath: "$.no" },
  { Not: { Variable: "$.no", IsString: true } },
])("row 56: a Variable or operand that names nothing fails the execution: %j", (rule) => {
  expect(() => holds(rule, { v: "x" })).toThrow(
    new StatesError(
      "States.Runtime",
      "Invalid path '$.no': The choice state's condition path references an invalid value.",
    ),
  );
});

test.each([
  ["*", "", true],
  ["**", "x", true],
  ["a*b*c", "aXbYc", true],
  ["a*b*c", "abc", true],
  ["a*b*c", "acb", false],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["*a*", "bab", true],
  ["\\*", "*", true],
  ["\\*", "x", false],
  ["\\\\*", "\\x", true],
  ["", "", true],
  ["", "x", false],
  ["a?c", "abc", false],
  ["[a]", "a", false],
])("StringMatches %j takes %j: %s", (pattern, text, expected) => {
  expect(compileGlob(pattern)(text)).toBe(expected);
});

test("row 57: a hostile pattern takes linear time", () => {
  const started = performance.now();
  expect(compileGlob("*a*a*a*a*a*a*b")("a".repeat(262_144))).toBe(false);
  expect(compileGlob(`${"*a".repeat(1_000)}*b*`)("a".repeat(262_144))).toBe(false);
  expect(performance.now() - started).toBeLessThan(50);
});
