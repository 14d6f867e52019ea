package dev.pawl;

import org.jspecify.annotations.Nullable;

/** How one kind of task is worked on. */
public final class TaskOptions {
  int concurrency;
  @Nullable String pool;
  boolean autoHeartbeat = true;

  /** Most at one time; default the worker's. A task that shares a pool has the pool's. */
  public TaskOptions concurrency(int concurrency) {
    this.concurrency = concurrency;
    return this;
  }

  /** Shares its slots with the other tasks of this pool; default a pool of its own. */
  public TaskOptions pool(String pool) {
    this.pool = pool;
    return this;
  }

  /**
   * Beat in the background, at a third of HeartbeatSeconds, for as long as the handler runs; default true. Turn it
   * off where a handler can hang: then only {@link TaskContext#heartbeat} keeps the task.
   */
  public TaskOptions autoHeartbeat(boolean autoHeartbeat) {
    this.autoHeartbeat = autoHeartbeat;
    return this;
  }
}
