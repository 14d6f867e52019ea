package dev.pawl;

/** How much of the JSON documents a read returns. */
public enum PayloadView {
  /** No documents. */
  NONE,
  /** Their first 4 KiB. */
  TRUNCATED,
  /** Everything. */
  FULL;

  dev.pawl.v1.PayloadView message() {
    return dev.pawl.v1.PayloadView.valueOf("PAYLOAD_VIEW_" + name());
  }
}
