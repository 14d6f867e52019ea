package dev.pawl;

/** Where a batch stands. */
public enum BatchStatus {
  /** Not set, or newer than this SDK. */
  UNSPECIFIED,
  /** Items are still being added. */
  LOADING,
  /** Items are being worked on. */
  RUNNING,
  /** Operator, or soft failure threshold. */
  PAUSED,
  /** Every item succeeded. */
  SUCCEEDED,
  /** Severe failure threshold. */
  FAILED,
  /** Cancelled by CancelBatch. */
  CANCELLED,
  /** Every item is done, some failed, no threshold was reached. */
  COMPLETED_WITH_FAILURES;

  private static final String PREFIX = "BATCH_STATUS_";

  static BatchStatus of(Enum<?> message) {
    return Enums.of(BatchStatus.class, message, PREFIX);
  }
}
