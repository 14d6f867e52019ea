package dev.pawl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One thread that owns the state of a worker, or of a client's streams: what runs on it needs no locks.
 *
 * <p>A <em>tick</em> is all that had queued up when the thread looked. What is to leave in one message is
 * gathered during a tick and sent {@link #afterTick after} it.
 */
final class EventLoop implements Executor, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.pawl");

  /** Something to be done at a time. */
  final class Timer {
    private final long at;
    private final long sequence;
    private final Runnable task;

    private Timer(long at, long sequence, Runnable task) {
      this.at = at;
      this.sequence = sequence;
      this.task = task;
    }

    void cancel() {
      if (isCurrent()) timers.remove(this);
      else execute(() -> timers.remove(this));
    }
  }

  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final TreeSet<Timer> timers = new TreeSet<>(
      Comparator.<Timer>comparingLong(timer -> timer.at).thenComparingLong(timer -> timer.sequence));
  private final Thread thread;
  private List<Runnable> afterTick = new ArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private volatile boolean isParking;
  private volatile boolean isClosed;

  EventLoop(String name) {
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    queue.add(task);
    if (isParking) LockSupport.unpark(thread);
  }

  /** Runs the task after so many milliseconds. */
  Timer schedule(long delayMs, Runnable task) {
    long at = System.nanoTime() + Math.max(0, delayMs) * 1_000_000;
    Timer timer = new Timer(at, sequence.incrementAndGet(), task);
    if (isCurrent()) timers.add(timer);
    else execute(() -> timers.add(timer));
    return timer;
  }

  /** Runs the task when all that has queued up so far is done. Only on the loop's own thread. */
  void afterTick(Runnable task) {
    afterTick.add(task);
  }

  /** Runs the supplier on the loop and waits for what it gives. */
  <T> T call(Supplier<T> supplier) {
    return isCurrent() ? supplier.get() : CompletableFuture.supplyAsync(supplier, this).join();
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Does what is queued, and ends; timers are dropped. */
  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!isClosed || !queue.isEmpty()) {
      for (Runnable task = queue.poll(); task != null; task = queue.poll()) run(task);
      runTimers();
      while (!afterTick.isEmpty()) {
        List<Runnable> tasks = afterTick;
        afterTick = new ArrayList<>();
        tasks.forEach(this::run);
      }
      isParking = true;
      if (queue.isEmpty() && !isClosed) LockSupport.parkNanos(this, untilNextTimer());
      isParking = false;
    }
  }

  private void runTimers() {
    while (!timers.isEmpty() && timers.first().at <= System.nanoTime()) run(timers.pollFirst().task);
  }

  private long untilNextTimer() {
    return timers.isEmpty() ? Long.MAX_VALUE : Math.max(1, timers.first().at - System.nanoTime());
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a mistake of the SDK", e);
    }
  }
}
