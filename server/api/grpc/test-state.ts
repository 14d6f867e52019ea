import { create } from "@bufbuild/protobuf";
import type { Failure, StateTest, TestedState } from "../../asl/index.ts";
import type { ErrorValue } from "../../gen/pawl/v1/common_pb.ts";
import {
  DefinitionFormatSchema,
  InspectionLevel,
  InspectionLevelSchema,
  MockValidation,
  MockValidationSchema,
  TestStateResponseSchema,
  TestStateStatus,
  type StateMachineService,
  type TaskMock,
  type TestStateRequest,
  type TestStateResponse,
} from "../../gen/pawl/v1/state_machine_service_pb.ts";
import { errorValueOf } from "../convert/execution.ts";
import { engineFormatOf } from "../convert/state-machine.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { Violations } from "../violations.ts";

type Rpcs = Handlers<typeof StateMachineService>;

/** One state on its own. Unlike AWS's, this door asks for no role. */
export function testState({ engine }: ServiceDeps): Rpcs["testState"] {
  return async (request, { signal }) => {
    checkForm(request);
    const tested = await engine.testState(testOf(request), signal);
    return responseOf(tested, request.inspectionLevel);
  };
}

function checkForm(request: TestStateRequest): void {
  const violations = new Violations();
  violations.required("definition", request.definition);
  violations.known("format", DefinitionFormatSchema, request.format);
  violations.known("inspection_level", InspectionLevelSchema, request.inspectionLevel);
  if (request.mock !== undefined)
    violations.known("mock.validation", MockValidationSchema, request.mock.validation);
  for (const [field, value] of [
    ["retrier_retry_count", request.retrierRetryCount],
    ["map_iteration_failure_count", request.mapIterationFailureCount],
  ] as const)
    violations.range(field, value, [0, countMax]);
  violations.refuse();
}

const countMax = 2_147_483_647;

/** What is empty or 0 was not given. */
function testOf(request: TestStateRequest): StateTest {
  const { definition, stateName, input, variables, context, mock, roleArn } = request;
  const { retrierRetryCount, errorCausedByState } = request;
  const { mapIterationFailureCount, mapItemReaderData } = request;
  const format = engineFormatOf(request.format);
  return {
    definition,
    ...(format !== undefined && { format }),
    ...(stateName !== "" && { stateName }),
    ...(input !== "" && { input }),
    ...(variables !== "" && { variables }),
    ...(context !== "" && { context }),
    ...(roleArn !== "" && { roleArn }),
    ...(mock !== undefined && { mock: mockOf(mock) }),
    configuration: {
      ...(retrierRetryCount > 0 && { retrierRetryCount }),
      ...(errorCausedByState !== "" && { errorCausedByState }),
      ...(mapIterationFailureCount > 0 && { mapIterationFailureCount }),
      ...(mapItemReaderData !== "" && { mapItemReaderData }),
    },
  };
}

function mockOf({ outcome, validation }: TaskMock): NonNullable<StateTest["mock"]> {
  return {
    ...(outcome.case === "result" && { result: outcome.value }),
    ...(outcome.case === "error" && { errorOutput: failureOf(outcome.value) }),
    ...(validation === MockValidation.PRESENT && { fieldValidationMode: "PRESENT" }),
    ...(validation === MockValidation.NONE && { fieldValidationMode: "NONE" }),
  };
}

function failureOf({ error, cause }: ErrorValue): Failure {
  return { ...(error !== "" && { error }), ...(cause !== "" && { cause }) };
}

function responseOf(tested: TestedState, level: InspectionLevel): TestStateResponse {
  const { variables = "", ...inspection } = textsOf(tested.inspection);
  const isInspected = level > InspectionLevel.INFO;
  return create(TestStateResponseSchema, {
    status: TestStateStatus[tested.status],
    output: tested.output ?? "",
    ...(tested.failure !== undefined && { error: errorValueOf(tested.failure) }),
    nextState: tested.nextState ?? "",
    inspection: isInspected ? inspection : {},
    variables,
  });
}

/** JSON texts; what is none yet becomes one. */
function textsOf(inspection: TestedState["inspection"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inspection).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
