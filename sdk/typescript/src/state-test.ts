import { enumName, namesOf } from "./enum-name.ts";
import { errorOf } from "./execution.ts";
import type { ExecutionError } from "./execution.ts";
import { toJsonText } from "./json.ts";
import { definitionText, formatNumber } from "./state-machine.ts";
import type { DefinitionFormat } from "./state-machine.ts";
import {
  InspectionLevel as Level,
  MockValidation,
  TestStateStatus as Status,
} from "./gen/pawl/v1/state_machine_service_pb.ts";
import type * as proto from "./gen/pawl/v1/state_machine_service_pb.ts";

/** INFO: output or error, and where it goes. DEBUG and TRACE: also the data between the steps. */
export type InspectionLevel = "INFO" | "DEBUG" | "TRACE";

/** One state to be tried. Values are sent as JSON; `JsonText` is sent as it is. */
export interface StateTest {
  /** A state, or with `stateName` a whole state machine: text or object. */
  readonly definition: string | object;
  /** Default: seen from the text. */
  readonly format?: DefinitionFormat;
  readonly stateName?: string;
  /** Default `{}`. */
  readonly input?: unknown;
  /** Variables assigned before. */
  readonly variables?: unknown;
  /** `$$`; default: one that is made up. */
  readonly context?: unknown;
  readonly roleArn?: string;
  /** Default INFO. */
  readonly inspectionLevel?: InspectionLevel;
  /** Stands for the work of a Task, Parallel or Map. */
  readonly mock?: StateMock;
  /** Retries made before, by the Retrier that the mocked error is for. */
  readonly retrierRetryCount?: number;
  /** The state inside the Parallel or Map that the mocked error comes from. */
  readonly errorCausedByState?: string;
  /** Iterations of the Map that have failed. */
  readonly mapIterationFailureCount?: number;
  /** What the Map's ItemReader finds, as it stands in the source. */
  readonly mapItemReaderData?: string;
}

export type StateMock =
  | {
      readonly result: unknown;
      /** Default STRICT. */
      readonly validation?: "STRICT" | "PRESENT" | "NONE";
    }
  | { readonly error: string; readonly cause?: string };

export type TestStateStatus = "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";

/** What became of the state. */
export interface TestedState {
  readonly status: TestStateStatus | "UNSPECIFIED";
  /** JSON text; empty when the state failed. */
  readonly outputText: string;
  readonly error: ExecutionError | undefined;
  /** Where it would go; empty at an end. */
  readonly nextState: string;
  /** JSON texts by AWS's names: afterInputPath, result, ... Empty at level INFO. */
  readonly inspection: Readonly<Record<string, string>>;
  /** JSON text of the variables afterwards; empty without any. */
  readonly variablesText: string;
}

const statusNames = namesOf(Status);

/** What `create(TestStateRequestSchema)` takes for a test. */
export function stateTestInit(test: StateTest) {
  return {
    definition: definitionText(test.definition),
    format: formatNumber(test.format),
    stateName: test.stateName ?? "",
    input: textOf(test.input),
    variables: textOf(test.variables),
    context: textOf(test.context),
    roleArn: test.roleArn ?? "",
    inspectionLevel: Level[test.inspectionLevel ?? "UNSPECIFIED"],
    ...(test.mock !== undefined && { mock: mockInit(test.mock) }),
    retrierRetryCount: test.retrierRetryCount ?? 0,
    errorCausedByState: test.errorCausedByState ?? "",
    mapIterationFailureCount: test.mapIterationFailureCount ?? 0,
    mapItemReaderData: test.mapItemReaderData ?? "",
  };
}

function textOf(value: unknown): string {
  return value === undefined ? "" : toJsonText(value);
}

function mockInit(mock: StateMock) {
  if ("error" in mock) {
    const { error, cause = "" } = mock;
    return { outcome: { case: "error" as const, value: { error, cause } } };
  }
  return {
    outcome: { case: "result" as const, value: toJsonText(mock.result) },
    validation: MockValidation[mock.validation ?? "UNSPECIFIED"],
  };
}

export function testedStateOf(message: proto.TestStateResponse): TestedState {
  const { status, output, error, nextState, inspection, variables } = message;
  return {
    status: enumName(statusNames, status),
    outputText: output,
    error: errorOf(error),
    nextState,
    inspection,
    variablesText: variables,
  };
}
