package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.MessageMatch;
import dev.pawl.v1.SendMessageRequest;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message for the Message states that wait for its key and value. */
public final class SendMessage {
  private @Nullable Object data;
  private @Nullable String messageId;
  private @Nullable Duration timeToLive;
  private Match match = Match.ALL;
  private String stateMachine = "";

  private final String correlationKey;
  private final Object correlationValue;

  /** Which of several waits get a message. */
  public enum Match {
    /** Every matching one. */
    ALL,
    /** The one that has waited longest. */
    OLDEST,
    /** The only one; FAILED_PRECONDITION unless there is exactly one. */
    EXACTLY_ONE
  }

  /**
   * A message without data.
   *
   * @param correlationKey the name of what is correlated, for example {@code orderId}
   * @param correlationValue any value that JSON can hold; 42 is not "42"
   */
  public SendMessage(String correlationKey, Object correlationValue) {
    this.correlationKey = correlationKey;
    this.correlationValue = correlationValue;
  }

  /** What the Message state gets as its result: any value that JSON can hold; default <code>{}</code>. */
  public SendMessage data(Object data) {
    this.data = data;
    return this;
  }

  /** Sent twice with the same id, key and value, it is received once. Default: one for each call. */
  public SendMessage messageId(String messageId) {
    this.messageId = messageId;
    return this;
  }

  /** How long it is kept if nobody waits for it yet; default not at all. */
  public SendMessage timeToLive(Duration timeToLive) {
    this.timeToLive = timeToLive;
    return this;
  }

  /** Who gets it if several wait; default {@link Match#ALL}. */
  public SendMessage match(Match match) {
    this.match = match;
    return this;
  }

  /** Only executions of this state machine. */
  public SendMessage stateMachine(String stateMachine) {
    this.stateMachine = stateMachine;
    return this;
  }

  /** A call that is repeated sends the same message: it always has an id. */
  SendMessageRequest message(ObjectMapper mapper) {
    SendMessageRequest.Builder request = SendMessageRequest.newBuilder()
        .setCorrelationKey(correlationKey)
        .setCorrelationValue(Json.text(mapper, correlationValue))
        .setMessageId(messageId == null ? UUID.randomUUID().toString() : messageId)
        .setMatch(MessageMatch.valueOf("MESSAGE_MATCH_" + match))
        .setStateMachine(stateMachine);
    if (data != null) request.setData(Json.text(mapper, data));
    if (timeToLive != null) request.setTimeToLive(Times.protoOf(timeToLive));
    return request.build();
  }
}
