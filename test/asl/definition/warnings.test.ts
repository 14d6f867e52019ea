/** What a valid definition will run into, and what only Pawl takes. */
import { describe, expect, test } from "vitest";
import { compileDefinition } from "../../../server/asl/definition/compile.ts";
import type { CompileOptions } from "../../../server/asl/definition/compile.ts";

type Source = Record<string, unknown>;

const machine = (States: Record<string, Source>, more: Source = {}): string =>
  JSON.stringify({ StartAt: Object.keys(States)[0], States, ...more });

function found(text: string, options: CompileOptions = {}): string[] {
  return compileDefinition(text, options).diagnostics.map(
    ({ severity, code, pointer, suggestion }) =>
      [severity, code, pointer, ...(suggestion === undefined ? [] : [suggestion])].join(" "),
  );
}

const end = { Type: "Pass", End: true };

describe("a definition that will fail is valid, with a warning", () => {
  test.each<[string, string, string[]]>([
    [
      "a variable that nothing assigns",
      machine({
        A: { ...end, Assign: { total: 1 }, End: undefined, Next: "B" },
        B: { ...end, Parameters: { "x.$": "$totl" } },
      }),
      ["WARNING UNKNOWN_VARIABLE /States/B did you mean total?"],
    ],
    [
      "a variable that only another branch assigns",
      machine({
        P: {
          Type: "Parallel",
          End: true,
          Branches: [
            { StartAt: "A", States: { A: { ...end, Assign: { v: 1 } } } },
            { StartAt: "B", States: { B: { ...end, InputPath: "$v" } } },
          ],
        },
      }),
      ["WARNING UNKNOWN_VARIABLE /States/P/Branches/1/States/B"],
    ],
    [
      "the same in JSONata",
      machine({ A: { ...end, Output: "{% $v + $sum([1]) %}" } }, { QueryLanguage: "JSONata" }),
      ["WARNING UNKNOWN_VARIABLE /States/A"],
    ],
    [
      "states that only lead to each other",
      machine({
        A: {
          Type: "Choice",
          Choices: [{ Variable: "$.a", IsPresent: true, Next: "B" }],
          Default: "D",
        },
        B: { Type: "Pass", Next: "C" },
        C: { Type: "Pass", Next: "B" },
        D: { Type: "Succeed" },
      }),
      ["WARNING DEAD_END /States/B"],
    ],
    [
      "a call that fails whatever it is given",
      machine({ A: { ...end, Parameters: { "x.$": "States.ArrayRange(0, 9, 0)" } } }),
      ["WARNING INTRINSIC_FAILS /States/A/Parameters/x.$"],
    ],
  ])("%s", (_what, text, warnings) => {
    const { definition } = compileDefinition(text);
    expect(definition).toBeDefined();
    expect(found(text)).toEqual(warnings);
  });

  test.each([
    [
      "assigned in a Catcher",
      machine({
        A: {
          Type: "Task",
          Resource: "r",
          Catch: [{ ErrorEquals: ["States.ALL"], Assign: { v: 1 }, Next: "B" }],
          End: true,
        },
        B: { ...end, InputPath: "$v" },
      }),
    ],
    [
      "assigned around a Map",
      machine({
        A: { Type: "Pass", Assign: { v: [] }, Next: "M" },
        M: {
          Type: "Map",
          ItemsPath: "$v",
          ItemProcessor: { StartAt: "B", States: { B: { ...end, InputPath: "$v" } } },
          End: true,
        },
      }),
    ],
    [
      "bound in the expression",
      machine({ A: { ...end, Output: "{% ($v := 1; $v) %}" } }, { QueryLanguage: "JSONata" }),
    ],
    [
      "a loop with a way out",
      machine({
        A: { Type: "Pass", Next: "B" },
        B: {
          Type: "Choice",
          Choices: [{ Variable: "$.a", IsPresent: true, Next: "A" }],
          Default: "C",
        },
        C: { Type: "Fail" },
      }),
    ],
    [
      "a call of constants that works",
      machine({ A: { ...end, Parameters: { "x.$": "States.MathRandom(1, 9)" } } }),
    ],
  ])("nothing is said of a variable or a loop that is %s", (_what, text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("--strict-aws refuses what only Pawl takes", () => {
  const task = (Resource: string): string => machine({ A: { Type: "Task", Resource, End: true } });

  test.each<[string, string, string[]]>([
    ["a worker's own name", task("process:order"), ["ERROR NOT_AWS /States/A/Resource"]],
    ["a short Lambda ARN", task("arn:aws:lambda:::order"), ["ERROR NOT_AWS /States/A/Resource"]],
    [
      "a service of Pawl's users",
      task("arn:aws:states:::payments:charge"),
      ["ERROR NOT_AWS /States/A/Resource"],
    ],
    ["Version as a number", machine({ A: end }, { Version: 1 }), ["ERROR NOT_AWS /Version"]],
    [
      "Name",
      machine({ A: end }, { Name: "m" }),
      ["ERROR NOT_AWS /Name", "WARNING IGNORED_FIELD /Name"],
    ],
    ["YAML", "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n", ["ERROR NOT_AWS "]],
    [
      "a Message state, in a branch",
      machine({
        P: {
          Type: "Parallel",
          Branches: [
            {
              StartAt: "M",
              States: {
                M: { Type: "Message", CorrelationKey: "k", CorrelationValuePath: "$.v", End: true },
              },
            },
          ],
          End: true,
        },
      }),
      ["ERROR NOT_AWS /States/P/Branches/0/States/M/Type"],
    ],
  ])("%s", (_what, text, errors) => {
    expect(found(text).filter((line) => line.startsWith("ERROR"))).toEqual([]);
    expect(found(text, { isStrictAws: true }).toSorted()).toEqual(errors);
  });

  test.each([
    "arn:aws:lambda:us-east-1:123456789012:function:order",
    "arn:aws:states:us-east-1:123456789012:activity:order",
    "arn:aws:states:::sqs:sendMessage",
    "arn:aws:states:::aws-sdk:dynamodb:getItem",
  ])("%s is AWS's", (resource) => {
    expect(found(task(resource), { isStrictAws: true })).toEqual([]);
  });
});
