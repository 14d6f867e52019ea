/** JSONata expressions by themselves: AWS's functions, time and chance from the turn, what is refused. */
import { expect, test } from "vitest";
import { compileQuery } from "../../../server/asl/data/jsonata/expression.ts";
import { turnAt } from "../../support/asl/builders.ts";
import type { Json } from "../../../server/asl/json.ts";

const turn = { ...turnAt(Date.parse("2026-11-23T01:02:03.004Z")), random: () => 0.25 };

async function evaluate(text: string, input: Json = {}): Promise<Json> {
  const query = compileQuery(`{% ${text} %}`, "Output");
  return await query.evaluate({ input, context: () => ({}), variables: new Map(), turn });
}

test.each<[string, Json]>([
  ["$partition([1, 2, 3], 2)", [[1, 2], [3]]],
  ["$partition([0], 1)", [[0]]],
  ["$partition([], 3)", []],
  ["$range(0, 10, 3)", [0, 3, 6, 9]],
  ["$range(1, 9, 9)", 1],
  ["$range(3, 1, -1)", [3, 2, 1]],
  ['$hash("x", "SHA-1")', "11f6ad8ec52a2984abaafd7c3b516503785c2072"],
  ['$parse("{\\"a\\": [1, -0]}")', { a: [1, 0] }],
  ["$random()", 0.25],
  ["$random(7) = $random(7)", true],
  ["$random(7) = $random(8)", false],
  ["$now()", "2026-11-23T01:02:03.004Z"],
  ['$now("[Y0001]")', "2026"],
  ["$millis()", 1_795_395_723_004],
  ["$shuffle([1, 2, 3])", [2, 3, 1]],
  ["$sort([3, 1, 2])", [1, 2, 3]],
  ['$sort(["b", "a"])', ["a", "b"]],
  ["$sort([3, 1, 2], function($a, $b) { $a < $b })", [3, 2, 1]],
  ["$distinct([1, 1, '1', {'a': [1]}, {'a': [1]}, null, null])", [1, "1", { a: [1] }, null]],
  ["$map(['a', 'b'], $uppercase)", ["A", "B"]],
  ["$map([1, 2], function($v, $i) { $v + $i })", [1, 3]],
  ["($first := $substring(?, 0, 1); $first('abc'))", "a"],
  ["$pad('x', -3, '-')", "--x"],
  ["$join(['a', 'b'], '-')", "a-b"],
  ["$replace('a1b2', /[0-9]/, '<$0>')", "a<1>b<2>"],
  ["$replace('abab', 'b', 'x', 1)", "axab"],
  ["$replace('ab', /(a)(b)/, '$2$1')", "ba"],
  ["$replace('ab', /b/, function($m) { $uppercase($m.match) })", "aB"],
  ["$match('a1b2', /[a-z]([0-9])/).groups", ["1", "2"]],
  ["$split('a, b,c', /,\\s*/)", ["a", "b", "c"]],
  ["$contains('HELLO', /hel+o/i)", true],
  ["$string({'a': 1}, true)", '{\n  "a": 1\n}'],
  ["$toMillis('2020-01-02', '[Y0001]-[M01]-[D01]')", 1_577_923_200_000],
  ["$type($states)", "object"],
  ["$string($states.input.a)", "1"],
])("%s", async (text, value) => {
  expect(await evaluate(text, { a: 1 })).toEqual(value);
});

test("$uuid comes from the turn", async () => {
  expect(await evaluate("$uuid()")).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ["$eval('1+1')", "T1006: Attempted to invoke a non-function"],
  ["$randomSeeded(1)", "T1006: Attempted to invoke a non-function"],
  ["$number('x')", 'D3030: Unable to cast value to a number: "x"'],
  ["$parse('')", "threw an error during evaluation."],
  ["$hash('x', 'MD4')", "'MD4' is not one of"],
  ["$error('own')", "D3137: own"],
  ["$nothing", "returned nothing (undefined)."],
  ["function($x) { $x }", "returned an unsupported result type."],
  ["{'f': $sum}", "returned an unsupported result type."],
  ["/ab/", "returned an unsupported result type."],
])("%s fails: %s", async (text, cause) => {
  await expect(evaluate(text)).rejects.toThrow(cause);
});

test("evaluations of one expression at the same time do not see each other", async () => {
  const query = compileQuery(
    "{% ($x := $states.input; $map([1..50], function($i) { $x })) %}",
    "Output",
  );
  const results = await Promise.all(
    [1, 2, 3].map((input) =>
      query.evaluate({ input, context: () => ({}), variables: new Map(), turn }),
    ),
  );
  expect(results).toEqual([1, 2, 3].map((input) => Array.from({ length: 50 }, () => input)));
});

test("the input is never changed", async () => {
  const input = { list: [{ a: 1 }], o: { b: [2, 1] } };
  const before = structuredClone(input);
  await evaluate("$states.input ~> |list|{'a': 2}|", input);
  await evaluate("$sort($states.input.o.b)", input);
  await evaluate("$reverse($append($states.input.o.b, 5))", input);
  await evaluate("$states.input.o.b[]", input);
  expect(input).toEqual(before);
});
