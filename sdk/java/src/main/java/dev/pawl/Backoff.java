package dev.pawl;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Exponential delays with jitter: the n-th is random in [half, whole] of {@code first * 2^n}, at most {@code max}. */
final class Backoff {
  private final long firstMs;
  private final long maxMs;
  private int attempts;

  Backoff(Duration first, Duration max) {
    this.firstMs = first.toMillis();
    this.maxMs = max.toMillis();
  }

  /** Milliseconds to wait before the next attempt. */
  long next() {
    long whole = Math.min(maxMs, firstMs << Math.min(attempts, 30));
    attempts++;
    return jittered(whole);
  }

  void reset() {
    attempts = 0;
  }

  /** Random in [half, whole]. */
  static long jittered(long wholeMs) {
    return wholeMs / 2 + ThreadLocalRandom.current().nextLong(wholeMs / 2 + 1);
  }
}
