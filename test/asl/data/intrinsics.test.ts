import { expect, test } from "vitest";
import { compileIntrinsic } from "../../../server/asl/data/intrinsics/index.ts";
import { notFoundInInput } from "../../../server/asl/data/path-expression.ts";
import type { Json } from "../../../server/asl/index.ts";
import { StatesError } from "../../../server/asl/states-error.ts";
import { evaluation } from "../../support/asl/evaluation.ts";

const input = {
  name: "Ann",
  list: [1, 2, 3, 4, 5],
  mixed: [
    1,
    1.0,
    "1",
    null,
    null,
    [1],
    [1],
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    [
      ["a", 1],
      ["b", 2],
    ],
  ],
  object: { Arg1: 1, Arg2: [], Arg3: { x: null } },
  long: "x".repeat(10_001),
  deep: "[".repeat(101) + "]".repeat(101),
};

function call(text: string): Json {
  return compileIntrinsic(text, notFoundInInput("f.$")).evaluate(
    evaluation(input, { Execution: { Name: "run" } }),
  );
}

test.each([
  ["States.Array()", []],
  ["States.Array($.name, 1, 'a', null, true, -1.5)", ["Ann", 1, "a", null, true, -1.5]],
  ["States.ArrayPartition($.list, 2)", [[1, 2], [3, 4], [5]]],
  ["States.ArrayPartition(States.Array(), 3)", []],
  ["States.ArrayContains($.mixed, $.object.Arg2)", false],
  ["States.ArrayContains($.mixed, 1)", true],
  ["States.ArrayContains(States.Array($.object), $.object)", true],
  ["States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]],
  ["States.ArrayRange(1, 9, 9)", [1]],
  ["States.ArrayRange(5, 1, -2)", [5, 3, 1]],
  ["States.ArrayRange(5, 1, 1)", []],
  ["States.ArrayGetItem($.list, 4)", 5],
  ["States.ArrayLength($.list)", 5],
  [
    "States.ArrayUnique($.mixed)",
    [
      1,
      "1",
      null,
      [1],
      { a: 1, b: 2 },
      [
        ["a", 1],
        ["b", 2],
      ],
    ],
  ],
  ["States.Base64Encode('Data to encode é')", "RGF0YSB0byBlbmNvZGUgw6k="],
  ["States.Base64Decode('RGF0YSB0byBlbmNvZGUgw6k=')", "Data to encode é"],
  ["States.Hash('input data', 'MD5')", "812f45842bc6d66ee14572ce20db8e86"],
  ["States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
  [
    'States.JsonMerge(States.StringToJson(\'{"a":1,"b":{"c":2}}\'), States.StringToJson(\'{"b":3}\'), false)',
    { a: 1, b: 3 },
  ],
  ["States.MathAdd(1.49, 1.5)", 3],
  ["States.MathAdd(1.5, 1.51)", 4],
  ["States.MathAdd(-1.5, -1.51)", -3],
  ["States.MathAdd(-0.5, 0)", 0],
  ["States.MathAdd(-2.5, 0)", -2],
  ["States.MathRandom(0, 10)", 5],
  ["States.StringSplit('This.is+a,test=string', '.+,=')", ["This", "is", "a", "test", "string"]],
  ["States.StringSplit(',,,,', ',')", []],
  ["States.StringSplit(' a , b', ',')", [" a ", " b"]],
  ["States.StringSplit('abc', '')", ["abc"]],
  ["States.StringToJson('')", null],
  ["States.StringToJson(' ')", null],
  ["States.StringToJson('-0')", 0],
  [`States.StringToJson('{"a": [1, "x"]}')`, { a: [1, "x"] }],
  ["States.JsonToString($.object)", '{"Arg1":1,"Arg2":[],"Arg3":{"x":null}}'],
  ["States.UUID()", "00000000-0000-4000-8000-000000000000"],
  [
    "States.Format('Hello {}, {}!', $.name, States.UUID())",
    "Hello Ann, 00000000-0000-4000-8000-000000000000!",
  ],
  ["States.Format('{}', $.object)", "{Arg1=1, Arg2=[], Arg3={x=null}}"],
  ["States.Format('{} {} {}', null, true, 1.5)", "null true 1.5"],
  ["States.Format('\\{\\} \\' \\\\ {}', 1)", "{} ' \\ 1"],
  ["States.Format($.name)", "Ann"],
  ["States.Format('{}', $$.Execution.Name)", "run"],
  ["States.Format('{}', $.list[?(@ > 3)])", "[4, 5]"],
  ["States.Format('{}', $['object']['Arg1'])", "1"],
  ["States.ArrayGetItem(States.StringSplit('a-b', '-'), States.MathAdd(0, 1))", "b"],
] as [string, Json][])("%s", (text, expected) => {
  expect(call(text)).toEqual(expected);
});

test("a seed gives the same number each time, within its range", () => {
  const numbers = Array.from({ length: 50 }, (_, seed) => [
    call(`States.MathRandom(1, 100, ${seed})`),
    call(`States.MathRandom(1, 100, ${seed})`),
  ]);
  for (const [first, second] of numbers) {
    expect(first).toBe(second);
    expect(first).toBeGreaterThanOrEqual(1);
    expect(first).toBeLessThan(100);
  }
  expect(new Set(numbers.map(([first]) => first)).size).toBeGreaterThan(20);
});

test.each([
  ["58: a range of a billion", "States.ArrayRange(0, 1000000000, 1)", "the limit is 1000"],
  ["58: step 0", "States.ArrayRange(0, 9, 0)", "step is 0"],
  ["59: size 0", "States.ArrayPartition($.list, 0)", "chunk size 0 is not positive"],
  ["59: size -1", "States.ArrayPartition($.list, -1)", "chunk size -1 is not positive"],
  ["59: size 1.5", "States.ArrayPartition($.list, 1.5)", "argument 2 must be an integer"],
  ["61: too few values", "States.Format('{} {}', 1)", "the template has 2 {} for 1 arguments"],
  ["61: too many values", "States.Format('{}', 1, 2)", "the template has 1 {} for 2 arguments"],
  ["62: no JSON", "States.StringToJson('{')", "Unexpected end-of-input"],
  ["62: deep JSON", "States.StringToJson($.deep)", "nested deeper than 100"],
  ["63: long text", "States.Base64Encode($.long)", "limit of 10000"],
  ["63: no Base64", "States.Base64Decode('a')", "not Base64"],
  ["63: MD4", "States.Hash('a', 'MD4')", "'MD4' is not one of"],
  ["63: long data", "States.Hash($.long, 'MD5')", "limit of 10000"],
  ["64: a deep merge", "States.JsonMerge($.object, $.object, true)", "only shallow merging"],
  ["65: start above end", "States.MathRandom(5, 1)", "start 5 is not below end 1"],
  ["65: an overflow", "States.MathAdd(9007199254740991, 1)", "beyond the range of integers"],
  ["an index outside", "States.ArrayGetItem($.list, 5)", "index 5 is outside"],
  ["a wrong type", "States.ArrayLength('a')", "argument 1 must be an array"],
])("row %s fails with States.IntrinsicFailure", (_name, text, message) => {
  const failure = new RegExp(
    `^The function '.*' had the following error: .*${message.replace(/[{}]/g, "\\$&")}`,
    "s",
  );
  expect(() => call(text)).toThrow(failure);
  expect(() => call(text)).toThrow(
    expect.objectContaining({ error: "States.IntrinsicFailure" }) as Error,
  );
});

test("a path among the arguments that names nothing is the execution's failure, not the function's", () => {
  expect(() => call("States.Format('{}', $.no)")).toThrow(
    new StatesError(
      "States.Runtime",
      `The JSONPath '$.no' specified for the field 'f.$' could not be found in the input '${JSON.stringify(input)}'`,
    ),
  );
});

test("row 67: many splitters and items take linear time", () => {
  const big = {
    text: "ab".repeat(50_000),
    splitters: Array.from({ length: 10_000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(""),
    items: Array.from({ length: 50_000 }, (_, i) => i % 40_000),
  };
  const at = evaluation(big);
  const started = performance.now();
  expect(
    compileIntrinsic("States.StringSplit($.text, $.splitters)", notFoundInInput("f")).evaluate(at),
  ).toHaveLength(1);
  expect(
    compileIntrinsic("States.ArrayUnique($.items)", notFoundInInput("f")).evaluate(at),
  ).toHaveLength(40_000);
  expect(performance.now() - started).toBeLessThan(500);
});
