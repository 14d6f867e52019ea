package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.TestStateResponse;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of a state under test.
 *
 * @param status how it ended
 * @param output empty when the state failed
 * @param error why it failed
 * @param nextState where it would go; empty at an end
 * @param inspection the data between the steps by AWS's names ({@code afterInputPath}, {@code result}, ...); empty at
 *     level INFO
 * @param variables afterwards; empty without any
 */
public record TestedState(
    Status status,
    JsonText output,
    @Nullable ErrorValue error,
    String nextState,
    Map<String, JsonText> inspection,
    JsonText variables) {

  /** How a state under test ended. */
  public enum Status {
    /** Newer than this SDK. */
    UNSPECIFIED,
    /** It has an output. */
    SUCCEEDED,
    /** It failed and nothing caught it. */
    FAILED,
    /** It failed and would be retried. */
    RETRIABLE,
    /** It failed and a Catcher took it. */
    CAUGHT_ERROR
  }

  static TestedState of(TestStateResponse message, ObjectMapper mapper) {
    return new TestedState(
        Enums.of(Status.class, message.getStatus(), "TEST_STATE_STATUS_"),
        JsonText.of(message.getOutput(), mapper),
        ErrorValue.orNull(message.hasError(), message.getError()),
        message.getNextState(),
        message.getInspectionMap().entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, step -> JsonText.of(step.getValue(), mapper))),
        JsonText.of(message.getVariables(), mapper));
  }
}
