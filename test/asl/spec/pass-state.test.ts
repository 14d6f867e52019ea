/** ASL § Pass State, § Input and Output Processing. */
import { expect, test } from "vitest";
import { machine } from "../../support/asl/builders.ts";
import { eventLines } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";

const input = { a: { b: 1 }, c: 2 };

test.each([
  { rule: "without fields the input is the output", state: {}, output: input },
  { rule: "Result is the output", state: { Result: { x: 1 } }, output: { x: 1 } },
  {
    rule: "Result is literal: keys that end in .$ stay",
    state: { Result: { "x.$": "$.c" } },
    output: { "x.$": "$.c" },
  },
  { rule: "Result null is a result", state: { Result: null }, output: null },
  { rule: "Result goes before Parameters", state: { Result: 1, Parameters: { p: 2 } }, output: 1 },
  {
    rule: "Parameters make the result",
    state: { Parameters: { "x.$": "$.c", y: "$.c" } },
    output: { x: 2, y: "$.c" },
  },
  {
    rule: "InputPath selects what Parameters see",
    state: { InputPath: "$.a", Parameters: { "x.$": "$.b" } },
    output: { x: 1 },
  },
  { rule: "InputPath null gives {}", state: { InputPath: null }, output: {} },
  {
    rule: "ResultPath puts the result into the whole input, not what InputPath selected",
    state: { InputPath: "$.a", ResultPath: "$.r" },
    output: { ...input, r: { b: 1 } },
  },
  {
    rule: "ResultPath null keeps the input",
    state: { Result: 5, ResultPath: null },
    output: input,
  },
  { rule: "ResultPath $ replaces the input", state: { Result: 5, ResultPath: "$" }, output: 5 },
  {
    rule: "OutputPath selects from what ResultPath made",
    state: { Result: 5, ResultPath: "$.r", OutputPath: "$.r" },
    output: 5,
  },
  { rule: "OutputPath null gives {}", state: { OutputPath: null }, output: {} },
])("$rule", async ({ state, output }) => {
  const { execution } = await runInMemory(machine({ Type: "Pass", ...state }), { input });
  expect(execution.status).toBe("SUCCEEDED");
  expect(JSON.parse(execution.output ?? "")).toEqual(output);
});

test("a path that names nothing fails the execution, with the state and its Entered event in the cause", async () => {
  const { execution, history } = await runInMemory(machine({ Type: "Pass", InputPath: "$.no" }), {
    input,
  });
  expect(execution).toMatchObject({
    status: "FAILED",
    failure: {
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'S' (entered at the event id #2). Invalid path '$.no' : No results for path: $['no']",
    },
  });
  expect(eventLines(history)).toEqual([
    "1 <- 0 ExecutionStarted",
    "2 <- 0 PassStateEntered S",
    "3 <- 2 ExecutionFailed",
  ]);
});

test.each(["__proto__", "constructor", "toString"])("a state may be named %s", async (Name) => {
  const { execution, history } = await runInMemory(
    machine({ Name, Type: "Pass", ResultPath: "$.r" }),
    { input },
  );
  expect(history[1]?.stateName).toBe(Name);
  expect(JSON.parse(execution.output ?? "")).toEqual({ ...input, r: input });
});

test("the execution's input keeps its text for ExecutionStarted and the first state; later texts are compact", async () => {
  const inputText = '{ "big" : 12345678901234567890,\n "list": [1, 2] }';
  const { history, execution } = await runInMemory(machine({ Type: "Pass" }), { inputText });
  const compact = '{"big":12345678901234567890,"list":[1,2]}';
  expect(history.map(({ details }) => details?.["input"] ?? details?.["output"])).toEqual([
    inputText,
    inputText,
    compact,
    compact,
  ]);
  expect(execution.output).toBe(compact);
});
