import { describe, expect, test } from "vitest";
import { checkNames } from "../../server/testing/check-names.ts";
import { readTestFile } from "../../server/testing/read-test-file.ts";
import { definitionOf } from "../support/asl/builders.ts";

const head = "definition: order.yaml\n";

/** `line:column message suggestion` */
function problemsOf(text: string): readonly string[] {
  return readTestFile(text, "YAML").problems.map(({ line, column, message, suggestion = "" }) =>
    `${line}:${column} ${message} ${suggestion}`.trim(),
  );
}

test("a file needs a definition and cases with names", () => {
  expect(problemsOf(`${head}cases: [{ name: a }]`)).toEqual([]);
  expect(problemsOf("{}")).toEqual(["1:1 definition is missing", "1:1 cases is missing"]);
  expect(problemsOf(`${head}cases: [{}]`)).toEqual(["2:9 name is missing"]);
  expect(problemsOf(`${head}cases: []`)).toEqual(["2:8 the list has fewer than 1 items"]);
});

test("JSON is read as well", () => {
  expect(readTestFile('{"definition": "a", "cases": [{"name": "b"}]}').value?.cases).toHaveLength(
    1,
  );
});

test("a text that is neither is refused where it breaks", () => {
  expect(problemsOf("cases: [")).toHaveLength(1);
});

describe("a case is refused with the line of its fault", () => {
  test.each([
    ["inputs: {}", "there is no field inputs here did you mean input?"],
    ["mocks: { T: { reslt: 1 } }", "there is no field reslt here did you mean result?"],
    ["expect: { statuss: FAILED }", "there is no field statuss here did you mean status?"],
    ["context: { Execution: { Nam: x } }", "there is no field Nam here did you mean Name?"],
    ["expect: { status: DONE }", '"DONE" is not one of SUCCEEDED, FAILED, TIMED_OUT, ABORTED, ANY'],
    ["expect: { path: A }", "expected array, found string"],
    ["expect: { calls: { T: true } }", "expected integer or array, found boolean"],
    ["expect: { events: { TaskFailed: -1 } }", "-1 is less than 0"],
    ["expect: { events: { TaskFailed: 1.5 } }", "expected integer, found number"],
    ["expect: { causeMatches: '(' }", "it is not a regular expression"],
    ["expect: { error: E, output: 1 }", "only an execution that succeeds has an output"],
    ["expect: { status: ANY, outputMatches: 1 }", "only an execution that succeeds has an output"],
    ["mocks: { T: 7 }", "expected object or array, found number"],
    ["mocks: { T: [] }", "the list has fewer than 1 items"],
    ["mocks: { T: { timeout: false } }", "false is not one of true"],
    [
      "mocks: { T: {} }",
      "an answer has one of result, error, timeout, heartbeatTimeout; this one has none of them",
    ],
    [
      "mocks: { T: { result: 1, error: E } }",
      "an answer has one of result, error, timeout, heartbeatTimeout; this one has result and error",
    ],
    ["mocks: { T: { result: 1, cause: c } }", "only an error has a cause"],
    ["input: 1, inputFile: a.json", "a case has either input or inputFile"],
    ["startTime: noon", "noon is not a time such as 2026-01-31T12:00:00Z"],
    ["mockConfig: { file: a, stateMachine: b }", "testCase is missing"],
  ])("%s", (field, problem) => {
    expect(problemsOf(`${head}cases:\n  - { name: a, ${field} }`)).toEqual([
      expect.stringMatching(/^3:\d+ /),
    ]);
    expect(problemsOf(`${head}cases:\n  - { name: a, ${field} }`)[0]).toContain(problem);
  });
});

test("two cases of one name are refused", () => {
  expect(problemsOf(`${head}cases:\n  - name: a\n  - name: a`)).toEqual([
    "4:11 case 1 has the same name",
  ]);
});

describe("names that the definition does not have are refused", () => {
  const charge = {
    StartAt: "Charge",
    States: { Charge: { Type: "Task", Resource: "arn:aws:lambda:::pay", End: true } },
  };
  const definition = definitionOf({
    StartAt: "Check",
    States: {
      Check: { Type: "Pass", Next: "Each" },
      Each: { Type: "Map", ItemProcessor: charge, End: true },
    },
  });
  test.each([
    [
      "mocks: { Chrge: { result: 1 } }",
      "no Task state and no resource is named Chrge did you mean Charge?",
    ],
    [
      "mocks: { Check: { result: 1 } }",
      "Check is a Pass state; only Task and Message states can be mocked and counted",
    ],
    [
      "expect: { calls: { Pay: 1 } }",
      "no Task state and no resource is named Pay did you mean pay?",
    ],
    ["startAt: Charge", "there is no state Charge there there are Check, Each"],
    ["expect: { path: [Chek, '*'] }", "there is no state Chek there did you mean Check?"],
    ["expect: { paths: { 'Each[*]': [Check] } }", "there is no state Check there there are Charge"],
    [
      "expect: { paths: { 'Eech[*]': [Charge] } }",
      "the definition has no branch or item Eech[*] did you mean Each[*]?",
    ],
  ])("%s", (field, problem) => {
    const { value } = readTestFile(`${head}cases: [{ name: a, ${field} }]`, "YAML");
    const problems = checkNames(value!, definition);
    expect(
      problems.map(({ message, suggestion = "" }) => `${message} ${suggestion}`.trim()),
    ).toEqual([problem]);
  });

  test.each(["Charge", "Each[*]/Charge", "Each[12]/Charge", "pay", "arn:aws:lambda:::pay"])(
    "%s is known",
    (name) => {
      const { value } = readTestFile(
        `${head}cases: [{ name: a, mocks: { "${name}": { result: 1 } } }]`,
        "YAML",
      );
      expect(checkNames(value!, definition)).toEqual([]);
    },
  );
});
