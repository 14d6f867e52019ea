package dev.pawl;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document as text: what executions and tasks are given and return.
 *
 * <p>The text is exactly what was sent, so no digit of a number and no order of keys is lost; {@link #as} reads
 * it as a Java value. Where a value is asked for (an input, a handler's result), a {@code JsonText} is sent as
 * it is.
 */
public final class JsonText {
  private final String text;
  private final ObjectMapper mapper;

  private JsonText(String text, ObjectMapper mapper) {
    this.text = text;
    this.mapper = mapper;
  }

  /** Must be one JSON document; the server refuses anything else. */
  public static JsonText of(String text) {
    return new JsonText(text, Json.MAPPER);
  }

  static JsonText of(String text, ObjectMapper mapper) {
    return new JsonText(text, mapper);
  }

  /** The text itself; empty when there is none, or when it was not asked for. */
  @JsonValue
  @JsonRawValue
  public String text() {
    return text;
  }

  /** Whether there is no document. */
  public boolean isEmpty() {
    return text.isEmpty();
  }

  /**
   * The document as a value; null for the absent one, and for {@code null}.
   *
   * @throws IllegalArgumentException when the text is no such value, also when it was cut off
   */
  public <T> @Nullable T as(Class<T> type) {
    try {
      return text.isEmpty() ? null : mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** As {@link #as(Class)}, for generic types. */
  public <T> @Nullable T as(TypeReference<T> type) {
    try {
      return text.isEmpty() ? null : mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The document as a tree; null for the absent one. */
  public @Nullable JsonNode tree() {
    return as(JsonNode.class);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonText that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
