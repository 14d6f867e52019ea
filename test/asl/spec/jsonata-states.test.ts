/** JSONata states: what their fields see and give, and how they fail. */
import { expect, test } from "vitest";
import { body, machine } from "../../support/asl/builders.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { Answer, Run } from "../../support/asl/run-in-memory.ts";

const input = { a: { b: 1 }, list: [1, 2, 3], soon: 1 };
const jsonata = { QueryLanguage: "JSONata" };

function output({ execution }: Run): unknown {
  expect(execution).toMatchObject({ status: "SUCCEEDED" });
  return JSON.parse(execution.output ?? "");
}

const fallback = { Type: "Pass", Name: "F" };
const echo = (task: { readonly input: string }): Answer => ({ text: task.input });
const failing = (): Answer => ({ failed: true, error: "E", cause: "c" });

test.each([
  { rule: "without Output a Pass gives its input", states: [{ Type: "Pass" }], gives: input },
  {
    rule: "Output may be any JSON; strings in {% %} are evaluated",
    states: [{ Type: "Pass", Output: { x: ["{% $states.input.a %}", " {% no %} ", null] } }],
    gives: { x: [{ b: 1 }, " {% no %} ", null] },
  },
  {
    rule: "keys that end in .$ are keys",
    states: [{ Type: "Pass", Output: { "x.$": "$.a" } }],
    gives: { "x.$": "$.a" },
  },
  {
    rule: "a Task is given its Arguments, and its output is the result",
    states: [{ Type: "Task", Resource: "r", Arguments: { n: "{% $states.input.a.b %}" } }],
    gives: { n: 1 },
  },
  {
    rule: "a Task's Output sees input and result",
    states: [
      {
        Type: "Task",
        Resource: "r",
        Arguments: 5,
        Output: "{% [$states.input.a.b, $states.result] %}",
      },
    ],
    gives: [1, 5],
  },
  {
    rule: "the context object is at $states.context",
    states: [{ Type: "Pass", Output: "{% $states.context.State.Name %}" }],
    gives: "S",
  },
  {
    rule: "Map takes Items, and its ItemSelector sees the item",
    states: [
      {
        Type: "Map",
        Items: "{% $states.input.list %}",
        ItemSelector: {
          v: "{% $states.context.Map.Item.Value %}",
          i: "{% $states.context.Map.Item.Index %}",
          b: "{% $states.input.a.b %}",
        },
        MaxConcurrency: "{% 1 + 1 %}",
        ItemProcessor: body({
          Type: "Pass",
          Name: "I",
          ...jsonata,
          Output: "{% $states.input.(v+i+b) %}",
        }),
        Output: "{% $sum($states.result) %}",
      },
    ],
    gives: 12,
  },
  {
    rule: "Items may be an array with expressions in it",
    states: [
      { Type: "Map", Items: [1, "{% 2 %}"], ItemProcessor: body({ Type: "Pass", Name: "I" }) },
    ],
    gives: [1, 2],
  },
  {
    rule: "Parallel gives its Arguments to every branch",
    states: [
      {
        Type: "Parallel",
        Arguments: { n: "{% $states.input.a.b %}" },
        Branches: [body({ Type: "Pass", Name: "I" }), body({ Type: "Pass", Name: "J" })],
      },
    ],
    gives: [{ n: 1 }, { n: 1 }],
  },
  {
    rule: "the first Condition that is true decides, with its own Output",
    states: [
      {
        Type: "Choice",
        Choices: [
          { Condition: "{% false %}", Next: "F" },
          { Condition: "{% $states.input.a.b = 1 %}", Output: "rule", Next: "F" },
        ],
        Default: "F",
        Output: "default",
      },
      fallback,
    ],
    gives: "rule",
  },
  {
    rule: "Wait takes Seconds that are reckoned",
    states: [{ Type: "Wait", Seconds: "{% $states.input.soon * 2 %}" }],
    gives: input,
  },
])("$rule", async ({ states, gives }) => {
  const [first, ...rest] = states as Record<string, unknown>[];
  const definition = machine(
    { ...jsonata, ...first },
    ...rest.map((state) => ({ ...state, Name: "F" })),
  );
  expect(output(await runInMemory(definition, { input, worker: echo, restores: true }))).toEqual(
    gives,
  );
});

test("a Catcher's Output and Assign see input and errorOutput", async () => {
  const definition = machine(
    {
      ...jsonata,
      Type: "Task",
      Resource: "r",
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Assign: { error: "{% $states.errorOutput.Error %}" },
          Output: "{% $states.input.a %}",
          Next: "S2",
        },
      ],
    },
    { ...jsonata, Type: "Pass", Output: "{% [$error, $states.input] %}" },
  );
  expect(output(await runInMemory(definition, { input, worker: failing }))).toEqual([
    "E",
    { b: 1 },
  ]);
});

test("without Output a Catcher gives the error output alone", async () => {
  const definition = machine(
    { ...jsonata, Type: "Task", Resource: "r", Catch: [{ ErrorEquals: ["E"], Next: "S2" }] },
    { Type: "Pass" },
  );
  expect(output(await runInMemory(definition, { input, worker: failing }))).toEqual({
    Error: "E",
    Cause: "c",
  });
});

test("Fail's Error and Cause may be expressions", async () => {
  const definition = machine({ ...jsonata, Type: "Fail", Error: "{% 'E' & 1 %}", Cause: "plain" });
  const { execution } = await runInMemory(definition, { input });
  expect(execution.failure).toEqual({ error: "E1", cause: "plain" });
});

test("numbers that a double can not hold leave as they came", async () => {
  const definition = machine({ ...jsonata, Type: "Pass", Output: "{% $states.input.id %}" });
  const { execution } = await runInMemory(definition, { inputText: '{"id":9007199254740993}' });
  expect(execution.output).toBe("9007199254740993");
});

const prefix = "An error occurred while executing the state 'S' (entered at the event id #2). ";

test.each([
  {
    state: { Type: "Pass", Output: { r: "{% $nobody %}" } },
    location: "Output/r",
    text: "The JSONata expression '$nobody' specified for the field 'Output/r' returned nothing (undefined).",
  },
  {
    state: { Type: "Pass", Assign: { r: "{% $nobody %}" } },
    location: "Assign/r",
    text: "The JSONata expression '$nobody' specified for the field 'Assign/r' returned nothing (undefined).",
  },
  {
    state: { Type: "Pass", Output: "{% $nobody() %}" },
    location: "Output",
    text: "The JSONata expression '$nobody()' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function",
  },
  {
    state: { Type: "Task", Resource: "r", TimeoutSeconds: "{% 'x' %}" },
    location: "TimeoutSeconds",
    text: "The JSONata expression ''x'' specified for the field 'TimeoutSeconds' returned an unexpected result type. Expected 'number', but was 'string' for value: \"x\"",
  },
  {
    state: { Type: "Choice", Choices: [{ Condition: "{% 1 %}", Next: "S" }] },
    location: "Choices[0]/Condition",
    text: "The JSONata expression '1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
  },
])(
  "EvaluationFailed at $location follows what StateEntered follows",
  async ({ state, location, text }) => {
    const { execution, history } = await runInMemory(machine({ ...jsonata, ...state }), { input });
    const cause = prefix + text;
    expect(execution.failure).toEqual({ error: "States.QueryEvaluationError", cause });
    expect(history.slice(-2)).toMatchObject([
      {
        id: 3,
        previousEventId: 0,
        type: "EvaluationFailed",
        details: { state: "S", location, error: "States.QueryEvaluationError", cause },
      },
      { id: 4, previousEventId: 3, type: "ExecutionFailed" },
    ]);
  },
);

test("a Timestamp that is none is found out after StateEntered", async () => {
  const state = { ...jsonata, Type: "Wait", Timestamp: "{% '2016-12-05 21:29:29Z' %}" };
  const { history } = await runInMemory(machine(state), { input });
  expect(history.at(-2)).toMatchObject({ type: "EvaluationFailed", previousEventId: 2 });
});

test.each([
  { items: { Items: "{% 1 %}" }, text: "Expected 'array', but was 'number' for value: 1" },
  { items: {}, text: "Map state input must be an array but was: 7" },
])("a Map without an array fails as a Map: $text", async ({ items, text }) => {
  const state = { Type: "Map", ItemProcessor: body({ Type: "Pass", Name: "I" }), ...items };
  const { history, execution } = await runInMemory(machine({ ...jsonata, ...state }), { input: 7 });
  expect(execution.failure?.cause).toContain(text);
  expect(history.slice(-3)).toMatchObject([
    { type: "EvaluationFailed", previousEventId: 0 },
    { type: "MapStateFailed", previousEventId: 3 },
    { type: "ExecutionFailed", previousEventId: 4 },
  ]);
});

test("a failed expression can be caught", async () => {
  const definition = machine(
    {
      ...jsonata,
      Type: "Task",
      Resource: "r",
      Arguments: "{% $nobody %}",
      Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "S2" }],
    },
    { Type: "Pass", Parameters: "caught" },
  );
  const run = await runInMemory(definition, { input });
  expect(output(run)).toBe("caught");
  expect(
    run.history.map(({ type, previousEventId }) => `${type} ${previousEventId}`).slice(2, 4),
  ).toEqual(["EvaluationFailed 0", "TaskStateExited 3"]);
});

test("the machine's query language holds in branches, a state's own does not", async () => {
  const inner = {
    StartAt: "I",
    States: { I: { Type: "Pass", Parameters: { "x.$": "$.a.b" }, End: true } },
  };
  const definition = machine({ ...jsonata, Type: "Parallel", Branches: [inner] });
  expect(output(await runInMemory(definition, { input }))).toEqual([{ x: 1 }]);
});
