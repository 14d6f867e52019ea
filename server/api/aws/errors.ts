import { EngineError, type EngineErrorCode } from "../../engine/errors.ts";
import { AwsError } from "./aws-error.ts";

/** How each of the engine's refusals reads at this door. */
interface Refusal {
  readonly type: string;
  /** AWS's sentence around the value concerned; absent where AWS has none and the engine's text goes out. */
  readonly label?: string;
  /** The whole text, whatever the engine said. */
  readonly text?: string;
  readonly httpStatus?: number;
}

const refusals = {
  ActivityDoesNotExist: { type: "ActivityDoesNotExist", label: "Activity Does Not Exist" },
  ActivityAlreadyExists: { type: "ActivityAlreadyExists", label: "Activity Already Exists" },
  ConflictException: { type: "ConflictException" },
  ExecutionAlreadyExists: { type: "ExecutionAlreadyExists", label: "Execution Already Exists" },
  ExecutionDoesNotExist: { type: "ExecutionDoesNotExist", label: "Execution Does Not Exist" },
  ExecutionNotRedrivable: { type: "ExecutionNotRedrivable" },
  ExecutionNotRunning: { type: "ValidationException" },
  InvalidArn: { type: "InvalidArn", label: "Invalid Arn" },
  InvalidDefinition: { type: "InvalidDefinition", label: "Invalid State Machine Definition" },
  InvalidExecutionInput: {
    type: "InvalidExecutionInput",
    label: "Invalid State Machine Execution Input",
  },
  InvalidName: { type: "InvalidName", label: "Invalid Name" },
  InvalidOutput: { type: "InvalidOutput", label: "Invalid Output" },
  InvalidToken: { type: "InvalidToken", text: "Invalid Token: 'Invalid token'" },
  MissingRequiredParameter: { type: "MissingRequiredParameter" },
  NotImplemented: { type: "NotImplemented" },
  ResourceExhausted: { type: "ThrottlingException" },
  ResourceNotFound: { type: "ResourceNotFound" },
  ServiceQuotaExceededException: { type: "ServiceQuotaExceededException" },
  SourceNotUsable: { type: "ValidationException" },
  StateMachineAlreadyExists: {
    type: "StateMachineAlreadyExists",
    label: "State Machine Already Exists",
  },
  StateMachineDeleting: { type: "StateMachineDeleting", label: "State Machine Deleting" },
  StateMachineDoesNotExist: {
    type: "StateMachineDoesNotExist",
    label: "State Machine Does Not Exist",
  },
  StateMachineTypeNotSupported: {
    type: "StateMachineTypeNotSupported",
    text: "This operation is not supported by this type of state machine",
  },
  TaskDoesNotExist: {
    type: "TaskDoesNotExist",
    text: "Task Does Not Exist: 'Provided task does not exist anymore'",
  },
  TaskTimedOut: {
    type: "TaskTimedOut",
    text: "Task Timed Out: 'Provided task does not exist anymore'",
  },
  TooManyTags: { type: "TooManyTags", label: "Too Many Tags" },
  Unavailable: { type: "ServiceUnavailable", httpStatus: 503 },
  ValidationException: { type: "ValidationException" },
} as const satisfies Record<EngineErrorCode, Refusal>;

/** Anything thrown while a request was served, as the refusal that goes out; the unexpected says nothing of its cause. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (!(error instanceof EngineError))
    return new AwsError("InternalFailure", "internal error", { httpStatus: 500 });
  const { httpStatus = 400, ...refusal }: Refusal = refusals[error.code];
  return new AwsError(refusal.type, textOf(refusal, error), {
    httpStatus,
    fields: fieldsOf(error),
  });
}

/** What the shapes of ResourceNotFound, TooManyTags and ValidationException have beside the message. */
function fieldsOf({ code, reason, details }: EngineError): Readonly<Record<string, string>> {
  if (code === "ValidationException")
    return reason === "INVALID_ROUTING_CONFIGURATION" ? { reason } : {};
  const isAboutResource = code === "ResourceNotFound" || code === "TooManyTags";
  return isAboutResource && details.resource !== undefined
    ? { resourceName: details.resource.name }
    : {};
}

/** A refusal in AWS's words, raised by the door itself: `refuse("InvalidOutput", reason)`. */
export function refuse(code: EngineErrorCode, value = ""): AwsError {
  const refusal: Refusal = refusals[code];
  return new AwsError(
    refusal.type,
    refusal.text ?? (refusal.label === undefined ? value : `${refusal.label}: '${value}'`),
  );
}

/** For deletes: what does not exist is deleted. */
export async function unlessGone(
  code: EngineErrorCode,
  action: () => Promise<unknown>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof EngineError && error.code === code)) throw error;
  }
}

function textOf({ label, text }: Refusal, error: EngineError): string {
  if (text !== undefined) return text;
  if (label === undefined || error.message.startsWith(label)) return error.message;
  return `${label}: '${error.details.resource?.name ?? error.message}'`;
}
