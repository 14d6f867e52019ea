package dev.pawl;

/** What happens to a batch that is watched. */
public sealed interface BatchUpdate {
  /** Whether it is the last one. */
  boolean isTerminal();

  /** Continues after this update, in {@link WatchBatchOptions#resumeToken}. */
  String resumeToken();

  /** Counters and status. */
  record Progress(Batch batch, boolean isTerminal, String resumeToken) implements BatchUpdate {}

  /** An item that has begun (RUNNING), or is done; each comes once. */
  record Item(BatchItem item, boolean isTerminal, String resumeToken) implements BatchUpdate {}
}
