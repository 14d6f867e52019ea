/** A failure of the workflow, not of the server. `error` is open: a worker may report any name. */
export interface Failure {
  readonly error?: string;
  readonly cause?: string;
}

/** The error names that the interpreter itself raises. ASL § Appendix A. */
export type StatesErrorName =
  | "States.BranchFailed"
  | "States.DataLimitExceeded"
  | "States.ExceedToleratedFailureThreshold"
  | "States.HeartbeatTimeout"
  | "States.IntrinsicFailure"
  | "States.ItemReaderFailed"
  | "States.NoChoiceMatched"
  | "States.ParameterPathFailure"
  | "States.QueryEvaluationError"
  | "States.ResultPathMatchFailure"
  | "States.ResultWriterFailed"
  | "States.Runtime"
  | "States.TaskFailed"
  | "States.Timeout";

/** Thrown inside `server/asl` only; `step` turns it into a {@link Failure} at one place. */
export class StatesError extends Error {
  override readonly name = "StatesError";
  readonly error: StatesErrorName;

  constructor(error: StatesErrorName, cause: string) {
    super(cause);
    this.error = error;
  }
}
