/** Which tests can be made, in AWS's words. */
import { isObject, parseJson } from "../json.ts";
import { innerBodies } from "../definition/transitions.ts";
import { InvalidTest } from "./state-test.ts";
import { findState } from "./isolate.ts";
import type { State } from "../definition/definition.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Isolated } from "./isolate.ts";
import type { StateTest, StateTestConfiguration } from "./state-test.ts";

/** Circumstances that mean something for a mocked state only, as AWS spells them. */
const mockedOnly = {
  retrierRetryCount: "RetrierRetryCount",
  errorCausedByState: "ErrorCausedByState",
  mapIterationFailureCount: "MapIterationFailureCount",
  mapItemReaderData: "MapItemReaderData",
} as const satisfies Record<keyof StateTestConfiguration, string>;

/** What is wrong with a request whatever the definition is. @throws InvalidTest */
export function checkRequest({ mock, revealSecrets, configuration = {} }: StateTest): void {
  if (mock === undefined) {
    for (const [field, name] of Object.entries(mockedOnly)) {
      if (configuration[field as keyof StateTestConfiguration] !== undefined)
        throw new InvalidTest(`TestState does not support ${name} when a mock is not specified.`);
    }
    return;
  }
  const { result, errorOutput } = mock;
  if (result !== undefined && errorOutput !== undefined)
    throw new InvalidTest(
      "A test mock should have only one of the following fields: [result, errorOutput].",
    );
  if (result === undefined && errorOutput === undefined)
    throw new InvalidTest(
      "A test mock should have one of the following fields: [result, errorOutput].",
    );
  if (revealSecrets === true)
    throw new InvalidTest("TestState does not support RevealSecrets when a mock is specified.");
}

/** What the state's type allows. @throws InvalidTest */
export function checkState(test: StateTest, { state, source }: Isolated): void {
  if (test.mock === undefined) return checkUnmocked(test, state);
  if (!("retry" in state))
    throw new InvalidTest(`State type '${state.type}' is not supported when a mock is specified`);
  const origin = test.configuration?.errorCausedByState;
  if (origin !== undefined && !isInside(source, origin))
    throw new InvalidTest(
      `errorCausedByState ${JSON.stringify(origin)} is no state inside the tested state`,
    );
}

function checkUnmocked({ roleArn, isRoleRequired }: StateTest, state: State): void {
  if (state.type === "Map" || state.type === "Parallel")
    throw new InvalidTest(
      "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
      "InvalidDefinition",
    );
  if (state.type === "Message")
    throw new InvalidTest("a Message state is tested with a mock only: what the message brings");
  if (state.type !== "Task") return;
  if (roleArn === undefined && isRoleRequired === true)
    throw new InvalidTest("RoleArn must be specified when testing a Task state");
  const { resource } = state;
  const pattern = resource.kind === "Service" ? resource.pattern : "RequestResponse";
  if (resource.kind === "Activity" || pattern !== "RequestResponse")
    throw new InvalidTest(
      "TestState does not support Activity tasks, .sync or .waitForTaskToken service integration patterns when a mock is not specified.",
      "InvalidDefinition",
    );
}

function isInside(source: JsonObject, name: string): boolean {
  return innerBodies(source, "").some(({ body }) => findState(body, name) !== undefined);
}

/** @param refusal what to say when the text is not JSON. @throws InvalidTest */
export function jsonIn(text: string, refusal: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw new InvalidTest(refusal);
  }
}

/** @throws InvalidTest */
export function objectIn(text: string, refusal: string): JsonObject {
  const value = jsonIn(text, refusal);
  if (!isObject(value)) throw new InvalidTest(refusal);
  return value;
}
