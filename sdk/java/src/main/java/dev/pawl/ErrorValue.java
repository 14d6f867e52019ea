package dev.pawl;

import org.jspecify.annotations.Nullable;

/** The ASL error pair: a name such as {@code States.Timeout}, and free text or JSON text. */
public record ErrorValue(String error, String cause) {
  static ErrorValue of(dev.pawl.v1.ErrorValue message) {
    return new ErrorValue(message.getError(), message.getCause());
  }

  static @Nullable ErrorValue orNull(boolean isPresent, dev.pawl.v1.ErrorValue message) {
    return isPresent ? of(message) : null;
  }

  dev.pawl.v1.ErrorValue message() {
    return dev.pawl.v1.ErrorValue.newBuilder().setError(error).setCause(cause).build();
  }
}
