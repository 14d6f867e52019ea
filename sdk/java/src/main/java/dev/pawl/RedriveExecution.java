package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.RedriveExecutionRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How an execution is redriven, where not as it was. */
public final class RedriveExecution {
  private String fromState = "";
  private @Nullable Object input;
  private String stateMachine = "";

  /** The state to enter anew, outside any Parallel or Map; default: whatever did not succeed goes on. */
  public RedriveExecution fromState(String fromState) {
    this.fromState = fromState;
    return this;
  }

  /** Any value that this state, or the one that failed, is entered with; default: what it was given before. */
  public RedriveExecution input(Object input) {
    this.input = input;
    return this;
  }

  /** Go on with the present definition of this reference to its state machine; default: with its own. */
  public RedriveExecution stateMachine(String stateMachine) {
    this.stateMachine = stateMachine;
    return this;
  }

  /** With an id under which it may be sent again. */
  RedriveExecutionRequest message(String execution, ObjectMapper mapper) {
    return message(mapper).setExecution(execution).setRequestId(UUID.randomUUID().toString()).build();
  }

  /** Of no execution yet. */
  RedriveExecutionRequest.Builder message(ObjectMapper mapper) {
    return RedriveExecutionRequest.newBuilder()
        .setFromState(fromState)
        .setInputOverride(input == null ? "" : Json.text(mapper, input))
        .setStateMachine(stateMachine);
  }
}
