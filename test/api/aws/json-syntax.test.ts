import { array, assert, constantFrom, json, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonSyntaxError } from "../../../server/api/aws/json-syntax.ts";

describe("why a text is no JSON", () => {
  test.each([
    [
      "not a definition",
      1,
      4,
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    [
      "{'a': 1}",
      1,
      3,
      "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
    ],
    [
      '{"a" 1}',
      1,
      7,
      "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    ],
    [
      '{"a": 1 "b": 2}',
      1,
      10,
      "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
    ],
    [
      "[1 2]",
      1,
      5,
      "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
    ],
    [
      "[1,\n 2,]",
      2,
      5,
      "Unexpected character (']' (code 93)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    [
      '{"a": 1,}',
      1,
      10,
      "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
    ],
    ['{"a": [1', 1, 9, "Unexpected end-of-input: expected close marker for Array"],
    ['{"a"', 1, 5, "Unexpected end-of-input: expected close marker for Object"],
    ['"abc', 1, 5, "Unexpected end-of-input: was expecting closing quote for a string value"],
    [
      '"a\nb"',
      1,
      4,
      "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value",
    ],
    ['"\\x"', 1, 4, "Unrecognized character escape 'x' (code 120)"],
    ["01", 1, 3, "Invalid numeric value: Leading zeroes not allowed"],
    [
      "-a",
      1,
      2,
      "Unexpected character ('a' (code 97)): expected digit (0-9) to follow minus sign, for valid numeric value",
    ],
    ["{} {}", 1, 5, "Unexpected character ('{' (code 123)): was expecting end of input"],
    ["", 1, 1, "No content to map due to end-of-input"],
    [
      "NaN",
      1,
      4,
      "Unrecognized token 'NaN': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
  ])("%j", (text, line, column, message) => {
    expect(jsonSyntaxError(text)).toEqual({ message, line, column });
  });

  test("what is JSON has no error", () => {
    assert(
      property(json(), (text) => {
        expect(jsonSyntaxError(text)).toBeUndefined();
      }),
    );
  });

  test("whatever JSON.parse refuses has a specific reason", () => {
    const text = array(constantFrom(...'{}[]",:\\ 0123.-eEtruefalsn\n\u0001ü'.split(""))).map(
      (parts) => parts.join(""),
    );
    assert(
      property(text, (candidate) => {
        const error = jsonSyntaxError(candidate);
        expect(error?.message).not.toBe("Invalid JSON");
        expect(error === undefined).toBe(isJson(candidate));
      }),
      { numRuns: 5_000 },
    );
  });

  test("a million open brackets end in an answer, not in an exhausted stack", () => {
    expect(jsonSyntaxError("[".repeat(1_000_000))?.message).toBe(
      "Unexpected end-of-input: expected close marker for Array",
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
