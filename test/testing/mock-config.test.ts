import { describe, expect, test } from "vitest";
import { mocksOf, readMockConfig } from "../../server/testing/mock-config.ts";
import { runCase } from "../../server/testing/run-case.ts";
import { readyCase, task } from "../support/testing.ts";
import type { MockTable } from "../../server/testing/test-file.ts";

function configOf(MockedResponses: unknown, states: unknown = { T: "R" }): string {
  return JSON.stringify({ StateMachines: { M: { TestCases: { C: states } } }, MockedResponses });
}

function mocks(text: string): ReturnType<typeof mocksOf> {
  return mocksOf(readMockConfig(text).value!, { stateMachine: "M", testCase: "C" });
}

const thrown = { Throw: { Error: "Busy", Cause: "later" } };

test("ranges of calls become answers in their order", () => {
  const text = configOf({
    R: { "3": { Return: { a: 1 } }, "0": thrown, "1-2": { Throw: { Error: "E" } } },
  });
  expect(mocks(text)).toEqual({
    T: [
      { error: "Busy", cause: "later", times: 1 },
      { error: "E", times: 2 },
      { result: { a: 1 }, isWhole: true, times: 1 },
    ],
  });
});

test("Return is the whole response of lambda:invoke, and nothing is put around it", async () => {
  const response = { StatusCode: 200, Payload: { body: "hello" } };
  const table = mocks(configOf({ R: { "0": { Return: response } } })) as MockTable;
  const definition = task({
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: "f" },
  });
  const { execution } = await runCase(
    { ...readyCase(definition), mocks: [table] },
    () => undefined,
  );
  expect(JSON.parse(execution.output ?? "")).toEqual(response);
});

describe("a file is refused for", () => {
  const range = "calls are answered one after the other from 0; expected";
  test.each([
    {
      rule: "calls that do not begin with 0",
      text: configOf({ R: { "1": thrown } }),
      said: `${range} 0, found 1`,
    },
    {
      rule: "a gap",
      text: configOf({ R: { "0": thrown, "2-3": thrown } }),
      said: `${range} 1, found 2-3`,
    },
    {
      rule: "an overlap",
      text: configOf({ R: { "0-2": thrown, "2": thrown } }),
      said: `${range} 3, found 2`,
    },
    {
      rule: "a key that is no call",
      text: configOf({ R: { first: thrown } }),
      said: "first is neither the number of a call, 0, nor a range of them, 1-3",
    },
    {
      rule: "a range that goes back",
      text: configOf({ R: { "2-1": thrown } }),
      said: "2-1 is neither the number of a call, 0, nor a range of them, 1-3",
    },
    {
      rule: "neither Return nor Throw",
      text: configOf({ R: { "0": {} } }),
      said: "a response has either Return or Throw",
    },
    {
      rule: "both",
      text: configOf({ R: { "0": { ...thrown, Return: 1 } } }),
      said: "a response has either Return or Throw",
    },
    {
      rule: "a Throw without an Error",
      text: configOf({ R: { "0": { Throw: {} } } }),
      said: "Error is missing",
    },
    {
      rule: "a response that is not there",
      text: configOf({ Reply: {} }, { T: "Repl" }),
      said: "there is no mocked response Repl",
    },
    {
      rule: "a misspelt field",
      text: '{"StateMachine": {}, "MockedResponses": {}}',
      said: "StateMachines is missing",
    },
  ])("$rule", ({ text, said }) => {
    expect(readMockConfig(text).problems.map(({ message }) => message)).toContain(said);
  });
});

test("a state machine or test case that is not there is named, with the nearest one", () => {
  const { value } = readMockConfig(configOf({ R: { "0": thrown } }));
  expect(mocksOf(value!, { stateMachine: "N", testCase: "C" })).toEqual({
    message: "the file has no state machine N",
    suggestion: "did you mean M?",
  });
  expect(mocksOf(value!, { stateMachine: "M", testCase: "Case" })).toEqual({
    message: "M has no test case Case",
    suggestion: "there are C",
  });
});
