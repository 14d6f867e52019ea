package dev.pawl;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The responses of a stream that is opened again whenever it breaks, until the terminal one. Only a close, an
 * interrupt, a refusal, or a server that never answered at all end it with an error.
 */
final class ResumedStream<R> implements AutoCloseable {
  /** How often a stream that never got an answer is tried before it is given up. */
  private static final int OPEN_ATTEMPTS_MAX = 10;

  /** Consecutive failures of a kind that may be no passing one (INTERNAL, UNKNOWN ...) before it is given up. */
  private static final int ODD_FAILURES_MAX = 5;

  private final Connection connection;
  private final Supplier<ServerStream<?, R>> open;
  private final Predicate<R> isTerminal;
  private final Duration silenceMax;
  private final Backoff backoff = RetryPolicy.backoff();
  private volatile @Nullable ServerStream<?, R> stream;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean isOver;
  private boolean hasAnswered;
  private int failures;

  /** @param open the stream, from where the last response left off */
  ResumedStream(
      Connection connection, Supplier<ServerStream<?, R>> open, Predicate<R> isTerminal, Duration silenceMax) {
    this.connection = connection;
    this.open = open;
    this.isTerminal = isTerminal;
    this.silenceMax = silenceMax;
  }

  /**
   * The next response; null after the terminal one.
   *
   * @throws PawlError CANCELLED when closed or interrupted
   */
  @Nullable R next() {
    while (!isOver) {
      try {
        if (isClosed()) throw closedError();
        ServerStream<?, R> present = stream;
        if (present == null) stream = present = open.get();
        R response = present.next(silenceMax);
        if (failures > 0) backoff.reset();
        failures = 0;
        hasAnswered = true;
        isOver = isTerminal.test(response);
        if (isOver) present.awaitEnd();
        return response;
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw PawlError.cancelled("the watching thread was interrupted");
      } catch (PawlError error) {
        if (isClosed()) throw closedError();
        if (connection.isClosed()) throw Connection.closedError();
        failures++;
        stream = null;
        pause(error, resumeDelayMs(error));
      }
    }
    return null;
  }

  @Override
  public void close() {
    closed.countDown();
    ServerStream<?, R> present = stream;
    if (present != null) present.close();
  }

  private long resumeDelayMs(PawlError error) {
    long delayMs = RetryPolicy.delayMs(error, backoff);
    if (delayMs >= 0) return hasAnswered || failures < OPEN_ATTEMPTS_MAX ? delayMs : -1;
    boolean mayPass = hasAnswered && RetryPolicy.isPassing(error) && failures < ODD_FAILURES_MAX;
    return mayPass ? backoff.next() : -1;
  }

  private void pause(PawlError error, long delayMs) {
    if (delayMs < 0) throw error.rethrown();
    try {
      if (closed.await(delayMs, TimeUnit.MILLISECONDS)) throw closedError();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw PawlError.cancelled("the watching thread was interrupted");
    }
    connection.tryAgainNow();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private static PawlError closedError() {
    return PawlError.cancelled("the watch was closed");
  }
}
