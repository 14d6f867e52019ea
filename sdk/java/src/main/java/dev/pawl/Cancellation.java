package dev.pawl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says that a task's result is no longer wanted: execution stopped, sibling failed, timeout, lease lost, worker
 * closed. The handler's thread is interrupted at the same moment, so whatever blocks ends by itself; code that
 * computes looks here now and then.
 */
public final class Cancellation {
  private volatile @Nullable TaskCancelReason reason;
  private List<Runnable> listeners = new ArrayList<>();

  Cancellation() {}

  /** Whether the task is to stop. */
  public boolean isCancelled() {
    return reason != null;
  }

  /** Why the task is to stop; null while it may go on. */
  public @Nullable TaskCancelReason reason() {
    return reason;
  }

  /** @throws TaskCancelledError when the task is to stop */
  public void throwIfCancelled() {
    TaskCancelReason present = reason;
    if (present != null) throw new TaskCancelledError(present);
  }

  /** Runs the listener when the task is to stop, at once if it is already. It must not block. */
  public void onCancel(Runnable listener) {
    synchronized (this) {
      if (reason == null) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** The first reason stays, but a lost lease outweighs the others. */
  void cancel(TaskCancelReason why) {
    List<Runnable> told;
    synchronized (this) {
      if (reason != null && why != TaskCancelReason.LEASE_LOST) return;
      reason = why;
      told = listeners;
      listeners = new ArrayList<>();
    }
    told.forEach(Runnable::run);
  }
}
