package dev.pawl;

/** A change of an execution that is watched. */
public sealed interface ExecutionUpdate {
  /** Whether it is the last one. */
  boolean isTerminal();

  /** Continues after this update, in {@link WatchOptions#resumeToken}. */
  String resumeToken();

  /** The execution as it was at this point. */
  record Snapshot(Execution execution, boolean isTerminal, String resumeToken) implements ExecutionUpdate {}

  /** The next event; each comes once, in order. */
  record Event(ExecutionEvent event, boolean isTerminal, String resumeToken) implements ExecutionUpdate {}
}
