/**
 * MockConfigFile.json, as Step Functions Local takes it: which mocked response a state has in which test
 * case. AWS's guide: Testing state machines with Step Functions Local, Using mocked service integrations.
 */
import { isObject, pointerSegment } from "../asl/index.ts";
import type { DefinitionFormat, Json } from "../asl/index.ts";
import { checkShape, didYouMean } from "./check-shape.ts";
import type { Problem } from "./problem.ts";
import { readChecked } from "./read-test-file.ts";
import type { Read } from "./read-test-file.ts";
import type { Schema } from "./test-file-schema.ts";
import type { MockAnswer, MockConfigReference, MockTable } from "./test-file.ts";

export interface MockConfig {
  readonly StateMachines: {
    readonly [name: string]: {
      readonly TestCases: { readonly [name: string]: { readonly [stateName: string]: string } };
    };
  };
  readonly MockedResponses: {
    readonly [name: string]: { readonly [calls: string]: MockedResponse };
  };
}

/** Exactly one of the two. */
interface MockedResponse {
  readonly Return?: Json;
  readonly Throw?: { readonly Error: string; readonly Cause?: string };
}

export function readMockConfig(text: string, format?: DefinitionFormat): Read<MockConfig> {
  return readChecked(text, format, (tree) => {
    const problems = checkShape(tree, schema);
    if (problems.length > 0 || !isObject(tree)) return problems;
    const config = tree as unknown as MockConfig;
    return [...checkResponses(config), ...checkReferences(config)];
  });
}

/** Why there is nothing to find under a name. */
type Missing = Pick<Problem, "message" | "suggestion">;

/** Names of a state machine's test cases. */
export function testCasesOf(
  { StateMachines }: MockConfig,
  stateMachine: string,
): readonly string[] | Missing {
  const machine = own(StateMachines, stateMachine);
  if (machine !== undefined) return Object.keys(machine.TestCases);
  return {
    message: `the file has no state machine ${stateMachine}`,
    ...didYouMean(stateMachine, Object.keys(StateMachines)),
  };
}

/** A test case's mocks. */
export function mocksOf(
  config: MockConfig,
  { stateMachine, testCase }: Pick<MockConfigReference, "stateMachine" | "testCase">,
): MockTable | Missing {
  const names = testCasesOf(config, stateMachine);
  if (isMissing(names)) return names;
  const states = names.includes(testCase)
    ? config.StateMachines[stateMachine]?.TestCases[testCase]
    : undefined;
  if (states === undefined)
    return {
      message: `${stateMachine} has no test case ${testCase}`,
      ...didYouMean(testCase, names),
    };
  return Object.fromEntries(
    Object.entries(states).map(([state, name]) => [
      state,
      answersOf(config.MockedResponses[name] ?? {}),
    ]),
  );
}

export function isMissing(found: object): found is Missing {
  return "message" in found && typeof found.message === "string";
}

function answersOf(response: { readonly [calls: string]: MockedResponse }): readonly MockAnswer[] {
  return rangesOf(response).map(({ first, last, answer: { Return, Throw } }) => ({
    ...(Throw === undefined
      ? { result: Return ?? null, isWhole: true }
      : { error: Throw.Error, ...(Throw.Cause !== undefined && { cause: Throw.Cause }) }),
    times: last - first + 1,
  }));
}

interface Range {
  readonly key: string;
  readonly first: number;
  readonly last: number;
  readonly answer: MockedResponse;
}

/** In the order of calls; those that are no ranges have NaN. */
function rangesOf(response: { readonly [calls: string]: MockedResponse }): readonly Range[] {
  return Object.entries(response)
    .map(([key, answer]) => {
      const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(key) ?? [];
      return { key, first: Number(first), last: Number(last), answer };
    })
    .toSorted((a, b) => a.first - b.first);
}

function checkResponses({ MockedResponses }: MockConfig): readonly Problem[] {
  return Object.entries(MockedResponses).flatMap(([name, response]) => {
    const pointer = `/MockedResponses/${pointerSegment(name)}`;
    let expected = 0;
    return rangesOf(response).flatMap(({ key, first, last, answer }): readonly Problem[] => {
      const at = `${pointer}/${pointerSegment(key)}`;
      if (!(first <= last))
        return [invalid(`${key} is neither the number of a call, 0, nor a range of them, 1-3`, at)];
      const problems: Problem[] = [];
      if (first !== expected)
        problems.push(
          invalid(
            `calls are answered one after the other from 0; expected ${expected}, found ${key}`,
            at,
          ),
        );
      if ((answer.Return === undefined) === (answer.Throw === undefined))
        problems.push(invalid("a response has either Return or Throw", at));
      expected = last + 1;
      return problems;
    });
  });
}

function checkReferences({ StateMachines, MockedResponses }: MockConfig): readonly Problem[] {
  const names = Object.keys(MockedResponses);
  return Object.entries(StateMachines).flatMap(([machine, { TestCases }]) =>
    Object.entries(TestCases).flatMap(([testCase, states]) =>
      Object.entries(states)
        .filter(([, response]) => !Object.hasOwn(MockedResponses, response))
        .map(([state, response]): Problem => {
          const segments = ["StateMachines", machine, "TestCases", testCase, state];
          return {
            code: "UNKNOWN_NAME",
            message: `there is no mocked response ${response}`,
            pointer: segments.map((segment) => `/${pointerSegment(segment)}`).join(""),
            ...didYouMean(response, names),
          };
        }),
    ),
  );
}

function invalid(message: string, pointer: string): Problem {
  return { code: "INVALID_VALUE", message, pointer, at: "Key" };
}

function own<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

const schema: Schema = {
  type: "object",
  required: ["StateMachines", "MockedResponses"],
  additionalProperties: false,
  properties: {
    StateMachines: table({
      type: "object",
      required: ["TestCases"],
      additionalProperties: false,
      properties: { TestCases: table(table({ type: "string" })) },
    }),
    MockedResponses: table(
      table({
        type: "object",
        additionalProperties: false,
        properties: {
          Return: {},
          Throw: {
            type: "object",
            required: ["Error"],
            additionalProperties: false,
            properties: { Error: { type: "string" }, Cause: { type: "string" } },
          },
        },
      }),
    ),
  },
};

function table(of: Schema): Schema {
  return { type: "object", additionalProperties: of };
}
