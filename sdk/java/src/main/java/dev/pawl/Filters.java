package dev.pawl;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The terms of a filter text (AIP-160); all must hold. */
final class Filters {
  private final List<String> terms = new ArrayList<>();

  Filters equal(String field, @Nullable String value) {
    if (value != null) terms.add(field + " = " + quoted(value));
    return this;
  }

  Filters after(String field, @Nullable Instant time) {
    if (time != null) terms.add(field + " > " + quoted(time.toString()));
    return this;
  }

  Filters before(String field, @Nullable Instant time) {
    if (time != null) terms.add(field + " < " + quoted(time.toString()));
    return this;
  }

  Filters status(String field, @Nullable Enum<?> value) {
    if (value != null) terms.add(field + " = " + value.name());
    return this;
  }

  /** A term as it is; empty: none. */
  Filters term(String term) {
    if (!term.isEmpty()) terms.add(term);
    return this;
  }

  String text() {
    return String.join(" AND ", terms);
  }

  /** Strings of filters are written as JSON's. */
  private static String quoted(String text) {
    return Json.text(Json.MAPPER, text);
  }
}
