package dev.pawl;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which batches; all conditions must hold, and without any all batches do. */
public final class BatchFilter {
  private @Nullable BatchStatus status;
  private @Nullable String stateMachine;
  private @Nullable String name;
  private @Nullable String namePrefix;
  private @Nullable Instant createdAfter;
  private @Nullable Instant createdBefore;
  private @Nullable Instant endedAfter;
  private @Nullable Instant endedBefore;

  /** Where they stand. */
  public BatchFilter status(BatchStatus status) {
    this.status = status;
    return this;
  }

  /** Name or ARN of what is started. */
  public BatchFilter stateMachine(String stateMachine) {
    this.stateMachine = stateMachine;
    return this;
  }

  /** The whole name. */
  public BatchFilter name(String name) {
    this.name = name;
    return this;
  }

  /** How the name begins. */
  public BatchFilter namePrefix(String namePrefix) {
    this.namePrefix = namePrefix;
    return this;
  }

  /** Created after this time. */
  public BatchFilter createdAfter(Instant createdAfter) {
    this.createdAfter = createdAfter;
    return this;
  }

  /** Created before this time. */
  public BatchFilter createdBefore(Instant createdBefore) {
    this.createdBefore = createdBefore;
    return this;
  }

  /** Ended after this time. */
  public BatchFilter endedAfter(Instant endedAfter) {
    this.endedAfter = endedAfter;
    return this;
  }

  /** Ended before this time. */
  public BatchFilter endedBefore(Instant endedBefore) {
    this.endedBefore = endedBefore;
    return this;
  }

  String text() {
    return new Filters()
        .equal("state_machine", stateMachine)
        .equal("name", name)
        .equal("name", namePrefix == null ? null : namePrefix + "*")
        .after("create_time", createdAfter)
        .before("create_time", createdBefore)
        .after("end_time", endedAfter)
        .before("end_time", endedBefore)
        .status("status", status)
        .text();
  }
}
