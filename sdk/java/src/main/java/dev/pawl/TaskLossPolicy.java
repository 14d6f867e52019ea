package dev.pawl;

/** What becomes of a task whose worker was lost. */
public enum TaskLossPolicy {
  /** It is offered again, as often as it takes. */
  REDELIVER,
  /** It has timed out, for Retry and Catch. */
  RETRY_AS_TIMEOUT,
  /** It fails with {@code Pawl.TaskLost}, which is caught but not retried. */
  FAIL,
  /** The execution pauses. */
  PAUSE,
  /** The state's input is its output. */
  SKIP
}
