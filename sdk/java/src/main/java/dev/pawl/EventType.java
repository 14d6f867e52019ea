package dev.pawl;

/** What an event of a history tells; AWS's types, folded. */
public enum EventType {
  /** Not set, or newer than this SDK. */
  UNSPECIFIED,
  /** Always event 1; has input. */
  EXECUTION_STARTED,
  /** Closed; has output. */
  EXECUTION_SUCCEEDED,
  /** Closed; has error. */
  EXECUTION_FAILED,
  /** Closed by the state machine's TimeoutSeconds. */
  EXECUTION_TIMED_OUT,
  /** Closed by StopExecution. */
  EXECUTION_ABORTED,
  /** Opened again by RedriveExecution. */
  EXECUTION_REDRIVEN,
  /** PauseExecution. */
  EXECUTION_PAUSED,
  /** ResumeExecution. */
  EXECUTION_RESUMED,
  /** A state was entered; has input. */
  STATE_ENTERED,
  /** A state was left; has output. */
  STATE_EXITED,
  /** A state was given up because the execution or a sibling ended. */
  STATE_ABORTED,
  /** A Parallel or Map failed. */
  STATE_FAILED,
  /** A Retrier matched; delay says when the next try comes. */
  STATE_RETRY_SCHEDULED,
  /** A Catcher matched. */
  STATE_ERROR_CAUGHT,
  /** An expression could not be evaluated. */
  EVALUATION_FAILED,
  /** Offered to workers. */
  TASK_SCHEDULED,
  /** Accepted by a worker. */
  TASK_STARTED,
  /** Has output. */
  TASK_SUCCEEDED,
  /** Has error. */
  TASK_FAILED,
  /** TimeoutSeconds or HeartbeatSeconds passed. */
  TASK_TIMED_OUT,
  /** Only with heartbeat details, throttled. */
  TASK_HEARTBEAT,
  /** The worker was lost; the task is offered again. */
  TASK_LEASE_LOST,
  /** The worker confirmed a cancel. */
  TASK_CANCELLED,
  /** A Map knows its items. */
  MAP_STARTED,
  /** An item was begun; index names it. */
  MAP_ITERATION_STARTED,
  /** An item succeeded. */
  MAP_ITERATION_SUCCEEDED,
  /** An item failed. */
  MAP_ITERATION_FAILED,
  /** An item was given up. */
  MAP_ITERATION_ABORTED,
  /** The branches were begun. */
  PARALLEL_STARTED,
  /** Its items have succeeded; STATE_EXITED or an error of its data flow follows. */
  MAP_SUCCEEDED,
  /** Its branches have succeeded; STATE_EXITED or an error of its data flow follows. */
  PARALLEL_SUCCEEDED,
  /** A distributed Map begins its items as executions; details name the map run. */
  MAP_RUN_STARTED,
  /** The map run has succeeded. */
  MAP_RUN_SUCCEEDED,
  /** Has error. */
  MAP_RUN_FAILED,
  /** The map run was given up. */
  MAP_RUN_ABORTED,
  /** A redrive goes on with the map run; details name it. */
  MAP_RUN_REDRIVEN,
  /** A Message state waits. */
  MESSAGE_WAIT_STARTED,
  /** A message arrived; has output. */
  MESSAGE_RECEIVED,
  /** No message came in time. */
  MESSAGE_WAIT_TIMED_OUT;

  private static final String PREFIX = "EVENT_TYPE_";

  static EventType of(Enum<?> message) {
    return Enums.of(EventType.class, message, PREFIX);
  }
}
