package dev.pawl;

/** Who pauses, resumes or cancels something, and why; kept with it. */
public final class OperatorAction {
  private String operator = "";
  private String reason = "";

  /** Who does it. */
  public OperatorAction operator(String operator) {
    this.operator = operator;
    return this;
  }

  /** Why. */
  public OperatorAction reason(String reason) {
    this.reason = reason;
    return this;
  }

  String operator() {
    return operator;
  }

  String reason() {
    return reason;
  }
}
