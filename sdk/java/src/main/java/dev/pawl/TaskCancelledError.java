package dev.pawl;

/** Ends a handler that was told to stop; thrown by {@link Cancellation#throwIfCancelled}. */
public final class TaskCancelledError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final TaskCancelReason reason;

  TaskCancelledError(TaskCancelReason reason) {
    super("the task was cancelled: " + reason);
    this.reason = reason;
  }

  /** Why. */
  public TaskCancelReason reason() {
    return reason;
  }
}
