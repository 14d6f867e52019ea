package dev.pawl;

/** How the server took a reported outcome. All but RETRY are final. */
public enum OutcomeStatus {
  /** Not set, or newer than this SDK. */
  UNSPECIFIED,
  /** Durable. */
  RECORDED,
  /** The same outcome was recorded before. */
  ALREADY_RECORDED,
  /** Another attempt owns the task: forget the result. */
  LEASE_LOST,
  /** The execution is over: forget the result. */
  EXECUTION_CLOSED,
  /** e.g. too large; the task then fails with States.DataLimitExceeded. */
  INVALID,
  /** Transient (database): resend later. */
  RETRY,
  /** The task had already timed out (TimeoutSeconds or HeartbeatSeconds): forget the result. */
  TIMED_OUT;

  private static final String PREFIX = "OUTCOME_STATUS_";

  static OutcomeStatus of(Enum<?> message) {
    return Enums.of(OutcomeStatus.class, message, PREFIX);
  }
}
