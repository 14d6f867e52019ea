package dev.pawl;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that the server refused, or that did not reach it ({@code UNAVAILABLE}, {@code DEADLINE_EXCEEDED},
 * {@code CANCELLED}). Named as in the other SDKs; it is an unchecked exception.
 */
public final class PawlError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One field of a request that was refused: its path, why, and a machine-readable reason that may be empty. */
  public record FieldViolation(String field, String description, String reason) implements Serializable {}

  private record Details(
      String reason,
      Map<String, String> metadata,
      List<FieldViolation> fieldViolations,
      @Nullable Duration retryAfter)
      implements Serializable {
    static final Details NONE = new Details("", Map.of(), List.of(), null);
  }

  private final Status.Code code;
  private final Details details;

  /** An error with a code and nothing else. */
  public PawlError(Status.Code code, String message) {
    this(code, message, Details.NONE, null);
  }

  private PawlError(Status.Code code, String message, Details details, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = details;
  }

  /** gRPC's status code. */
  public Status.Code code() {
    return code;
  }

  /** Machine-readable, for example {@code EXECUTION_ALREADY_EXISTS}; empty when the server gave none. */
  public String reason() {
    return details.reason;
  }

  /** More about the reason. */
  public Map<String, String> metadata() {
    return details.metadata;
  }

  /** Which fields of the request, and why. */
  public List<FieldViolation> fieldViolations() {
    return details.fieldViolations;
  }

  /** The server's advice to try again after this time; null when it gave none. */
  public @Nullable Duration retryAfter() {
    return details.retryAfter;
  }

  static PawlError cancelled(String message) {
    return new PawlError(Status.Code.CANCELLED, message);
  }

  static PawlError unavailable(String message) {
    return new PawlError(Status.Code.UNAVAILABLE, message);
  }

  static PawlError invalid(String message) {
    return new PawlError(Status.Code.INVALID_ARGUMENT, message);
  }

  static PawlError of(Status.Code code, String message, String reason) {
    return new PawlError(code, message, new Details(reason, Map.of(), List.of(), null), null);
  }

  /** What a refused start on a stream says; a gRPC status in data. */
  static PawlError of(dev.pawl.v1.StartError error) {
    Duration retryAfter = error.hasRetryAfter() ? Times.durationOf(error.getRetryAfter()) : null;
    Details details = new Details(error.getReason(), Map.copyOf(error.getMetadataMap()), List.of(), retryAfter);
    return new PawlError(Status.fromCodeValue(error.getCode()).getCode(), error.getMessage(), details, null);
  }

  /** What a failed call says. */
  static PawlError of(Throwable thrown) {
    if (thrown instanceof PawlError error) return error;
    Status status = Status.fromThrowable(thrown);
    String description = status.getDescription();
    String message = description == null ? String.valueOf(thrown.getMessage()) : description;
    return new PawlError(codeOf(status), message, detailsOf(thrown), thrown);
  }

  /** gRPC calls it UNKNOWN when a connection closes in the middle of its handshake; no server has said so. */
  private static Status.Code codeOf(Status status) {
    boolean isLost = status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof IOException;
    return isLost ? Status.Code.UNAVAILABLE : status.getCode();
  }

  /** The same error with the stack of the thread that waited for it. */
  PawlError rethrown() {
    return new PawlError(code, String.valueOf(getMessage()), details, this);
  }

  private static Details detailsOf(Throwable thrown) {
    try {
      com.google.rpc.Status status = StatusProto.fromThrowable(thrown);
      if (status == null || status.getDetailsCount() == 0) return Details.NONE;
      Details details = Details.NONE;
      for (Any detail : status.getDetailsList()) details = read(details, detail);
      return details;
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return Details.NONE; // bytes that are no google.rpc.Status
    }
  }

  private static Details read(Details seen, Any detail) throws InvalidProtocolBufferException {
    if (detail.is(ErrorInfo.class)) {
      ErrorInfo info = detail.unpack(ErrorInfo.class);
      return new Details(info.getReason(), Map.copyOf(info.getMetadataMap()), seen.fieldViolations, seen.retryAfter);
    }
    if (detail.is(BadRequest.class)) {
      List<FieldViolation> violations = detail.unpack(BadRequest.class).getFieldViolationsList().stream()
          .map(v -> new FieldViolation(v.getField(), v.getDescription(), v.getReason()))
          .toList();
      return new Details(seen.reason, seen.metadata, violations, seen.retryAfter);
    }
    if (detail.is(RetryInfo.class)) {
      Duration retryAfter = Times.durationOf(detail.unpack(RetryInfo.class).getRetryDelay());
      return new Details(seen.reason, seen.metadata, seen.fieldViolations, retryAfter);
    }
    return seen;
  }
}
