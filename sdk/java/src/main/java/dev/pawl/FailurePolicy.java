package dev.pawl;

/** When failures pause a batch, and when they end it; shares are 0 to 1. */
public final class FailurePolicy {
  private int windowItems;
  private double severeRate;
  private int windowMicroBatches;
  private double softRate;

  /** The last items that count; default 500. */
  public FailurePolicy windowItems(int windowItems) {
    this.windowItems = windowItems;
    return this;
  }

  /** From this share of them the batch is FAILED; default 0.5. */
  public FailurePolicy severeRate(double severeRate) {
    this.severeRate = severeRate;
    return this;
  }

  /** The last micro-batches that count; default 5. */
  public FailurePolicy windowMicroBatches(int windowMicroBatches) {
    this.windowMicroBatches = windowMicroBatches;
    return this;
  }

  /** From this mean share in them the batch is PAUSED; default 0.2. */
  public FailurePolicy softRate(double softRate) {
    this.softRate = softRate;
    return this;
  }

  dev.pawl.v1.FailurePolicy message() {
    return dev.pawl.v1.FailurePolicy.newBuilder()
        .setWindowItems(windowItems)
        .setSevereRate(severeRate)
        .setWindowMicroBatches(windowMicroBatches)
        .setSoftRate(softRate)
        .build();
  }
}
