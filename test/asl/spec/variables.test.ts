/** ASL § Assign: variables, their scopes, what StateExited shows of them. */
import { expect, test } from "vitest";
import { variableReferences } from "../../../server/asl/definition/variable-references.ts";
import { assignedBytesMax } from "../../../server/asl/variables.ts";
import { body, definitionOf, machine } from "../../support/asl/builders.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { Run } from "../../support/asl/run-in-memory.ts";

const input = { a: { b: 1 }, c: 2 };

/** What was assigned, state by state. */
function assigned({ history }: Run): readonly unknown[] {
  return history.flatMap(({ details }) =>
    details?.["assignedVariables"] === undefined ? [] : [details["assignedVariables"]],
  );
}

function output({ execution }: Run): unknown {
  expect(execution).toMatchObject({ status: "SUCCEEDED" });
  return JSON.parse(execution.output ?? "");
}

test.each([
  {
    rule: "$ in a Pass state's Assign is its result",
    state: { Type: "Pass", Parameters: { p: 7 }, ResultPath: "$.r", Assign: { "x.$": "$.p" } },
    texts: { x: "7" },
  },
  {
    rule: "a Pass state's Result is what Assign sees",
    state: { Type: "Pass", Result: { p: 8 }, Assign: { "x.$": "$.p" } },
    texts: { x: "8" },
  },
  {
    rule: "in a Wait state it is the input that InputPath selects",
    state: { Type: "Wait", Seconds: 0, InputPath: "$.a", Assign: { "x.$": "$.b" } },
    texts: { x: "1" },
  },
  {
    rule: "in a Task it is what ResultSelector makes of the result",
    state: {
      Type: "Task",
      Resource: "echo",
      ResultSelector: { "s.$": "$.c" },
      ResultPath: "$.r",
      Assign: { "x.$": "$.s" },
    },
    texts: { x: "2" },
  },
  {
    rule: "only names that end in .$ are looked up",
    state: { Type: "Pass", Assign: { x: "$.c", y: [{ "z.$": "$.c", z2: "$$" }] } },
    texts: { x: '"$.c"', y: '[{"z":2,"z2":"$$"}]' },
  },
  {
    rule: "JSONata assigns what its expressions give",
    state: {
      Type: "Pass",
      QueryLanguage: "JSONata",
      Assign: { x: "{% $states.input.c + 1 %}", y: ["{% 'a' %}"] },
    },
    texts: { x: "3", y: '["a"]' },
  },
])("$rule", async ({ state, texts }) => {
  const run = await runInMemory(machine(state), {
    input,
    worker: (task) => ({ text: task.input }),
  });
  expect(assigned(run)).toEqual([texts]);
});

test("an empty Assign leaves no trace", async () => {
  const run = await runInMemory(machine({ Type: "Pass", Assign: {} }), { input });
  expect(assigned(run)).toEqual([]);
});

test.each([
  { rule: "InputPath", state: { Type: "Pass", InputPath: "$v.n" }, gives: 5 },
  { rule: "OutputPath", state: { Type: "Pass", OutputPath: "$v" }, gives: { n: 5 } },
  { rule: "templates", state: { Type: "Pass", Parameters: { "x.$": "$v.n" } }, gives: { x: 5 } },
  {
    rule: "intrinsic functions",
    state: { Type: "Pass", Parameters: { "x.$": "States.MathAdd($v.n, 1)" } },
    gives: { x: 6 },
  },
  {
    rule: "JSONata",
    state: { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $v.n * 2 %}" },
    gives: 10,
  },
  {
    rule: "ItemsPath and inside the items",
    state: {
      Type: "Map",
      ItemsPath: "$list",
      ItemProcessor: body({ Type: "Pass", Name: "I", Parameters: { "x.$": "$v.n" } }),
    },
    gives: [{ x: 5 }, { x: 5 }],
  },
])("a later state reads a variable in $rule", async ({ state, gives }) => {
  const definition = machine(
    { Type: "Pass", Assign: { v: { n: 5 }, list: [1, 2] }, Next: "S2" },
    state,
  );
  expect(output(await runInMemory(definition, { input, restores: true }))).toEqual(gives);
});

test("a state's expressions see the variables as they were before it", async () => {
  const definition = machine(
    { Type: "Pass", Assign: { x: 1, y: 2 }, Next: "S2" },
    { Type: "Pass", Assign: { "x.$": "$y", "y.$": "$x" }, Parameters: { "was.$": "$x" } },
  );
  const run = await runInMemory(definition, { input });
  expect(assigned(run)).toEqual([
    { x: "1", y: "2" },
    { x: "2", y: "1" },
  ]);
  expect(output(run)).toEqual({ was: 1 });
});

test("a Choice Rule's Assign belongs to the rule, the state's own to Default", async () => {
  const definition = machine(
    {
      Type: "Choice",
      Choices: [{ Variable: "$.c", NumericEquals: 2, Assign: { by: "rule" }, Next: "S2" }],
      Assign: { by: "default" },
      Default: "S2",
    },
    { Type: "Pass", Parameters: { "by.$": "$by" } },
  );
  expect(output(await runInMemory(definition, { input }))).toEqual({ by: "rule" });
  expect(output(await runInMemory(definition, { input: { c: 3 } }))).toEqual({ by: "default" });
});

test("a Catcher's Assign sees the error", async () => {
  const definition = machine(
    {
      Type: "Task",
      Resource: "r",
      Catch: [{ ErrorEquals: ["States.ALL"], Assign: { "why.$": "$.Cause" }, Next: "S2" }],
    },
    { Type: "Pass", Parameters: { "why.$": "$why" } },
  );
  const run = await runInMemory(definition, {
    worker: () => ({ failed: true, error: "E", cause: "because" }),
  });
  expect(output(run)).toEqual({ why: "because" });
});

test("what a branch assigns is seen in that branch only, and hides the outer one there", async () => {
  const inner = body(
    {
      Type: "Pass",
      Name: "I",
      Assign: { x: "inner", y: "inner" },
      Next: "J",
    },
    { Type: "Pass", Name: "J", Parameters: { "x.$": "$x" } },
  );
  const definition = machine(
    { Type: "Pass", Assign: { x: "outer" }, Next: "S2" },
    { Type: "Parallel", Branches: [inner], ResultPath: "$.inside", Next: "S3" },
    { Type: "Pass", Parameters: { "x.$": "$x", "inside.$": "$.inside" } },
  );
  const run = await runInMemory(definition, { input, restores: true });
  expect(output(run)).toEqual({ x: "outer", inside: [{ x: "inner" }] });
});

test("a variable that nobody assigned fails the execution", async () => {
  const run = await runInMemory(machine({ Type: "Pass", InputPath: "$no" }), { input });
  expect(run.execution.failure).toMatchObject({ error: "States.Runtime" });
});

test("what one Assign sets is bounded", async () => {
  const big = "x".repeat(assignedBytesMax / 2);
  const state = { Type: "Pass", QueryLanguage: "JSONata", Output: 1 };
  const fits = await runInMemory(machine({ ...state, Assign: { a: big } }), { input });
  expect(fits.execution.status).toBe("SUCCEEDED");
  const run = await runInMemory(machine({ ...state, Assign: { a: big, b: big } }), { input });
  expect(run.execution.failure).toMatchObject({ error: "States.DataLimitExceeded" });
});

test("a variable can have any name that JavaScript treats as special", async () => {
  const definition = machine(
    { Type: "Pass", Assign: { __proto: 1, constructor: 2, toString: 3 }, Next: "S2" },
    { Type: "Pass", Parameters: { "c.$": "$constructor", "t.$": "$toString" } },
  );
  expect(output(await runInMemory(definition, { input, restores: true }))).toEqual({ c: 2, t: 3 });
});

test("variableReferences names what each state refers to, data apart", () => {
  const definition = definitionOf({
    StartAt: "A",
    States: {
      A: {
        Type: "Choice",
        Choices: [{ Variable: "$guess", StringEqualsPath: "$answer", Next: "B" }],
      },
      B: {
        Type: "Pass",
        Parameters: { "f.$": "States.Format('{}', $name)", p: { SomePath: "$data" } },
        Next: "C",
      },
      C: {
        Type: "Parallel",
        QueryLanguage: "JSONata",
        Output: "{% ($local := $outer; $map([1], function($p) { $p + $local + $sum($nums) })) %}",
        Branches: [
          { StartAt: "D", States: { D: { Type: "Pass", InputPath: "$inner.x", End: true } } },
        ],
        End: true,
      },
    },
  });
  expect([...variableReferences(definition)]).toEqual([
    ["A", ["answer", "guess"]],
    ["B", ["name"]],
    ["C", ["nums", "outer"]],
    ["D", ["inner"]],
  ]);
});
