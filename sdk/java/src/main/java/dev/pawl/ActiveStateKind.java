package dev.pawl;

/** What an active state waits for. */
public enum ActiveStateKind {
  /** Not set, or newer than this SDK. */
  UNSPECIFIED,
  /** Task waits for a worker. */
  QUEUED,
  /** A worker holds the task. */
  RUNNING,
  /** Retry interval. */
  BACKING_OFF,
  /** Wait state. */
  WAITING_TIMER,
  /** Message state. */
  WAITING_MESSAGE,
  /** .waitForTaskToken: a callback is awaited. */
  WAITING_TOKEN,
  /** Branches, items or nested executions are running. */
  WAITING_CHILDREN,
  /** Queued and nobody serves the resource. */
  NO_WORKER;

  private static final String PREFIX = "ACTIVE_STATE_KIND_";

  static ActiveStateKind of(Enum<?> message) {
    return Enums.of(ActiveStateKind.class, message, PREFIX);
  }
}
