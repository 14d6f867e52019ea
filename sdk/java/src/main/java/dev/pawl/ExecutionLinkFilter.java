package dev.pawl;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which links from an execution to the ones chained from it; all conditions must hold. */
public final class ExecutionLinkFilter {
  private @Nullable String sourceExecution;
  private @Nullable String sourceStateMachine;
  private @Nullable String sourceState;
  private @Nullable ExecutionStatus sourceStatus;
  private @Nullable String transformer;
  private @Nullable String targetExecution;
  private @Nullable String targetStateMachine;
  private @Nullable Instant createdAfter;
  private @Nullable Instant createdBefore;

  /** Id, ARN or {@code stateMachine/name}. */
  public ExecutionLinkFilter sourceExecution(String sourceExecution) {
    this.sourceExecution = sourceExecution;
    return this;
  }

  /** The source's state machine. */
  public ExecutionLinkFilter sourceStateMachine(String sourceStateMachine) {
    this.sourceStateMachine = sourceStateMachine;
    return this;
  }

  /** The state whose output was taken; empty: the execution's own was. */
  public ExecutionLinkFilter sourceState(String sourceState) {
    this.sourceState = sourceState;
    return this;
  }

  /** Of the source, now. Not in a filter on executions. */
  public ExecutionLinkFilter sourceStatus(ExecutionStatus sourceStatus) {
    this.sourceStatus = sourceStatus;
    return this;
  }

  /** The expression or name; empty: none. */
  public ExecutionLinkFilter transformer(String transformer) {
    this.transformer = transformer;
    return this;
  }

  /** Id, ARN or {@code stateMachine/name}. */
  public ExecutionLinkFilter targetExecution(String targetExecution) {
    this.targetExecution = targetExecution;
    return this;
  }

  /** The target's state machine. */
  public ExecutionLinkFilter targetStateMachine(String targetStateMachine) {
    this.targetStateMachine = targetStateMachine;
    return this;
  }

  /** Chained after this time. */
  public ExecutionLinkFilter createdAfter(Instant createdAfter) {
    this.createdAfter = createdAfter;
    return this;
  }

  /** Chained before this time. */
  public ExecutionLinkFilter createdBefore(Instant createdBefore) {
    this.createdBefore = createdBefore;
    return this;
  }

  String text() {
    return addTo(new Filters(), "").status("source_status", sourceStatus).text();
  }

  Filters addTo(Filters terms, String prefix) {
    return terms
        .equal(prefix + "source_execution", sourceExecution)
        .equal(prefix + "source_state_machine", sourceStateMachine)
        .equal(prefix + "source_state", sourceState)
        .equal(prefix + "transformer", transformer)
        .equal(prefix + "target_execution", targetExecution)
        .equal(prefix + "target_state_machine", targetStateMachine)
        .after(prefix + "create_time", createdAfter)
        .before(prefix + "create_time", createdBefore);
  }
}
