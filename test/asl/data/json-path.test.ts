import { expect, test } from "vitest";
import { compileJsonPath } from "../../../server/asl/data/json-path.ts";
import { parseJson, stringifyJson } from "../../../server/asl/index.ts";
import type { Json } from "../../../server/asl/index.ts";
import { evaluation } from "../../support/asl/evaluation.ts";

const store = {
  books: [
    { title: "A", price: 8, tags: ["x", "y"] },
    { title: "B", price: "12", isbn: "1" },
    { title: "C", price: 30, isbn: null },
  ],
  "a key": { "it's": 1 },
  bicycle: { price: 20 },
  numbers: [3, 1, 2],
};

function find(path: string, input: Json = store): Json | undefined {
  return compileJsonPath(path).find(evaluation(input));
}

test.each([
  ["$", store],
  ["$.bicycle.price", 20],
  ["$['bicycle']['price']", 20],
  ['$["bicycle"].price', 20],
  ["$.['bicycle'].price", 20],
  ["$['a key']['it\\'s']", 1],
  ["$.books[0].title", "A"],
  ["$.books[-1].title", "C"],
  ["$.numbers[3]", undefined],
  ["$.numbers[-4]", undefined],
  ["$.no", undefined],
  ["$.books.title", undefined],
  ["$.constructor", undefined],
  ["$.__proto__", undefined],
  ["$['bicycle','numbers','no']", { bicycle: { price: 20 }, numbers: [3, 1, 2] }],
] as [string, Json | undefined][])("a definite path gives one value: %s", (path, expected) => {
  expect(compileJsonPath(path).isDefinite).toBe(true);
  expect(find(path)).toEqual(expected);
});

test.each([
  ["$.books[*].title", ["A", "B", "C"]],
  ["$.books[0,2].title", ["A", "C"]],
  ["$.books[0:2].title", ["A", "B"]],
  ["$.books[1:].title", ["B", "C"]],
  ["$.books[:-1].title", ["A", "B"]],
  ["$.books[-1:].title", ["C"]],
  ["$.books[*].tags[*]", ["x", "y"]],
  ["$.bicycle.*", [20]],
  ["$..price", [8, "12", 30, 20]],
  ["$..tags[0]", ["x"]],
  ["$..[?(@.price == 20)]", [{ price: 20 }]],
  ["$['bicycle','no'].price", [20]],
  ["$.no[*]", []],
  ["$.no[1:].x", []],
  ["$.books[5:]", []],
] as [string, Json][])("an indefinite path gives a list: %s", (path, expected) => {
  expect(compileJsonPath(path).isDefinite).toBe(false);
  expect(find(path)).toEqual(expected);
});

test.each([
  ["@.price > 10", ["C"]],
  ["@.price >= 8", ["A", "C"]],
  ["@.price == 12", ["B"]],
  ["@.title == 'A'", ["A"]],
  ['@.title != "A"', ["B", "C"]],
  ["@.isbn", ["B", "C"]],
  ["!@.isbn", ["A"]],
  ["!(@.isbn)", ["A"]],
  ["@.isbn == null", ["C"]],
  ["@.isbn == null || @.tags", ["A", "C"]],
  ["@.price < 10 && @.tags[0] == 'x'", ["A"]],
  ["(@.price < 10 || @.price > 20) && @.isbn", ["C"]],
  ["@.title in ['A', 'C']", ["A", "C"]],
  ["@.title nin ['A', 'C']", ["B"]],
  ["@.price > $.bicycle.price", ["C"]],
  ["@['title'] == 'B'", ["B"]],
  ["8 == @.price", ["A"]],
  ["@.price > 'a'", []],
  ["@.tags[?(@ == 'y')]", ["A"]],
  ["@.title <= 'B'", ["A", "B"]],
])("a filter picks what passes: [?(%s)]", (filter, expected) => {
  expect(find(`$.books[?(${filter})].title`)).toEqual(expected);
});

test.each([
  ["$.numbers.length()", 3],
  ["$.bicycle.keys()", ["price"]],
  ["$.numbers.min()", 1],
  ["$.numbers.max()", 3],
  ["$.numbers.sum()", 6],
  ["$.numbers.avg()", 2],
  ["$.numbers.first()", 3],
  ["$.numbers.last()", 2],
  ["$.books[*].length()", 3],
] as [string, Json][])("a function ends a path: %s", (path, expected) => {
  expect(find(path)).toEqual(expected);
});

test.each([
  ["$.x", "No results for path: $['x']"],
  ["$.no.x", "Missing property in path $['no']"],
  ["$.numbers[9]", "No results for path: $['numbers'][9]"],
  [
    "$.bicycle.price.x",
    "Expected to find an object with property ['x'] in path $['bicycle']['price'] but found a value that is no object",
  ],
])("a definite path that names nothing says so in AWS's words: %s", (path, expected) => {
  expect(compileJsonPath(path).explain(evaluation(store))).toBe(expected);
});

test("filters compare 64-bit numbers exactly", () => {
  const input = parseJson('[{"id":9007199254740993},{"id":9007199254740992}]');
  expect(stringifyJson(find("$[?(@.id == 9007199254740993)]", input) ?? null)).toBe(
    '[{"id":9007199254740993}]',
  );
});

test.each([
  ["$$.Execution.Name", { kind: "Context" }],
  ["$$", { kind: "Context" }],
  ["$name.a", { kind: "Variable", name: "name" }],
  ["$.a", { kind: "Input" }],
])("what %s starts from", (path, root) => {
  expect(compileJsonPath(path).root).toEqual(root);
});

const wide: Json = Array.from({ length: 12_000 }, () => [[[[[[[[[[[[[[0]]]]]]]]]]]]]]);

test.each([
  ["$..*", "limit of 10000 nodes"],
  ["$..*..*..*", "limit of 10000 nodes"],
  ["$[*][?(@.a in $..*)]", "limit of 10000 nodes"],
  [`$[*]${"[0,0,0,0,0,0,0,0]".repeat(12)}`, "limit of 300000 nodes"],
])("row 51: a path that does too much is stopped: %s", (path, message) => {
  const started = performance.now();
  expect(() => find(path, wide)).toThrow(message);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("a union may name one place often, within the limit", () => {
  expect(find(`$${"[0,0,0,0,0,0,0,0]".repeat(3)}`, wide)).toHaveLength(512);
});

test("a list as long as its document is no excess", () => {
  expect(
    find(
      "$[*]",
      Array.from({ length: 130_000 }, () => 0),
    ),
  ).toHaveLength(130_000);
});

test("row 50: filters do not nest without end", () => {
  expect(() => compileJsonPath(`$[?(${"(".repeat(5_000)}@.a${")".repeat(5_000)})]`)).toThrow(
    "nesting deeper than 32",
  );
  expect(() => compileJsonPath(`$[?(${"!".repeat(5_000)}@.a)]`)).toThrow("nesting deeper than 32");
});
