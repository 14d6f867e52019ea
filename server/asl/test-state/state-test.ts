/** What TestState is asked and what it answers. */
import type { DefinitionFormat } from "../definition/parse.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { Failure } from "../states-error.ts";
import type { ErrorDetails } from "./probe.ts";

/** One state to be tried, and what is to happen to it. */
export interface StateTest {
  /** A state, or with `stateName` a whole state machine. */
  readonly definition: string;
  /** Found out from the text unless given. */
  readonly format?: DefinitionFormat;
  /** Wherever it is in the machine, in branches and item processors too. */
  readonly stateName?: string;
  /** JSON text; absent: `{}`. */
  readonly input?: string;
  /** JSON text of an object: variables assigned before. */
  readonly variables?: string;
  /** JSON text of an object that is `$$`, instead of a made-up one. */
  readonly context?: string;
  readonly roleArn?: string;
  /** As on AWS, a Task that has no mock can not be tested without a role. */
  readonly isRoleRequired?: boolean;
  readonly revealSecrets?: boolean;
  readonly mock?: Mock;
  readonly configuration?: StateTestConfiguration;
}

/** Stands for the work of a Task, a Parallel or a Map, or for the message of a Message state. Exactly one of `result` and `errorOutput`. */
export interface Mock {
  /** JSON text. */
  readonly result?: string;
  readonly errorOutput?: Failure;
  /** How far a result must be one that the service can give. STRICT unless given. */
  readonly fieldValidationMode?: FieldValidationMode;
}

export type FieldValidationMode = "STRICT" | "PRESENT" | "NONE";

/** The circumstances of a mocked state. */
export interface StateTestConfiguration {
  /** Retries made before, by the Retrier that the error is for. */
  readonly retrierRetryCount?: number;
  /** The state inside the Parallel or Map that the mocked error comes from. */
  readonly errorCausedByState?: string;
  /** Iterations of the Map that have failed. */
  readonly mapIterationFailureCount?: number;
  /** What the Map's ItemReader finds, as it stands in the source. */
  readonly mapItemReaderData?: string;
}

/** What became of the state. */
export interface TestedState {
  readonly status: "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";
  /** JSON text; of a state that succeeded or whose failure was caught. */
  readonly output?: string;
  /** Of any other state than one that succeeded. */
  readonly failure?: Failure;
  /** Where it goes; absent at an End. */
  readonly nextState?: string;
  /** By AWS's names: JSON texts, numbers, and what took an error. */
  readonly inspection: Inspection;
}

export type Inspection = { readonly [name: string]: string | number | ErrorDetails };

/** Why a test can not be made. `message` is AWS's text where AWS has one. */
export class InvalidTest extends Error {
  override readonly name = "InvalidTest";
  readonly code: "InvalidDefinition" | "ValidationException";
  /** Everything that is wrong with the definition. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    message: string,
    code: InvalidTest["code"] = "ValidationException",
    diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message);
    this.code = code;
    this.diagnostics = diagnostics;
  }
}
