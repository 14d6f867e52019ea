import { expect, test } from "vitest";
import { checkPayload, equalJson, parseJson, stringifyJson } from "../../../server/asl/index.ts";
import { compareNumbers } from "../../../server/asl/json-number.ts";

const limits = { bytesMax: 262_144 };

test.each([
  ["12345678901234567890", "12345678901234567890"],
  ["9007199254740993", "9007199254740993"],
  ["0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"],
  ["1e-400", "1e-400"],
  ["1.0", "1"],
  ["0.10000000000000000000", "0.1"],
  ["-0", "0"],
  ["[-0.0]", "[0]"],
  ["1e2", "100"],
  ['{"id":12345678901234567890,"n":1}', '{"id":12345678901234567890,"n":1}'],
  ['"12345678901234567890"', '"12345678901234567890"'],
])("row 45: %s leaves as %s", (text, expected) => {
  expect(stringifyJson(parseJson(text))).toBe(expected);
});

test("row 45: -0 is 0", () => {
  expect(Object.is(parseJson("-0"), 0)).toBe(true);
  expect(Object.is((parseJson('{"a": -0.0e1}') as { a: number }).a, 0)).toBe(true);
});

test("row 46: __proto__ is a key like any other", () => {
  const value = parseJson('{"__proto__":{"admin":true},"big":12345678901234567890}') as {
    admin?: true;
  };
  expect(value.admin).toBeUndefined();
  expect(stringifyJson(value)).toBe('{"__proto__":{"admin":true},"big":12345678901234567890}');
});

test("row 48: of two equal keys in an input the last wins", () => {
  expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
});

test.each([
  ["1", "1.0", true],
  ["12345678901234567890", "12345678901234567890.0", true],
  ["12345678901234567890", "12345678901234567891", false],
  ["9007199254740993", "9007199254740992", false],
  ['{"a":1,"b":[null]}', '{"b":[null],"a":1}', true],
  ['{"a":1}', '{"a":1,"b":2}', false],
  ['{"a":null}', '{"b":null}', false],
  ["[1,2]", "[2,1]", false],
  ["1", '"1"', false],
  ["[]", "{}", false],
  ["null", "false", false],
])("%s equals %s: %s", (left, right, expected) => {
  expect(equalJson(parseJson(left), parseJson(right))).toBe(expected);
});

test.each([
  ["12345678901234567890", "12345678901234567891", -1],
  ["-12345678901234567890", "-12345678901234567891", 1],
  ["12345678901234567890", "1", 1],
  ["9007199254740993", "9007199254740992", 1],
  ["1e400", "2e400", -1],
  ["12345678901234567890", "12345678901234567890.00", 0],
  ["1e-400", "0", 1],
])("%s compared with %s gives %i", (left, right, expected) => {
  expect(compareNumbers(parseJson(left) as number, parseJson(right) as number)).toBe(expected);
});

test.each([
  ["40: no JSON", "not json", "INPUT_SYNTAX", 3],
  ["40: nothing", "", "INPUT_SYNTAX", 0],
  ["40: a comma too many", '{"a":1,}', "INPUT_SYNTAX", 7],
  ["41: a byte too many", `"${"x".repeat(262_143)}"`, "INPUT_TOO_LARGE", undefined],
  ["41: bytes, not characters", `"${"😀".repeat(65_536)}"`, "INPUT_TOO_LARGE", undefined],
  ["42: 101 deep", "[".repeat(101) + "]".repeat(101), "NESTING_TOO_DEEP", 100],
  ["43: a NUL in a value", '{"a":"x\\u0000"}', "NUL_CHARACTER", 7],
  ["43: a NUL in a key", '{"\\u0000":1}', "NUL_CHARACTER", 2],
  ["44: a high surrogate escaped", '"\\ud800"', "MALFORMED_UNICODE", 1],
  ["44: a low surrogate escaped", '"\\udc00"', "MALFORMED_UNICODE", 1],
  ["44: two high surrogates", '"\\ud83d\\ud83d"', "MALFORMED_UNICODE", 1],
  ["44: a surrogate as it is", '"\ud800"', "MALFORMED_UNICODE", undefined],
  ["45: beyond a double", '{"a":[1e400]}', "NUMBER_RANGE", undefined],
  ["45: digits beyond a double", "9".repeat(400), "NUMBER_RANGE", undefined],
])("row %s is refused", (_name, text, reason, offset) => {
  const problem = checkPayload(text, limits);
  expect({ reason: problem?.reason, offset: problem?.offset }).toEqual({ reason, offset });
});

test.each([
  ["41: exactly the limit", `"${"x".repeat(262_142)}"`],
  ["41: exactly the limit in emoji", `"xx${"😀".repeat(65_535)}"`],
  ["42: 100 deep", "[".repeat(100) + "]".repeat(100)],
  ["42: brackets in a string", `"${"[".repeat(1000)}\\"${"[".repeat(1000)}"`],
  ["43: an escaped backslash before u0000", '"\\\\u0000"'],
  ["44: a pair of surrogates", '"\\ud83d\\ude00"'],
  ["46: __proto__", '{"__proto__":{},"constructor":{"prototype":{}}}'],
])("row %s is accepted", (_name, text) => {
  expect(checkPayload(text, limits)).toBeUndefined();
});

test("row 50 of the recordings: a syntax error is told in AWS's words", () => {
  expect(checkPayload("not some validate JSON!", limits)?.message).toBe(
    "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
  );
});

test.each([
  ["a million brackets", "[".repeat(1_000_000), 50],
  [
    "20,000 keys",
    JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]))),
    250,
  ],
  ["a number of 200,000 zeros and a one", `0.${"0".repeat(200_000)}1`, 50],
  ["100,000 escaped quotes", `"${'\\"'.repeat(100_000)}`, 50],
  ["130,000 zeros", JSON.stringify(Array.from({ length: 130_000 }, () => 0)), 100],
])("rows 42, 47: %s are judged in linear time", (_name, text, msMax) => {
  const started = performance.now();

  if (checkPayload(text, { bytesMax: 10_000_000 }) === undefined) parseJson(text);
  expect(performance.now() - started).toBeLessThan(msMax);
});
