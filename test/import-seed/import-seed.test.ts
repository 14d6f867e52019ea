import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileDefinition, parseDefinition } from "../../server/asl/index.ts";
import { importSeed } from "../../server/import-seed/import-seed.ts";
import { orderProcessing, paymentFlow, userRegistration } from "./workflows.ts";

const done = { Done: { Type: "Succeed" } };

/** What a state becomes, and the codes of what is said about it. */
function imported(state: object, options = { guardMissing: false }): [unknown, string[]] {
  const machine = { StartAt: "S", States: { S: state, ...done } };
  const { text, notes } = importSeed(JSON.stringify(machine), options);
  const { States } = JSON.parse(text!) as { States: { S: object } };
  return [States.S, notes.map(({ kind, code }) => `${kind} ${code}`)];
}

const task = { Type: "Task", Resource: "work", Next: "Done" };
const message = { Type: "Message", CorrelationKey: "k", Next: "Done" };

describe("a state is rewritten where the library's habit differs", () => {
  test.each([
    [
      "a text that is a path gets its key's .$",
      { ...task, Parameters: { id: "$.order.id", all: "$", at: "$$.State.EnteredTime", n: 1 } },
      {
        ...task,
        Parameters: { "id.$": "$.order.id", "all.$": "$", "at.$": "$$.State.EnteredTime", n: 1 },
      },
      ["CHANGED PATH_VALUE", "CHANGED PATH_VALUE", "CHANGED PATH_VALUE"],
    ],
    [
      "paths deep inside, and in objects in lists",
      { ...task, ResultSelector: { a: { b: [{ c: "$.c[0].d" }] } } },
      { ...task, ResultSelector: { a: { b: [{ "c.$": "$.c[0].d" }] } } },
      ["CHANGED PATH_VALUE"],
    ],
    [
      "a list of paths becomes States.Array",
      { ...task, Parameters: { list: ["$.a", "b", 3, true] } },
      { ...task, Parameters: { "list.$": "States.Array($.a, 'b', 3, true)" } },
      ["CHANGED PATH_VALUE"],
    ],
    [
      "what begins with $ and is no path stays a text",
      { ...task, Parameters: { price: "$5.00 off", list: ["$.a", { b: 1 }] } },
      { ...task, Parameters: { price: "$5.00 off", list: ["$.a", { b: 1 }] } },
      ["LOOK DOLLAR_TEXT", "LOOK DOLLAR_TEXT"],
    ],
    [
      "a key that has .$ stays, and its handler gets another name",
      { ...task, Parameters: { "id.$": "$.id" } },
      { ...task, Parameters: { "id.$": "$.id" } },
      ["LOOK KEY_SUFFIX"],
    ],
    [
      "null paths, which did nothing, are left out",
      { ...task, InputPath: null, ResultPath: null, OutputPath: null },
      task,
      ["CHANGED NULL_PATH", "CHANGED NULL_PATH", "CHANGED NULL_PATH"],
    ],
    [
      "End wins over Next",
      { ...task, End: true },
      { Type: "Task", Resource: "work", End: true },
      ["CHANGED NEXT_AND_END"],
    ],
    ["End: false is left out", { ...task, End: false }, task, ["CHANGED NEXT_AND_END"]],
    [
      "MessagePath is ResultPath",
      { ...message, MessagePath: "$.m" },
      { ...message, ResultPath: "$.m" },
      ["CHANGED MESSAGE_PATH"],
    ],
    [
      "MessagePath beside ResultPath is left out",
      { ...message, MessagePath: "$.m", ResultPath: "$.r" },
      { ...message, ResultPath: "$.r" },
      ["CHANGED MESSAGE_PATH"],
    ],
    [
      "a TimeoutPath that is a path can not be rewritten",
      { ...message, TimeoutPath: "$.timeout" },
      { ...message, TimeoutPath: "$.timeout" },
      ["LOOK MESSAGE_TIMEOUT_PATH"],
    ],
    [
      "Cause.$ of a Fail is CausePath",
      { Type: "Fail", Error: "E", "Cause.$": "$.why" },
      { Type: "Fail", Error: "E", CausePath: "$.why" },
      ["CHANGED FAIL_PATH"],
    ],
    [
      "retries that count otherwise, and names that are texts, are said",
      {
        ...task,
        Retry: [
          { ErrorEquals: ["context deadline exceeded"] },
          { ErrorEquals: ["B"], MaxAttempts: 0 },
        ],
      },
      {
        ...task,
        Retry: [
          { ErrorEquals: ["context deadline exceeded"] },
          { ErrorEquals: ["B"], MaxAttempts: 0 },
        ],
      },
      ["LOOK RETRY_COUNT", "LOOK RETRY_COUNT", "LOOK ERROR_NAME"],
    ],
    [
      "Parameters of a Pass are evaluated now",
      { Type: "Pass", Parameters: { "a.$": "$.a", b: "$.b" }, Next: "Done" },
      { Type: "Pass", Parameters: { "a.$": "$.a", b: "$.b" }, Next: "Done" },
      ["LOOK PASS_PARAMETERS"],
    ],
    [
      "branches, too",
      {
        Type: "Parallel",
        Branches: [{ StartAt: "T", States: { T: { ...task, Parameters: { a: "$.a" } } } }],
        End: true,
      },
      {
        Type: "Parallel",
        Branches: [{ StartAt: "T", States: { T: { ...task, Parameters: { "a.$": "$.a" } } } }],
        End: true,
      },
      ["CHANGED PATH_VALUE"],
    ],
  ])("%s", (_rule, before, after, codes) => {
    expect(imported(before)).toEqual([after, codes]);
  });
});

describe("a Choice Rule is rewritten where the library's habit differs", () => {
  const choice = (rule: object): object => ({ Type: "Choice", Choices: [rule], Default: "Done" });
  const missing = "LOOK CHOICE_MISSING";

  test.each([
    [
      "one operator stays as it is",
      { Variable: "$.a", NumericEquals: 1, Next: "Done" },
      { Variable: "$.a", NumericEquals: 1, Next: "Done" },
      [missing],
    ],
    [
      "several operators become an And",
      { Variable: "$.total", NumericGreaterThanEquals: 50, NumericLessThan: 200, Next: "Done" },
      {
        And: [
          { Variable: "$.total", NumericGreaterThanEquals: 50 },
          { Variable: "$.total", NumericLessThan: 200 },
        ],
        Next: "Done",
      },
      [missing, "CHANGED CHOICE_OPERATORS"],
    ],
    [
      "the Variable beside And is put before the paths inside, at any depth",
      {
        Variable: "$.order",
        And: [
          { Variable: "$.total", NumericGreaterThan: 1 },
          { Not: { Variable: "$", IsNull: true } },
          { Variable: "$.lines[0]", Or: [{ Variable: "$.sku", StringEquals: "x" }] },
        ],
        Next: "Done",
      },
      {
        And: [
          { Variable: "$.order.total", NumericGreaterThan: 1 },
          { Not: { Variable: "$.order", IsNull: true } },
          { Or: [{ Variable: "$.order.lines[0].sku", StringEquals: "x" }] },
        ],
        Next: "Done",
      },
      [missing, "CHANGED CHOICE_VARIABLE", "CHANGED CHOICE_VARIABLE"],
    ],
  ])("%s", (_rule, before, after, codes) => {
    expect(imported(choice(before))).toEqual([choice(after), codes]);
  });

  test("with guardMissing, a comparison asks first whether its Variable is there", () => {
    const before = choice({ Not: { Variable: "$.a", StringEquals: "x" }, Next: "Done" });
    const guarded = {
      And: [
        { Variable: "$.a", IsPresent: true },
        { Variable: "$.a", StringEquals: "x" },
      ],
    };
    expect(imported(before, { guardMissing: true })).toEqual([
      choice({ Not: guarded, Next: "Done" }),
      ["CHANGED CHOICE_MISSING"],
    ]);
  });

  test("a ResultPath is left out", () => {
    const rule = { Variable: "$.a", NumericEquals: 1, Next: "Done" };
    expect(imported({ ...choice(rule), ResultPath: "$.x" })).toEqual([
      choice(rule),
      [missing, "CHANGED CHOICE_RESULT_PATH"],
    ]);
  });
});

describe("the library's own workflows", () => {
  test.each([
    ["order_processing.yaml", orderProcessing],
    ["payment_flow.yaml", paymentFlow],
  ])("%s is valid after it, and importing it again changes nothing", (_file, workflow) => {
    const first = importSeed(workflow, { guardMissing: false });
    expect(first.diagnostics.filter(({ severity }) => severity === "ERROR")).toEqual([]);
    const second = importSeed(first.text!, { guardMissing: false });
    expect(second.text).toBe(first.text);
    expect(second.notes.filter(({ kind }) => kind === "CHANGED")).toEqual([]);
  });

  test("examples/seed/order-processing.yaml is what comes out", () => {
    const example = new URL("../../examples/seed/order-processing.yaml", import.meta.url);
    const { text } = importSeed(orderProcessing, { guardMissing: false });
    expect(parseDefinition(text!).tree).toEqual(
      parseDefinition(readFileSync(example, "utf8")).tree,
    );
  });

  test("an order of 250 is no longer taken for one below 200", () => {
    const { notes } = importSeed(orderProcessing, { guardMissing: false });
    expect(notes).toContainEqual({
      kind: "CHANGED",
      code: "CHOICE_OPERATORS",
      pointer: "/States/CheckAmount/Choices/0",
      message:
        "NumericGreaterThanEquals and NumericLessThan became an And: all must hold, where only one was tested",
    });
  });

  test("what makes no sense in user_registration.yaml is said, not guessed", () => {
    const { notes, name } = importSeed(userRegistration, { guardMissing: false });
    expect(name).toBe("user-registration");
    expect(notes.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "NAME /Name",
      "VERSION /Version",
      "PATH_VALUE /States/CreateUser/Parameters/email",
      "DOLLAR_TEXT /States/CreateUser/Parameters/expires",
      "FAIL_PATH /States/Failed/Cause.$",
    ]);
  });
});

describe("the text", () => {
  test("keeps its format unless another is asked for", () => {
    const yaml = importSeed(paymentFlow, { guardMissing: false }).text!;
    const json = importSeed(paymentFlow, { guardMissing: false, to: "JSON" }).text!;
    expect(JSON.parse(json)).toEqual(parseDefinition(yaml, "YAML").tree);
    expect(yaml).toMatch(/^Version: ['"]1\.0['"]$/m);
  });

  test("keeps the digits of a number that a double can not hold", () => {
    const yaml =
      "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result: 12345678901234567890\n    End: true\n";
    const { text } = importSeed(yaml, { guardMissing: false });
    expect(text).toContain("12345678901234567890");
    expect(compileDefinition(text!, { format: "YAML" }).definition).toBeDefined();
  });

  test("that can not be read gives the reader's findings", () => {
    const { text, diagnostics } = importSeed('{"StartAt": ', { guardMissing: false });
    expect(text).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: "DEFINITION_SYNTAX" }]);
  });
});
