package dev.pawl;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that handlers run on: a virtual one for each task where the JVM has them (Java 21), else pooled ones. */
final class HandlerThreads {
  private HandlerThreads() {}

  static ExecutorService create() {
    ExecutorService virtual = virtualOrNull();
    return virtual != null ? virtual : pooled();
  }

  /** By reflection: the SDK is compiled for Java 17, where virtual threads have no name yet. */
  private static @org.jspecify.annotations.Nullable ExecutorService virtualOrNull() {
    try {
      Method create = java.util.concurrent.Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
      return (ExecutorService) create.invoke(null);
    } catch (ReflectiveOperationException | UnsupportedOperationException e) {
      return null;
    }
  }

  /** As many threads as tasks run; slots bound them. */
  private static ExecutorService pooled() {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory factory = task -> {
      Thread thread = new Thread(task, "pawl-task-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
    return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }
}
