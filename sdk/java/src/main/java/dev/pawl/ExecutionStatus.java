package dev.pawl;

/** Where an execution stands. */
public enum ExecutionStatus {
  /** Not set, or newer than this SDK. */
  UNSPECIFIED,
  /** Open. */
  RUNNING,
  /** Closed with an output. */
  SUCCEEDED,
  /** Closed with an error nobody caught. */
  FAILED,
  /** Closed by the state machine's TimeoutSeconds. */
  TIMED_OUT,
  /** Closed by StopExecution. */
  ABORTED,
  /** A child of a map run that waits to be redriven. */
  PENDING_REDRIVE,
  /** Not begun: start_at is in the future, or a concurrency limit. */
  QUEUED,
  /** Open, and begins nothing new until ResumeExecution. */
  PAUSED;

  private static final String PREFIX = "EXECUTION_STATUS_";

  static ExecutionStatus of(Enum<?> message) {
    return Enums.of(ExecutionStatus.class, message, PREFIX);
  }

  /** Whether nothing will change any more, unless it is redriven. */
  public boolean isTerminal() {
    return this == SUCCEEDED || this == FAILED || this == TIMED_OUT || this == ABORTED;
  }
}
