/**
 * A refused request: something a caller did or asked for that can not be. Thrown by the engine,
 * mapped once per door (api/grpc/errors.ts, api/aws/errors.ts). Never used for a workflow's failure.
 */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  /** Machine-readable reason of bad-input.md, e.g. `INPUT_TOO_LARGE`; defaults to the code's own. */
  readonly reason: string;
  readonly details: EngineErrorDetails;

  constructor(code: EngineErrorCode, message: string, details: EngineErrorDetails = {}) {
    super(message);
    this.code = code;
    this.reason = details.reason ?? code.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
    this.details = details;
  }
}

/** What a door may add to the message: ErrorInfo metadata, field violations, retry advice. */
export interface EngineErrorDetails {
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly {
    readonly field: string;
    readonly description: string;
    readonly reason?: string;
  }[];
  readonly retryAfterMs?: number;
  /** Kind and name of the resource concerned (google.rpc.ResourceInfo). */
  readonly resource?: { readonly type: string; readonly name: string };
}

/** AWS's exception names where AWS has one. */
export type EngineErrorCode =
  | "ActivityDoesNotExist"
  | "ActivityAlreadyExists"
  | "ConflictException"
  | "ExecutionAlreadyExists"
  | "ExecutionDoesNotExist"
  | "ExecutionNotRedrivable"
  | "ExecutionNotRunning"
  | "InvalidArn"
  | "InvalidDefinition"
  | "InvalidExecutionInput"
  | "InvalidName"
  | "InvalidOutput"
  | "InvalidToken"
  | "MissingRequiredParameter"
  | "NotImplemented"
  | "ResourceExhausted"
  | "ResourceNotFound"
  | "ServiceQuotaExceededException"
  | "SourceNotUsable"
  | "StateMachineAlreadyExists"
  | "StateMachineDeleting"
  | "StateMachineDoesNotExist"
  | "StateMachineTypeNotSupported"
  | "TaskDoesNotExist"
  | "TaskTimedOut"
  | "TooManyTags"
  | "Unavailable"
  | "ValidationException";
