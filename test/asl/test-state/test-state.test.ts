import { describe, expect, test } from "vitest";
import { testState } from "../../../server/asl/index.ts";
import type { StateTest, TestedState } from "../../../server/asl/index.ts";
import { startMs, turnAt } from "../../support/asl/builders.ts";

type Changes = Partial<Omit<StateTest, "definition">>;

function run(state: object, changes: Changes = {}): Promise<TestedState> {
  return testState(
    { definition: JSON.stringify(state), ...changes },
    turnAt(startMs),
    async (resource, input) =>
      resource === "broken"
        ? { failure: { error: "Broken", cause: "by itself" } }
        : { result: JSON.stringify({ resource, input: JSON.parse(input) }) },
  );
}

const refusal = (state: object, changes: Changes = {}): Promise<string> =>
  run(state, changes).then(
    () => "no refusal",
    (error: Error) => error.message,
  );

const pass = { Type: "Pass", End: true };
const task = { Type: "Task", Resource: "work", End: true };
const inner = { StartAt: "Inner", States: { Inner: task } };
const parallel = { Type: "Parallel", Branches: [inner], End: true };
const message = { Type: "Message", CorrelationKey: "k", End: true };
const map = { Type: "Map", ItemProcessor: inner, End: true };
const mocked = (result: unknown): Changes => ({ mock: { result: JSON.stringify(result) } });
const failing = (error = "Oops", more: Changes = {}): Changes => ({
  mock: { errorOutput: { error, cause: "why" } },
  ...more,
});

describe("what becomes of a state", () => {
  const retry = [{ ErrorEquals: ["Oops"], IntervalSeconds: 3, MaxAttempts: 2 }];
  const caught = [
    { ErrorEquals: ["Other"], Next: "No" },
    { ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "Yes" },
  ];
  const errorOutput = { Error: "Oops", Cause: "why" };

  test.each<[string, object, Changes, Partial<TestedState>]>([
    [
      "a Pass goes on",
      { ...pass, End: undefined, Next: "Away" },
      {},
      { status: "SUCCEEDED", output: "{}", nextState: "Away" },
    ],
    [
      "a state may lead back to itself",
      { Type: "Pass", Next: "StateName" },
      {},
      { nextState: "StateName" },
    ],
    [
      "a Wait is over at once",
      { Type: "Wait", Seconds: 3_600, Next: "Later" },
      {},
      { status: "SUCCEEDED", nextState: "Later" },
    ],
    [
      "a Fail fails",
      { Type: "Fail", Error: "E", Cause: "C" },
      {},
      { status: "FAILED", failure: { error: "E", cause: "C" } },
    ],
    [
      "a Task without a mock is done by a worker",
      { ...task, Parameters: { a: 1 } },
      {},
      { output: '{"resource":"work","input":{"a":1}}' },
    ],
    [
      "a worker's failure is the Task's",
      { ...task, Resource: "broken" },
      {},
      { status: "FAILED", failure: { error: "Broken", cause: "by itself" } },
    ],
    [
      "a mock is the result as it stands",
      { ...task, Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" } },
      mocked({ Payload: { a: [1] } }),
      { output: '{"Payload":{"a":[1]}}' },
    ],
    [
      "a mock of a Parallel is its branches' outputs",
      { ...parallel, ResultPath: "$.r" },
      mocked([7]),
      { output: '{"r":[7]}' },
    ],
    ["a mock of a Message state is the message", message, mocked({ m: 1 }), { output: '{"m":1}' }],
    [
      "an error nobody takes fails the state",
      task,
      failing(),
      { status: "FAILED", failure: { error: "Oops", cause: "why" } },
    ],
    [
      "an error is retried",
      { ...task, Retry: retry, Catch: caught },
      failing(),
      { status: "RETRIABLE", failure: { error: "Oops", cause: "why" } },
    ],
    [
      "an error is caught",
      { ...task, Catch: caught },
      failing(),
      { status: "CAUGHT_ERROR", nextState: "Yes", output: JSON.stringify({ e: errorOutput }) },
    ],
    [
      "a spent Retrier falls through to Catch",
      { ...task, Retry: retry, Catch: caught },
      failing("Oops", { configuration: { retrierRetryCount: 2 } }),
      { status: "CAUGHT_ERROR", nextState: "Yes" },
    ],
    [
      "an evaluation that fails says nothing of where it was",
      { ...map, ItemsPath: "$$" },
      mocked([]),
      {
        status: "FAILED",
        failure: { error: "States.Runtime", cause: 'Reference path "$" must point to array.' },
      },
    ],
  ])("%s", async (_rule, state, changes, expected) => {
    expect(await run(state, changes)).toMatchObject(expected);
  });

  test.each([
    [0, 3],
    [1, 6],
  ])("after %i retries the next waits %i s", async (retrierRetryCount, seconds) => {
    const changes = failing("Oops", { configuration: { retrierRetryCount } });
    const { inspection } = await run({ ...task, Retry: retry }, changes);
    expect(inspection["errorDetails"]).toEqual({
      retryIndex: 0,
      retryBackoffIntervalSeconds: seconds,
    });
  });

  test("a Catcher is named by its index", async () => {
    const { inspection } = await run({ ...task, Catch: caught }, failing());
    expect(inspection["errorDetails"]).toEqual({ catchIndex: 1 });
  });

  test.each([
    [{ ToleratedFailureCount: 1 }, 1, "Oops"],
    [{ ToleratedFailureCount: 1 }, 2, "States.ExceedToleratedFailureThreshold"],
    [{ ToleratedFailurePercentage: 50 }, 2, "Oops"],
    [{ ToleratedFailurePercentage: 50 }, 3, "States.ExceedToleratedFailureThreshold"],
    [{}, 4, "Oops"],
  ])(
    "a Map of four with %j and %i failed iterations fails with %s",
    async (fields, count, error) => {
      const configuration = { mapIterationFailureCount: count, errorCausedByState: "Inner" };
      const tested = await run(
        { ...map, ...fields },
        { input: "[1,2,3,4]", ...failing("Oops", { configuration }) },
      );
      expect(tested).toMatchObject({ status: "FAILED", failure: { error } });
    },
  );
});

describe("what is inspected", () => {
  const input = '{"a":{"b":1}}';
  const io = {
    InputPath: "$.a",
    Parameters: { "c.$": "$.b" },
    ResultSelector: { "d.$": "$.r" },
    ResultPath: "$.e",
  };
  const steps = {
    input,
    afterInputPath: '{"b":1}',
    afterParameters: '{"c":1}',
    result: '{"r":2}',
    afterResultSelector: '{"d":2}',
    afterResultPath: '{"a":{"b":1},"e":{"d":2}}',
  };

  test.each<[string, object, Changes, object]>([
    ["a Task: every step", { ...task, ...io }, { input, ...mocked({ r: 2 }) }, steps],
    [
      "a Pass with a Result: nothing before it",
      { ...pass, Result: 7 },
      {},
      { input: "{}", result: "7", afterResultSelector: "7", afterResultPath: "7" },
    ],
    [
      "a Choice: its input",
      { Type: "Choice", Choices: [{ Variable: "$", IsNull: true, Next: "A" }], Default: "A" },
      {},
      { input: "{}", afterInputPath: "{}" },
    ],
    [
      "a Parallel: its result",
      parallel,
      mocked([1]),
      { input: "{}", afterResultSelector: "[1]", afterResultPath: "[1]" },
    ],
    [
      "a JSONata Task: arguments and result",
      { ...task, QueryLanguage: "JSONata", Arguments: { x: "{% 1 + 1 %}" } },
      mocked(3),
      { input: "{}", afterArguments: '{"x":2}', result: "3" },
    ],
    [
      "a JSONata Pass: its input",
      { ...pass, QueryLanguage: "JSONata", Output: 1 },
      {},
      { input: "{}" },
    ],
    [
      "a Map: items, what they are given, and its settings",
      {
        ...map,
        ItemsPath: "$.i",
        ItemSelector: { "v.$": "$$.Map.Item.Value" },
        ToleratedFailureCount: 1,
      },
      { input: '{"i":[5,6]}', ...mocked([]) },
      {
        input: '{"i":[5,6]}',
        afterInputPath: '{"i":[5,6]}',
        afterItemsPath: "[5,6]",
        afterItemSelector: '[{"v":5},{"v":6}]',
        afterResultSelector: "[]",
        afterResultPath: "[]",
        maxConcurrency: 0,
        toleratedFailureCount: 1,
      },
    ],
  ])("%s", async (_rule, state, changes, expected) => {
    expect((await run(state, changes)).inspection).toEqual(expected);
  });

  test("variables are those given and those assigned", async () => {
    const { inspection, output } = await run(
      { ...pass, QueryLanguage: "JSONata", Assign: { b: "{% $a + 1 %}" }, Output: "{% $a %}" },
      { variables: '{"a":1}' },
    );
    expect(inspection["variables"]).toBe('{"a":1,"b":2}');
    expect(output).toBe("1");
  });

  test("JSONL data of an ItemReader are its items", async () => {
    const reader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSONL" },
    };
    const processor = {
      ...inner,
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    };
    const { inspection } = await run(
      {
        ...map,
        ItemProcessor: processor,
        ItemReader: reader,
        ItemSelector: { "i.$": "$$.Map.Item.Value" },
      },
      { ...mocked([]), configuration: { mapItemReaderData: '1\n{"a":2}\n' } },
    );
    expect(inspection["afterItemSelector"]).toBe('[{"i":1},{"i":{"a":2}}]');
  });
});

describe("the context object", () => {
  const asking = { ...pass, Parameters: { "c.$": "$$" } };
  const contextOf = async (changes: Changes = {}): Promise<unknown> =>
    JSON.parse((await run(asking, changes)).output ?? "").c;

  test("is made up, with AWS's name for every state under test", async () => {
    expect(await contextOf({ input: "7" })).toEqual({
      Execution: {
        Id: "arn:aws:states:us-east-1:000000000000:express:00000000-0000-4000-8000-000000000001:00000000-0000-4000-8000-000000000002",
        Input: 7,
        Name: "00000000-0000-4000-8000-000000000002",
        RoleArn: null,
        StartTime: "2026-11-23T00:00:00.000Z",
      },
      StateMachine: {
        Id: "arn:aws:states:us-east-1:000000000000:stateMachine:00000000-0000-4000-8000-000000000001",
        Name: "00000000-0000-4000-8000-000000000001",
      },
      State: { Name: "StateName", EnteredTime: "2026-11-23T00:00:00.000Z" },
    });
  });

  test("is what is given, and nothing beside it", async () => {
    expect(await contextOf({ context: '{"Execution":{}}' })).toEqual({ Execution: {} });
  });

  test.each([
    ["[]", "not a JSON object"],
    ['{"Map":{}}', "'Map' field is not supported when mocking a Context object"],
    ['{"constructor":{}}', "Field 'constructor' is not allowed"],
    ['{"State":{"Id":"x"}}', "Field 'Id' is not allowed"],
    ['{"Execution":{"Id":1}}', "Execution.Id must be a string"],
    ['{"State":{"RetryCount":"1"}}', "State.RetryCount must be a number"],
  ])("%s is refused", async (context, problem) => {
    expect(await refusal(asking, { context })).toBe(`Invalid Context object provided: ${problem}`);
  });
});

describe("what is not tested", () => {
  const both = { mock: { result: "1", errorOutput: {} } };
  test.each<[string, object, Changes, string]>([
    [
      "two mocks",
      task,
      both,
      "A test mock should have only one of the following fields: [result, errorOutput].",
    ],
    [
      "a mocked Pass",
      pass,
      mocked(1),
      "State type 'Pass' is not supported when a mock is specified",
    ],
    [
      "secrets of a mock",
      task,
      { ...mocked(1), revealSecrets: true },
      "TestState does not support RevealSecrets when a mock is specified.",
    ],
    [
      "circumstances without a mock",
      task,
      { configuration: { retrierRetryCount: 0 } },
      "TestState does not support RetrierRetryCount when a mock is not specified.",
    ],
    [
      "a Map without a mock",
      map,
      {},
      "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
    ],
    [
      "a Message state without a mock",
      message,
      {},
      "a Message state is tested with a mock only: what the message brings",
    ],
    [
      "a Task without a mock and the role that AWS asks for",
      task,
      { isRoleRequired: true },
      "RoleArn must be specified when testing a Task state",
    ],
    [
      "a mock that is not JSON",
      task,
      { mock: { result: "{" } },
      "Mocked result must be valid JSON",
    ],
    ["a Map's result that is no array", map, mocked({}), "Mocked result must be an array."],
    [
      "a Parallel's result of another length",
      parallel,
      mocked([1, 2]),
      "Mocked result must contain the same number of items as number of Parallel branches.",
    ],
    [
      "more failed iterations than iterations",
      map,
      { input: "[1]", ...failing("E", { configuration: { mapIterationFailureCount: 2 } }) },
      "Map iteration failure count must be less than or equal to the number of Map iterations",
    ],
    [
      "an error from a state that is not inside",
      map,
      failing("E", { configuration: { errorCausedByState: "Elsewhere" } }),
      'errorCausedByState "Elsewhere" is no state inside the tested state',
    ],
    ["variables that are no object", pass, { variables: "[]" }, "variables must be a JSON object"],
    [
      "a name that the definition does not have",
      { StartAt: "A", States: { A: pass } },
      { stateName: "B" },
      "State not found in definition",
    ],
  ])("%s", async (_what, state, changes, expected) => {
    expect(await refusal(state, changes)).toBe(expected);
  });

  test("a state of a machine is found in branches and item processors, and speaks the machine's language", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "P",
      States: {
        P: {
          ...parallel,
          Branches: [
            { StartAt: "In", States: { In: { Type: "Pass", Output: "{% 6 * 7 %}", End: true } } },
          ],
        },
      },
    };
    expect(await run(definition, { stateName: "In" })).toMatchObject({ output: "42" });
  });

  test("a wrong state is refused with every finding, at its place in the text", async () => {
    const wrong = run({ Type: "Task", Resource: "", Next: 7 });
    await expect(wrong).rejects.toMatchObject({
      code: "InvalidDefinition",
      diagnostics: [
        { pointer: "/States/StateName/Resource", line: 1, column: 27 },
        { pointer: "/States/StateName/Next" },
      ],
    });
  });
});
