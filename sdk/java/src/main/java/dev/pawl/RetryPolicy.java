package dev.pawl;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Set;

/** What may be tried again, and when. */
final class RetryPolicy {
  static final int ATTEMPTS_MAX = 10;
  private static final Set<Code> PASSING =
      Set.of(
          Code.CANCELLED,
          Code.UNKNOWN,
          Code.INTERNAL,
          Code.DEADLINE_EXCEEDED,
          Code.RESOURCE_EXHAUSTED,
          Code.ABORTED);

  private RetryPolicy() {}

  static Backoff backoff() {
    return new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));
  }

  /** Milliseconds until a failed call may be tried again; -1: trying again is no use. */
  static long delayMs(PawlError error, Backoff backoff) {
    Duration retryAfter = error.retryAfter();
    if (retryAfter != null) {
      long ms = Math.max(1, retryAfter.toMillis());
      return ms + Backoff.jittered(Math.min(ms, 1_000) / 10);
    }
    return error.code() == Code.UNAVAILABLE ? backoff.next() : -1;
  }

  /** What breaks a stream without being a refusal of what it asks. */
  static boolean isPassing(PawlError error) {
    return PASSING.contains(error.code());
  }
}
