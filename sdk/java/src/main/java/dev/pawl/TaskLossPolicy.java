package dev.pawl;

/** What becomes of a task whose worker was lost. */
public enum TaskLossPolicy {
  /** Given: REDELIVER. Received: newer than this SDK. */
  UNSPECIFIED,
  /** It is offered again, as often as it takes. */
  REDELIVER,
  /** It has timed out, for Retry and Catch. */
  RETRY_AS_TIMEOUT,
  /** It fails with {@code Pawl.TaskLost}, which is caught but not retried. */
  FAIL,
  /** The execution pauses. */
  PAUSE,
  /** The state's input is its output. */
  SKIP;

  private static final String PREFIX = "TASK_LOSS_POLICY_";

  static TaskLossPolicy of(Enum<?> message) {
    return Enums.of(TaskLossPolicy.class, message, PREFIX);
  }

  dev.pawl.v1.TaskLossPolicy message() {
    return dev.pawl.v1.TaskLossPolicy.valueOf(PREFIX + name());
  }
}
