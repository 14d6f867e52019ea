package dev.pawl;

/** How a definition is written. */
public enum DefinitionFormat {
  /** Given: seen from the text. Received: newer than this SDK. */
  UNSPECIFIED,
  /** JSON, as the specification has it. */
  JSON,
  /** YAML with the same fields. */
  YAML;

  private static final String PREFIX = "DEFINITION_FORMAT_";

  static DefinitionFormat of(Enum<?> message) {
    return Enums.of(DefinitionFormat.class, message, PREFIX);
  }

  dev.pawl.v1.DefinitionFormat message() {
    return dev.pawl.v1.DefinitionFormat.valueOf(PREFIX + name());
  }
}
