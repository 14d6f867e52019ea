package dev.pawl;

/** Why a running task was told to stop. */
public enum TaskCancelReason {
  /** Not set, or newer than this SDK. */
  UNSPECIFIED,
  /** The execution was stopped or failed elsewhere. */
  EXECUTION_STOPPED,
  /** Sibling in Parallel / Map failed. */
  BRANCH_FAILED,
  /** TimeoutSeconds passed. */
  TASK_TIMED_OUT,
  /** HeartbeatSeconds passed without a beat. */
  HEARTBEAT_TIMED_OUT,
  /** Another attempt owns the task. */
  LEASE_LOST,
  /** Somebody asked for it. */
  OPERATOR,
  /** The worker closes and its grace is over: the task goes to another worker. */
  WORKER_CLOSED;

  private static final String PREFIX = "CANCEL_REASON_";

  static TaskCancelReason of(Enum<?> message) {
    return Enums.of(TaskCancelReason.class, message, PREFIX);
  }
}
