package dev.pawl;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which executions; all conditions must hold, and without any all executions do. */
public final class ExecutionFilter {
  private @Nullable String stateMachine;
  private @Nullable String mapRun;
  private @Nullable ExecutionStatus status;
  private @Nullable String name;
  private @Nullable String namePrefix;
  private @Nullable String error;
  private @Nullable String currentState;
  private @Nullable Instant startedAfter;
  private @Nullable Instant startedBefore;
  private @Nullable Instant endedAfter;
  private @Nullable Instant endedBefore;
  private Map<String, String> labels = Map.of();
  private @Nullable ExecutionLinkFilter linked;
  private @Nullable ExecutionLinkFilter notLinked;
  private String filter = "";

  /** Name or ARN. */
  public ExecutionFilter stateMachine(String stateMachine) {
    this.stateMachine = stateMachine;
    return this;
  }

  /** Id or ARN of a map run: its executions. */
  public ExecutionFilter mapRun(String mapRun) {
    this.mapRun = mapRun;
    return this;
  }

  /** Where they stand. */
  public ExecutionFilter status(ExecutionStatus status) {
    this.status = status;
    return this;
  }

  /** The whole name. */
  public ExecutionFilter name(String name) {
    this.name = name;
    return this;
  }

  /** How the name begins. */
  public ExecutionFilter namePrefix(String namePrefix) {
    this.namePrefix = namePrefix;
    return this;
  }

  /** The error they ended with. */
  public ExecutionFilter error(String error) {
    this.error = error;
    return this;
  }

  /** Open ones in a state of this name, in a branch or an item too. */
  public ExecutionFilter currentState(String currentState) {
    this.currentState = currentState;
    return this;
  }

  /** Started after this time. */
  public ExecutionFilter startedAfter(Instant startedAfter) {
    this.startedAfter = startedAfter;
    return this;
  }

  /** Started before this time. */
  public ExecutionFilter startedBefore(Instant startedBefore) {
    this.startedBefore = startedBefore;
    return this;
  }

  /** Ended after this time. */
  public ExecutionFilter endedAfter(Instant endedAfter) {
    this.endedAfter = endedAfter;
    return this;
  }

  /** Ended before this time. */
  public ExecutionFilter endedBefore(Instant endedBefore) {
    this.endedBefore = endedBefore;
    return this;
  }

  /** With these labels. */
  public ExecutionFilter labels(Map<String, String> labels) {
    this.labels = Map.copyOf(labels);
    return this;
  }

  /** Executions from which another one was chained, by a link that fulfils these conditions. */
  public ExecutionFilter linked(ExecutionLinkFilter linked) {
    this.linked = linked;
    return this;
  }

  /** All others. Not beside {@link #linked}. */
  public ExecutionFilter notLinked(ExecutionLinkFilter notLinked) {
    this.notLinked = notLinked;
    return this;
  }

  /** A further condition in the server's filter language (AIP-160). */
  public ExecutionFilter filter(String filter) {
    this.filter = filter;
    return this;
  }

  String text() {
    Filters terms = new Filters()
        .equal("state_machine", stateMachine)
        .equal("map_run", mapRun)
        .status("status", status)
        .equal("name", name)
        .equal("name", namePrefix == null ? null : namePrefix + "*")
        .after("start_time", startedAfter)
        .before("start_time", startedBefore)
        .after("end_time", endedAfter)
        .before("end_time", endedBefore)
        .equal("error", error)
        .equal("current_state", currentState);
    labels.forEach((label, value) -> terms.equal("labels." + label, value));
    if (linked != null) linked.addTo(terms.term("linked = true"), "link.");
    if (notLinked != null) notLinked.addTo(terms.term("linked = false"), "link.");
    return terms.term(filter).text();
  }
}
