package dev.pawl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Iterator;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** JSON texts of values. */
final class Json {
  /** Keeps every digit of numbers, ignores properties that a class does not have, and loads the modules it finds. */
  static final ObjectMapper MAPPER = JsonMapper.builder()
      .findAndAddModules()
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
      .build();

  private Json() {}

  /**
   * The text of a value; that of a {@link JsonText} is its own.
   *
   * @throws JsonProcessingException for what is no JSON
   */
  static String write(ObjectMapper mapper, @Nullable Object value) throws JsonProcessingException {
    if (value == null) return "null";
    return value instanceof JsonText json ? json.text() : mapper.writeValueAsString(value);
  }

  /**
   * As {@link #write}.
   *
   * @throws IllegalArgumentException for what is no JSON
   */
  static String text(ObjectMapper mapper, @Nullable Object value) {
    try {
      return write(mapper, value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the value is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The texts of values, each written when it is asked for; errors as {@link #text}. */
  static Iterator<String> texts(ObjectMapper mapper, Iterable<?> values) {
    return StreamSupport.stream(values.spliterator(), false).map(value -> text(mapper, value)).iterator();
  }
}
