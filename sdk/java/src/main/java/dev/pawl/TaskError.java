package dev.pawl;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task failure with a name that Retry and Catch can match ({@code ErrorEquals}).
 *
 * <pre>{@code throw new TaskError("Payment.Declined", Map.of("card", "expired")).nonRetryable();}</pre>
 */
public final class TaskError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String error;
  private final String causeText;
  private boolean nonRetryable;
  private @Nullable Duration retryAfter;

  /**
   * A failure without a cause.
   *
   * @param error the ASL error name; at most 256 characters
   */
  public TaskError(String error) {
    this(error, "");
  }

  /**
   * A failure with a cause.
   *
   * @param cause text, or any value that JSON can hold; at most 32,768 characters
   */
  public TaskError(String error, Object cause) {
    this(error, cause instanceof String text ? text : Json.text(Json.MAPPER, cause), null);
  }

  /**
   * A failure with something behind it.
   *
   * @param origin for the stack trace; the server is told {@code cause}
   */
  public TaskError(String error, String cause, @Nullable Throwable origin) {
    super(cause.isEmpty() ? error : error + ": " + cause, origin);
    this.error = error;
    this.causeText = cause;
  }

  /** Skips Retry; Catch still applies. */
  public TaskError nonRetryable() {
    nonRetryable = true;
    return this;
  }

  /** Overrides the Retrier's interval once. */
  public TaskError retryAfter(Duration retryAfter) {
    this.retryAfter = retryAfter;
    return this;
  }

  /** As {@link #retryAfter(Duration)}: not before this time. */
  public TaskError retryAfter(Instant time) {
    Duration left = Duration.between(Instant.now(), time);
    return retryAfter(left.isNegative() ? Duration.ZERO : left);
  }

  /** The ASL error name. */
  public String error() {
    return error;
  }

  /** Free text, or the JSON text of the value given. */
  public String causeText() {
    return causeText;
  }

  /** Whether Retry is skipped. */
  public boolean isNonRetryable() {
    return nonRetryable;
  }

  /** What replaces the Retrier's interval once; null: nothing does. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
