import { expect, test } from "vitest";
import { compileDefinition } from "../../../server/asl/index.ts";

const yaml = `# an order
Comment: >
  Folded
Version: 1.0
StartAt: NO
States:
  NO:
    Type: Pass
    Result: { a: 012, b: 0x1f, c: ~, d: 2026-01-01, e: yes, f: "1", g: -.5, h: 1e3, i: 12345678901234567890 }
    End: true
`;

function first(text: string): string {
  const [found] = compileDefinition(text).diagnostics;
  return found === undefined ? "" : `${found.code} ${found.line}:${found.column}`;
}

test("row 38: YAML scalars are those of the 1.2 core schema", () => {
  const { definition, format } = compileDefinition(yaml);
  const state = definition?.states.get("NO");
  expect({ format, version: definition?.version, comment: definition?.comment }).toEqual({
    format: "YAML",
    version: "1",
    comment: "Folded\n",
  });
  expect(JSON.stringify(state?.type === "Pass" ? state.result : undefined)).toBe(
    '{"a":12,"b":31,"c":null,"d":"2026-01-01","e":"yes","f":"1","g":-0.5,"h":1000,"i":12345678901234567890}',
  );
});

test("JSON and YAML of one machine are the same definition", () => {
  const json = '{"StartAt":"A","States":{"A":{"Type":"Pass","Result":[1,null],"End":true}}}';
  const block =
    "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result:\n      - 1\n      -\n    End: true\n";
  expect(compileDefinition(block).definition).toEqual(compileDefinition(json).definition);
});

const bomb = `a: &a [x,x,x]\n${["b", "c", "d", "e", "f", "g", "h"].map((name, i) => `${name}: &${name} [${`*${"abcdefg"[i]},`.repeat(8)}]\n`).join("")}`;

test.each([
  ["33: a bomb of aliases", bomb, "YAML_ALIASES_NOT_ALLOWED 1:4"],
  ["34: a reference to itself", "&a {b: *a}", "YAML_ALIASES_NOT_ALLOWED 1:1"],
  ["34: an alias as a key", "a: &x 1\n*x : 2", "YAML_ALIASES_NOT_ALLOWED 1:4"],
  ["35: a function tag", "StartAt: !!js/function 'x'", "YAML_TAG 1:10"],
  ["35: a tag of one's own", "StartAt: !mine x", "YAML_TAG 1:10"],
  ["35: binary", "StartAt: !!binary aGk=", "YAML_TAG 1:10"],
  ["35: timestamp", "StartAt: !!timestamp 2026-01-01", "YAML_TAG 1:10"],
  ["36: 5,000 deep", "- ".repeat(5000), "NESTING_TOO_DEEP 1:401"],
  ["37: several documents", "StartAt: A\n---\nStartAt: B\n", "DEFINITION_SYNTAX 3:1"],
  ["37: a key twice", "StartAt: A\nStartAt: B\n", "DUPLICATE_KEY 2:1"],
  ["37: a tab as indent", "StartAt: A\nStates:\n\tA: 1\n", "DEFINITION_SYNTAX 3:1"],
  ["38: not a number", "StartAt: .nan\n", "NON_FINITE 1:10"],
  ["38: infinity", "TimeoutSeconds: -.inf\n", "NON_FINITE 1:17"],
  ["2: broken flow", "StartAt: [A", "DEFINITION_SYNTAX 1:12"],
  ["3: a text", "not a definition", "DEFINITION_NOT_OBJECT 1:1"],
])("row %s is refused where it stands", (_name, text, expected) => {
  const started = performance.now();
  expect(
    compileDefinition(text).diagnostics.map(
      ({ code, line, column }) => `${code} ${line}:${column}`,
    ),
  ).toContain(expected);
  expect(performance.now() - started).toBeLessThan(100);
});

test("row 2: what is no JSON is told in AWS's words", () => {
  const [found] = compileDefinition("not a definition", { format: "JSON" }).diagnostics;
  expect(found).toMatchObject({
    awsCode: "INVALID_JSON_DESCRIPTION",
    message:
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    line: 1,
    column: 4,
  });
});

test.each([
  ['{"StartAt":"A",\n "States": {"A": }}', "DEFINITION_SYNTAX 2:18"],
  ['{"StartAt" "A"}', "DEFINITION_SYNTAX 1:12"],
  ["{'StartAt': 1}", "DEFINITION_SYNTAX 1:2"],
  ['{"a":1,}', "DEFINITION_SYNTAX 1:8"],
  ['{"a":[1,2}', "DEFINITION_SYNTAX 1:10"],
  ['{"a":"\u0001"}', "DEFINITION_SYNTAX 1:6"],
  ['{"a":1} x', "DEFINITION_SYNTAX 1:9"],
  ['{"a":01}', "DEFINITION_SYNTAX 1:7"],
  ["[".repeat(100_000), "NESTING_TOO_DEEP 1:201"],
])("row 2: %# JSON syntax errors have a line and a column", (text, expected) => {
  expect(first(text)).toBe(expected);
});

test("row 39: a byte order mark is no part of the definition", () => {
  expect(
    compileDefinition('\ufeff{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}').diagnostics,
  ).toEqual([]);
});

test("row 39: a lone surrogate is refused", () => {
  expect(first('{"StartAt":"\ud800"}')).toBe("MALFORMED_UNICODE 1:1");
});
