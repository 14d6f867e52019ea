package dev.pawl;

/**
 * One finding about a definition.
 *
 * @param severity how bad it is
 * @param code for example {@code MISSING_TRANSITION_TARGET}
 * @param message what is wrong
 * @param location JSON pointer, for example {@code /States/Pay/Next}
 * @param line from 1, in the text that was sent; 0: unknown
 * @param column from 1
 * @param suggestion for example {@code did you mean "Paid"?}; may be empty
 */
public record Diagnostic(
    Severity severity, String code, String message, String location, int line, int column, String suggestion) {

  /** How bad a finding is. */
  public enum Severity {
    /** Newer than this SDK. */
    UNSPECIFIED,
    /** The definition is refused. */
    ERROR,
    /** Accepted, and probably not what was meant. */
    WARNING,
    /** Accepted; could be better. */
    HINT
  }

  static Diagnostic of(dev.pawl.v1.Diagnostic message) {
    return new Diagnostic(
        Enums.of(Severity.class, message.getSeverity(), "SEVERITY_"),
        message.getCode(),
        message.getMessage(),
        message.getLocation(),
        message.getLine(),
        message.getColumn(),
        message.getSuggestion());
  }
}
