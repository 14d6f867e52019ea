package dev.pawl;

/** Who does something to a batch, and why; kept with it. */
public final class BatchAction {
  private String operator = "";
  private String reason = "";

  /** Who does it. */
  public BatchAction operator(String operator) {
    this.operator = operator;
    return this;
  }

  /** Why. */
  public BatchAction reason(String reason) {
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
