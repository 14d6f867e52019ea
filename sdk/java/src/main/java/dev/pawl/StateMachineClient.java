package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.CreateStateMachineRequest;
import dev.pawl.v1.CreateStateMachineResponse;
import dev.pawl.v1.DeleteStateMachineRequest;
import dev.pawl.v1.GetDefinitionGraphRequest;
import dev.pawl.v1.GetStateMachineRequest;
import dev.pawl.v1.ListStateMachinesRequest;
import dev.pawl.v1.ListStateMachinesResponse;
import dev.pawl.v1.StateMachineServiceGrpc;
import dev.pawl.v1.UpdateStateMachineRequest;
import dev.pawl.v1.UpdateStateMachineResponse;
import dev.pawl.v1.ValidateDefinitionResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The part of a {@link Client} that makes, changes, checks and tests state machines. */
public abstract class StateMachineClient extends VersionsClient {
  /** A worker may take five minutes for the Task that is tested. */
  private static final Duration STATE_TEST_TIMEOUT = Duration.ofSeconds(310);

  StateMachineClient(Connection connection, ObjectMapper mapper, Duration timeout) {
    super(connection, mapper, timeout);
  }

  /** Creates the state machine, or updates the one of that name. Running executions keep their revision. */
  public StateMachineResult applyStateMachine(StateMachineInput input) {
    return update(input, true);
  }

  /** As {@link #applyStateMachine(StateMachineInput)}: JSON or YAML text, or a value that JSON can hold. */
  public StateMachineResult applyStateMachine(String name, Object definition) {
    return applyStateMachine(new StateMachineInput(name).definition(definition));
  }

  /**
   * The same name and definition again is the same state machine.
   *
   * @throws PawlError ALREADY_EXISTS for another definition
   */
  public StateMachineResult createStateMachine(StateMachineInput input) {
    CreateStateMachineResponse response = call(
        StateMachineServiceGrpc.getCreateStateMachineMethod(),
        CreateStateMachineRequest.newBuilder()
            .setStateMachine(input.message(mapper))
            .setRequestId(UUID.randomUUID().toString())
            .build());
    return resultOf(response.getStateMachine(), response.getWarningsList());
  }

  /** Changes what is set in the input; the state machine must be there. */
  public StateMachineResult updateStateMachine(StateMachineInput input) {
    return update(input, false);
  }

  /** Reads one: bare name, {@code orders:7}, {@code orders:live} or ARN. */
  public StateMachine getStateMachine(String stateMachine) {
    GetStateMachineRequest request = GetStateMachineRequest.newBuilder().setStateMachine(stateMachine).build();
    return StateMachine.of(call(StateMachineServiceGrpc.getGetStateMachineMethod(), request).getStateMachine());
  }

  /** All, without their definitions. */
  public Pages<StateMachine> listStateMachines() {
    return new Pages<>(page -> {
      ListStateMachinesResponse response = call(
          StateMachineServiceGrpc.getListStateMachinesMethod(),
          ListStateMachinesRequest.newBuilder().setPage(page).build());
      return pageOf(response.getStateMachinesList(), StateMachine::of, response.getPage());
    });
  }

  /** It goes when its last execution has closed. */
  public void deleteStateMachine(String stateMachine) {
    deleteStateMachine(stateMachine, false);
  }

  /** It goes when its last execution has closed; {@code force} stops them. */
  public void deleteStateMachine(String stateMachine, boolean force) {
    deleteStateMachine(stateMachine, force, "");
  }

  /**
   * As {@link #deleteStateMachine(String, boolean)}, if nobody has changed it.
   *
   * @throws PawlError ABORTED unless the state machine still has this etag
   */
  public void deleteStateMachine(String stateMachine, boolean force, String etag) {
    DeleteStateMachineRequest request = DeleteStateMachineRequest.newBuilder()
        .setStateMachine(stateMachine)
        .setForce(force)
        .setEtag(etag)
        .build();
    call(StateMachineServiceGrpc.getDeleteStateMachineMethod(), request);
  }

  /** All diagnostics at once; does not throw because a definition is wrong. */
  public ValidationResult validateDefinition(Object definition) {
    return validateDefinition(definition, new ValidationOptions());
  }

  /** As {@link #validateDefinition(Object)}, of this format or type. */
  public ValidationResult validateDefinition(Object definition, ValidationOptions options) {
    ValidateDefinitionResponse response = call(
        StateMachineServiceGrpc.getValidateDefinitionMethod(),
        options.message(StateMachineInput.definitionText(definition, mapper)));
    return new ValidationResult(
        response.getValid(), diagnosticsOf(response.getDiagnosticsList()), response.getTruncated());
  }

  /** Runs one state on its own. Without a mock a Task is done by a connected worker, which may take five minutes. */
  public TestedState testState(StateTest test) {
    return testState(test, STATE_TEST_TIMEOUT);
  }

  /**
   * As {@link #testState(StateTest)}, with another deadline.
   *
   * @throws PawlError DEADLINE_EXCEEDED when the state is not done then
   */
  public TestedState testState(StateTest test, Duration timeout) {
    return TestedState.of(
        UnaryCall.await(UnaryCall.start(
            connection, StateMachineServiceGrpc.getTestStateMethod(), test.message(mapper), timeout)),
        mapper);
  }

  /** Nodes and edges of a definition: JSON or YAML text, or a value that JSON can hold. */
  public DefinitionGraph getDefinitionGraph(Object definition) {
    GetDefinitionGraphRequest request = GetDefinitionGraphRequest.newBuilder()
        .setDefinition(StateMachineInput.definitionText(definition, mapper))
        .build();
    return DefinitionGraph.of(call(StateMachineServiceGrpc.getGetDefinitionGraphMethod(), request));
  }

  /** As {@link #getDefinitionGraph}, of a state machine on the server: bare name, version, alias or ARN. */
  public DefinitionGraph getStateMachineGraph(String stateMachine) {
    GetDefinitionGraphRequest request =
        GetDefinitionGraphRequest.newBuilder().setStateMachine(stateMachine).build();
    return DefinitionGraph.of(call(StateMachineServiceGrpc.getGetDefinitionGraphMethod(), request));
  }

  private StateMachineResult update(StateMachineInput input, boolean allowMissing) {
    UpdateStateMachineResponse response = call(
        StateMachineServiceGrpc.getUpdateStateMachineMethod(),
        UpdateStateMachineRequest.newBuilder()
            .setStateMachine(input.message(mapper))
            .setUpdateMask(input.mask())
            .setAllowMissing(allowMissing)
            .setRequestId(UUID.randomUUID().toString())
            .build());
    return resultOf(response.getStateMachine(), response.getWarningsList());
  }

  private static StateMachineResult resultOf(
      dev.pawl.v1.StateMachine stateMachine, List<dev.pawl.v1.Diagnostic> warnings) {
    return new StateMachineResult(StateMachine.of(stateMachine), diagnosticsOf(warnings));
  }

  private static List<Diagnostic> diagnosticsOf(List<dev.pawl.v1.Diagnostic> messages) {
    return messages.stream().map(Diagnostic::of).toList();
  }
}
