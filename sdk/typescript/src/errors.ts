/** gRPC status names, by their code. */
const codeNames = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** A gRPC status name. */
export type PawlErrorCode = (typeof codeNames)[number];

/** The name of a numeric gRPC status; UNKNOWN for a number that has none. */
export function codeName(code: number): PawlErrorCode {
  return codeNames[code] ?? "UNKNOWN";
}

/** One field of a request that was refused. */
export interface FieldViolation {
  /** Path of the field in the request, for example `input` or `state_machine.definition`. */
  readonly field: string;
  readonly description: string;
  /** Machine-readable, for example `INPUT_TOO_LARGE`; empty when the server gave none. */
  readonly reason: string;
}

/** What a server says about an error beside its code and message. */
export interface PawlErrorDetails {
  /** Machine-readable reason, for example `EXECUTION_ALREADY_EXISTS`; empty when the server gave none. */
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly fieldViolations?: readonly FieldViolation[];
  /** The server's advice to try again after so many milliseconds; absent: it gave none. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A call that the server refused, or that did not reach it (`UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`). */
export class PawlError extends Error {
  override readonly name: string = "PawlError";
  readonly code: PawlErrorCode;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fieldViolations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;

  constructor(code: PawlErrorCode, message: string, details: PawlErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.reason = details.reason ?? "";
    this.metadata = details.metadata ?? {};
    this.fieldViolations = details.fieldViolations ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** How Retry and Catch are to treat a {@link TaskError}. */
export interface TaskErrorOptions {
  /** Skip Retry; Catch still applies. Default false. */
  readonly nonRetryable?: boolean;
  /** Overrides the Retrier's interval once: seconds (as HTTP's Retry-After), or the time to try again. */
  readonly retryAfter?: number | Date;
}

/**
 * A task failure with a name that Retry and Catch can match (`ErrorEquals`).
 *
 * ```ts
 * throw new TaskError("Payment.Declined", { card: "expired" }, { nonRetryable: true });
 * ```
 */
export class TaskError extends Error {
  override readonly name = "TaskError";
  /** The ASL error name; at most 256 characters. */
  readonly error: string;
  /** Free text, or the JSON text of the value given; at most 32,768 characters. */
  readonly causeText: string;
  readonly nonRetryable: boolean;
  readonly retryAfter: number | Date | undefined;

  /** @param cause text, or any value that JSON can hold. */
  constructor(error: string, cause: unknown = "", options: TaskErrorOptions = {}) {
    const causeText = typeof cause === "string" ? cause : (JSON.stringify(cause) ?? "");
    super(causeText === "" ? error : `${error}: ${causeText}`);
    this.error = error;
    this.causeText = causeText;
    this.nonRetryable = options.nonRetryable ?? false;
    this.retryAfter = options.retryAfter;
  }
}

/** Why a running task was told to stop. */
export type TaskCancelReason =
  | "EXECUTION_STOPPED"
  /** A sibling in a Parallel or Map failed. */
  | "BRANCH_FAILED"
  | "TASK_TIMED_OUT"
  | "HEARTBEAT_TIMED_OUT"
  /** Another attempt owns the task: the result of this one will be refused. */
  | "LEASE_LOST"
  | "OPERATOR"
  /** The worker closes and its grace is over: the task goes to another worker. */
  | "WORKER_CLOSED";

/** The `reason` of a task's AbortSignal. */
export class TaskCancelledError extends Error {
  override readonly name = "TaskCancelledError";
  readonly reason: TaskCancelReason;

  constructor(reason: TaskCancelReason) {
    super(`the task was cancelled: ${reason}`);
    this.reason = reason;
  }
}
