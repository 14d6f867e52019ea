package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.TaskMock;
import dev.pawl.v1.TestStateRequest;
import org.jspecify.annotations.Nullable;

/**
 * One state to be tried.
 *
 * <pre>{@code new StateTest(definition).stateName("Pay").input(order).mockError(new ErrorValue("Busy", ""))}</pre>
 */
public final class StateTest {
  /** How much to tell. */
  public enum InspectionLevel {
    /** Output or error, and where it goes. */
    INFO,
    /** Also the data between the steps. */
    DEBUG,
    /** Also what HTTP Tasks send and receive. */
    TRACE
  }

  /** How far a mocked result must be one that the AWS service of the Task can give. */
  public enum MockValidation {
    /** Required fields are there; what is there is of the right type and within limits. */
    STRICT,
    /** What is there is of the right type and within limits. */
    PRESENT,
    /** Anything goes. */
    NONE
  }

  private final Object definition;
  private final TestStateRequest.Builder request = TestStateRequest.newBuilder();
  private @Nullable Object input;
  private @Nullable Object variables;
  private @Nullable Object context;
  private @Nullable Object mockResult;
  private TaskMock.@Nullable Builder mock;

  /**
   * A test with the input {@code {}}.
   *
   * @param definition a state, or with {@link #stateName} a whole state machine: JSON or YAML text, or a value that
   *     JSON can hold
   */
  public StateTest(Object definition) {
    this.definition = definition;
  }

  /** How the definition is written; default seen from the text. */
  public StateTest format(DefinitionFormat format) {
    request.setFormat(format.message());
    return this;
  }

  /** Which state of a whole state machine. */
  public StateTest stateName(String stateName) {
    request.setStateName(stateName);
    return this;
  }

  /** Any value that JSON can hold; default <code>{}</code>. */
  public StateTest input(Object input) {
    this.input = input;
    return this;
  }

  /** The variables assigned before: an object. */
  public StateTest variables(Object variables) {
    this.variables = variables;
    return this;
  }

  /** {@code $$}: an object; default one that is made up. */
  public StateTest context(Object context) {
    this.context = context;
    return this;
  }

  /** {@code $$.Execution.RoleArn}, where no context is given. */
  public StateTest roleArn(String roleArn) {
    request.setRoleArn(roleArn);
    return this;
  }

  /** How much to tell; default INFO. */
  public StateTest inspectionLevel(InspectionLevel level) {
    request.setInspectionLevel(dev.pawl.v1.InspectionLevel.valueOf("INSPECTION_LEVEL_" + level));
    return this;
  }

  /** Stands for what a Task, Parallel or Map does; STRICT. */
  public StateTest mockResult(Object result) {
    return mockResult(result, MockValidation.STRICT);
  }

  /** As {@link #mockResult(Object)}, checked otherwise. */
  public StateTest mockResult(Object result, MockValidation validation) {
    mockResult = result;
    mock = TaskMock.newBuilder().setValidation(dev.pawl.v1.MockValidation.valueOf("MOCK_VALIDATION_" + validation));
    return this;
  }

  /** What a Task, Parallel or Map fails with. */
  public StateTest mockError(ErrorValue error) {
    mockResult = null;
    mock = TaskMock.newBuilder().setError(error.message());
    return this;
  }

  /** Retries made before, by the Retrier that the mocked error is for. */
  public StateTest retrierRetryCount(int retrierRetryCount) {
    request.setRetrierRetryCount(retrierRetryCount);
    return this;
  }

  /** The state inside the Parallel or Map that the mocked error comes from. */
  public StateTest errorCausedByState(String errorCausedByState) {
    request.setErrorCausedByState(errorCausedByState);
    return this;
  }

  /** Iterations of the Map that have failed. */
  public StateTest mapIterationFailureCount(int mapIterationFailureCount) {
    request.setMapIterationFailureCount(mapIterationFailureCount);
    return this;
  }

  /** What the Map's ItemReader finds, as it stands in the source. */
  public StateTest mapItemReaderData(String mapItemReaderData) {
    request.setMapItemReaderData(mapItemReaderData);
    return this;
  }

  TestStateRequest message(ObjectMapper mapper) {
    request.setDefinition(StateMachineInput.definitionText(definition, mapper));
    if (input != null) request.setInput(Json.text(mapper, input));
    if (variables != null) request.setVariables(Json.text(mapper, variables));
    if (context != null) request.setContext(Json.text(mapper, context));
    if (mock != null) request.setMock(mock.hasError() ? mock : mock.setResult(Json.text(mapper, mockResult)));
    return request.build();
  }
}
