/** No expression runs for ever, fills the memory or keeps other executions waiting. Counted, not timed. */
import { expect, test } from "vitest";
import { compileQuery } from "../../../server/asl/data/jsonata/expression.ts";
import { turnAt } from "../../support/asl/builders.ts";

const work = "units of work";
const grow = "$g := function($x, $n) { $n = 0 ? $x : $g([[$x], [$x]], $n - 1) }";

test.each([
  ["endless recursion", "($f := function($n) { 1 + $f($n + 1) }; $f(1))", "D1011"],
  ["an endless tail call", "($f := function($n) { $f($n + 1) }; $f(1))", work],
  ["a text padded to 300 MB", "$pad('x', 3e8)", "is longer than"],
  ["a long range", "[1..1e7]", "D2015"],
  ["a long $range", "$range(1, 1e7, 1)", "more than the limit"],
  [
    "a text doubled for ever",
    "($g := function($x, $n) { $n = 0 ? $x : $g($x & $x, $n - 1) }; $g('ab', 40))",
    "is longer than",
  ],
  ["a tree that shares its branches", `(${grow}; $string($g([1], 40)))`, "larger than"],
  ["two of them compared", `(${grow}; $g([1], 40) = $g([1], 40))`, "larger than"],
  ["a million appends", "$reduce([1..60000], $append)", work],
  ["every a by a long text", "$replace($states.input, 'a', $states.input)", "is longer than"],
  [
    "the same by a regular expression",
    "$replace($states.input, /a/, $states.input)",
    "is longer than",
  ],
  ["a join with a long separator", "$join([1..1000].$string($), $states.input)", "is longer than"],
  ["the product of two long lists", "($x := [1..2000]; $x.($y := $; $x.($y * $)))", work],
  [
    "a picture that could be read in many ways",
    "$toMillis('1111111111111111111111111111x', '[Y][M][D][H][m][s][f][Y]')",
    "open-ended",
  ],
  ["a long picture", "$formatNumber(1, $pad('0', 300, '0'))", "the picture is 300"],
  ["roman numerals without end", "$formatInteger(1e15, 'I')", "Stack overflow"],
])("%s is stopped", async (_, text, cause) => {
  const query = compileQuery(`{% ${text} %}`, "Output");
  const input = "a".repeat(100_000);
  const evaluation = { input, context: () => ({}), variables: new Map(), turn: turnAt(0) };
  await expect(query.evaluate(evaluation)).rejects.toThrow(cause);
});

test("a regular expression that would backtrack for ever gives its answer", async () => {
  const query = compileQuery("{% $contains($states.input, /^(a+)+$/) %}", "Output");
  const input = `${"a".repeat(5_000)}!`;
  const evaluation = { input, context: () => ({}), variables: new Map(), turn: turnAt(0) };
  expect(await query.evaluate(evaluation)).toBe(false);
});

test("a long evaluation lets others run again and again", async () => {
  let pauses = 0;
  const pause = async (): Promise<void> => {
    pauses += 1;
    await Promise.resolve();
  };
  const turn = { ...turnAt(0), pause };
  const query = compileQuery("{% $sum([1..10000].($ * 2)) %}", "Output");
  const evaluation = { input: {}, context: () => ({}), variables: new Map(), turn };
  expect(await query.evaluate(evaluation)).toBe(100_010_000);
  expect(pauses).toBeGreaterThan(3);
});

test("an evaluation that is stopped leaves the expression as it was", async () => {
  const query = compileQuery("{% $sum([1..$states.input].($ * 2 * 2 * 2 * 2 * 2)) %}", "Output");
  const evaluation = { context: () => ({}), variables: new Map(), turn: turnAt(0) };
  await expect(query.evaluate({ ...evaluation, input: 60_000 })).rejects.toThrow(work);
  expect(await query.evaluate({ ...evaluation, input: 3 })).toBe(192);
});
