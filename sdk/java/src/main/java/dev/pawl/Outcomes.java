package dev.pawl;

import com.google.protobuf.ByteString;
import dev.pawl.v1.LogLine;
import dev.pawl.v1.TaskFailure;
import dev.pawl.v1.TaskOutcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The messages that report how tasks ended. */
final class Outcomes {
  /** AWS's limits of an error's name and cause, in characters. */
  private static final int ERROR_CHARS_MAX = 256;
  private static final int CAUSE_CHARS_MAX = 32_768;

  /** A gRPC message may have 4 MiB; this leaves room for the rest of it. */
  private static final int OUTPUT_BYTES_MAX = 4 * 1024 * 1024 - 64 * 1024;

  private Outcomes() {}

  /** The outcome of a handler that returned. */
  static TaskOutcome succeeded(ByteString taskToken, String output, List<LogLine> logs) {
    if (output.length() > OUTPUT_BYTES_MAX / 3) {
      int bytes = output.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > OUTPUT_BYTES_MAX) {
        String cause = "output is " + bytes + " bytes; no message can carry more than " + OUTPUT_BYTES_MAX;
        return failed(taskToken, new TaskError("States.DataLimitExceeded", cause), logs);
      }
    }
    return TaskOutcome.newBuilder().setTaskToken(taskToken).setOutput(output).addAllLogs(logs).build();
  }

  /** The outcome of a handler that threw. */
  static TaskOutcome failed(ByteString taskToken, Throwable thrown, List<LogLine> logs) {
    return TaskOutcome.newBuilder().setTaskToken(taskToken).setFailure(failureOf(thrown)).addAllLogs(logs).build();
  }

  /** The outcome of a handler that stopped because it was told to. */
  static TaskOutcome cancelled(ByteString taskToken, List<LogLine> logs) {
    return TaskOutcome.newBuilder().setTaskToken(taskToken).setCancelled(true).addAllLogs(logs).build();
  }

  /** What Retry and Catch see of something thrown. */
  static TaskFailure failureOf(Throwable thrown) {
    TaskFailure.Builder failure = TaskFailure.newBuilder().setStackTrace(cut(stackOf(thrown), CAUSE_CHARS_MAX));
    if (thrown instanceof TaskError error) {
      Duration retryAfter = error.retryAfter();
      if (retryAfter != null) failure.setRetryAfter(Times.protoOf(retryAfter));
      return failure
          .setError(errorOf(error.error(), cut(error.causeText(), CAUSE_CHARS_MAX)))
          .setNonRetryable(error.isNonRetryable())
          .build();
    }
    String type = thrown.getClass().getName();
    return failure.setError(errorOf(type, causeOf(thrown, type))).build();
  }

  /** As AWS Lambda reports an exception: JSON with message, type and stack. */
  private static String causeOf(Throwable thrown, String type) {
    String message = cut(String.valueOf(thrown.getMessage()), CAUSE_CHARS_MAX / 2);
    List<String> stack = Stream.of(thrown.getStackTrace()).map(StackTraceElement::toString).toList();
    while (true) {
      Map<String, Object> cause =
          new TreeMap<>(Map.of("errorMessage", message, "errorType", type, "stackTrace", stack));
      String text = Json.text(Json.MAPPER, cause);
      if (text.length() <= CAUSE_CHARS_MAX || stack.isEmpty()) return cut(text, CAUSE_CHARS_MAX);
      stack = stack.subList(0, stack.size() / 2);
    }
  }

  private static dev.pawl.v1.ErrorValue errorOf(String error, String cause) {
    return new ErrorValue(cut(error, ERROR_CHARS_MAX), cause).message();
  }

  private static String stackOf(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static String cut(String text, int charsMax) {
    return text.length() <= charsMax ? text : text.substring(0, charsMax - 1) + "…";
  }
}
