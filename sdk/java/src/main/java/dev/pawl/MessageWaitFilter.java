package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Which waits for a message; all conditions must hold, and without any all waits do. */
public final class MessageWaitFilter {
  private @Nullable String stateMachine;
  private @Nullable String correlationKey;
  private @Nullable Object correlationValue;

  /** Of executions of this state machine. */
  public MessageWaitFilter stateMachine(String stateMachine) {
    this.stateMachine = stateMachine;
    return this;
  }

  /** The name of what is correlated. */
  public MessageWaitFilter correlationKey(String correlationKey) {
    this.correlationKey = correlationKey;
    return this;
  }

  /** Any value that JSON can hold; only beside a key. */
  public MessageWaitFilter correlationValue(Object correlationValue) {
    this.correlationValue = correlationValue;
    return this;
  }

  String text(ObjectMapper mapper) {
    return new Filters()
        .equal("state_machine", stateMachine)
        .equal("correlation_key", correlationKey)
        .equal("correlation_value", correlationValue == null ? null : Json.text(mapper, correlationValue))
        .text();
  }
}
