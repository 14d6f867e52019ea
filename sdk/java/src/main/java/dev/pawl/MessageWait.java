package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Message state that waits.
 *
 * @param execution the execution's id
 * @param statePath the state
 * @param correlationKey what it waits for
 * @param correlationValue what it waits for
 * @param since when it began to wait
 * @param timeoutTime when it gives up; null: never
 */
public record MessageWait(
    String execution,
    String statePath,
    String correlationKey,
    JsonText correlationValue,
    @Nullable Instant since,
    @Nullable Instant timeoutTime) {

  static MessageWait of(dev.pawl.v1.MessageWait message, ObjectMapper mapper) {
    return new MessageWait(
        message.getExecution(),
        message.getStatePath(),
        message.getCorrelationKey(),
        JsonText.of(message.getCorrelationValue(), mapper),
        message.hasSince() ? Times.instantOf(message.getSince()) : null,
        message.hasTimeoutTime() ? Times.instantOf(message.getTimeoutTime()) : null);
  }
}
