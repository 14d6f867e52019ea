/** A state's failure, thrown. What the interpreter words itself has {@link anyCause} as its cause. */
export class Failure extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  /** Data does not change by itself: an error in a JSONPath or an intrinsic function is not retried. */
  readonly isOfData: boolean;
  readonly isHeartbeat: boolean;

  constructor(
    error: string | undefined,
    cause: string | undefined,
    { isOfData = false, isHeartbeat = false } = {},
  ) {
    super(error);
    this.error = error;
    this.cause = cause;
    this.isOfData = isOfData;
    this.isHeartbeat = isHeartbeat;
  }
}

export const anyCause = "*";

export function fail(error: string): never {
  throw new Failure(error, anyCause, { isOfData: error !== "States.QueryEvaluationError" });
}

/** What comes of it is nobody's rule: such a machine is not compared. */
export class AmbiguousError extends Error {}
