import { afterEach, beforeEach, expect, test } from "vitest";
import { validateState } from "../../../server/asl/index.ts";
import { stateTests } from "../../../server/engine/state-tests.ts";
import { limits, startMs } from "../../support/asl/builders.ts";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine } from "../../support/fake-engine.ts";

let door: TestAwsDoor;
beforeEach(async () => {
  const engine = fakeEngine();
  const tests = stateTests({
    clock: { nowMs: () => startMs },
    limits,
    aws: { region: "us-east-1", accountId: "000000000000" },
    control: engine,
    executions: engine,
  });
  const validateDefinition = ({ definition }: { definition: string }) => validateState(definition);
  door = await TestAwsDoor.open(Object.assign(engine, tests, { validateDefinition }));
});
afterEach(() => door.close());

const pass = { Type: "Pass", Next: "B" };
const task = { Type: "Task", Resource: "work", Next: "B" };
const asked = (state: object, fields: object = {}) => ({
  definition: JSON.stringify(state),
  ...fields,
});

test("INFO says what became of the state, DEBUG what came between", async () => {
  const { body } = await door.call("TestState", asked(pass, { input: "[1]" }));
  expect(body).toEqual({ status: "SUCCEEDED", output: "[1]", nextState: "B" });
  const debug = await door.call("TestState", asked(pass, { inspectionLevel: "DEBUG" }));
  expect(debug.body["inspectionData"]).toMatchObject({ input: "{}", afterInputPath: "{}" });
});

test("error and cause of a mock come back", async () => {
  const mock = { errorOutput: { error: "E", cause: "C" } };
  const { body } = await door.call("TestState", asked(task, { mock }));
  expect(body).toEqual({ status: "FAILED", error: "E", cause: "C" });
});

test.each<[string, object, string]>([
  [
    "a Task without role and mock",
    asked(task),
    "ValidationException: RoleArn must be specified when testing a Task state",
  ],
  [
    "a Parallel without a mock",
    asked({
      Type: "Parallel",
      Branches: [{ StartAt: "A", States: { A: pass, B: { Type: "Fail" } } }],
      End: true,
    }),
    "InvalidDefinition: TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
  ],
  [
    "a wrong state, with every error,",
    asked({ Type: "Task", Next: 7 }),
    "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/StateName, SCHEMA_VALIDATION_FAILED: Expected value of type String, but was 7 at /States/StateName/Next'",
  ],
  [
    "an input that is not JSON",
    asked(pass, { input: "" }),
    "InvalidExecutionInput: Invalid State Machine Execution Input: 'Invalid execution input.'",
  ],
  [
    "an unknown state",
    asked({ StartAt: "A", States: { A: { Type: "Succeed" } } }, { stateName: "B" }),
    "ValidationException: State not found in definition",
  ],
  [
    "an empty name",
    asked(pass, { stateName: "" }),
    "ValidationException: 1 validation error detected: Value '' at 'stateName' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
])("%s is refused in AWS's words", async (_what, request, expected) => {
  expect(await door.refusal("TestState", request)).toBe(expected);
});
