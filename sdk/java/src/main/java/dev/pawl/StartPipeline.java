package dev.pawl;

import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Starts whatever the source yields, so many at a time, and gives each outcome as it comes. The source is read by the
 * thread that takes the outcomes, no faster than it takes them.
 */
final class StartPipeline {
  private final Starter starter;
  private final Iterator<StartExecution> source;
  private final int maxInFlight;
  private final BlockingQueue<StartOutcome> settled = new LinkedBlockingQueue<>();
  private long given;
  private long taken;

  private StartPipeline(Starter starter, Iterator<StartExecution> source, int maxInFlight) {
    this.starter = starter;
    this.source = source;
    this.maxInFlight = maxInFlight;
  }

  static Watch<StartOutcome> watch(Starter starter, Iterable<StartExecution> source, int maxInFlight) {
    StartPipeline pipeline = new StartPipeline(starter, source.iterator(), maxInFlight);
    return new Watch<>(pipeline::next, starter::abort);
  }

  private @Nullable StartOutcome next() {
    while (given - taken < maxInFlight && source.hasNext()) give(given++, source.next());
    if (taken == given) return null;
    taken++;
    try {
      return settled.take();
    } catch (InterruptedException e) {
      starter.abort();
      Thread.currentThread().interrupt();
      throw PawlError.cancelled("the calling thread was interrupted");
    }
  }

  private void give(long index, StartExecution start) {
    try {
      starter.start(start, (started, error) -> settled.add(new StartOutcome(index, started, error)));
    } catch (IllegalArgumentException e) {
      settled.add(new StartOutcome(index, null, PawlError.invalid(String.valueOf(e.getMessage()))));
    }
  }
}
