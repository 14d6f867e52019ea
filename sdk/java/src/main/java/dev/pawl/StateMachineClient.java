package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.CreateStateMachineRequest;
import dev.pawl.v1.CreateStateMachineResponse;
import dev.pawl.v1.DeleteStateMachineAliasRequest;
import dev.pawl.v1.DeleteStateMachineRequest;
import dev.pawl.v1.DeleteStateMachineVersionRequest;
import dev.pawl.v1.GetStateMachineRequest;
import dev.pawl.v1.ListStateMachineAliasesRequest;
import dev.pawl.v1.ListStateMachineAliasesResponse;
import dev.pawl.v1.ListStateMachineVersionsRequest;
import dev.pawl.v1.ListStateMachineVersionsResponse;
import dev.pawl.v1.ListStateMachinesRequest;
import dev.pawl.v1.ListStateMachinesResponse;
import dev.pawl.v1.PublishStateMachineVersionRequest;
import dev.pawl.v1.PutStateMachineAliasRequest;
import dev.pawl.v1.StateMachineServiceGrpc;
import dev.pawl.v1.UpdateStateMachineRequest;
import dev.pawl.v1.UpdateStateMachineResponse;
import dev.pawl.v1.ValidateDefinitionRequest;
import dev.pawl.v1.ValidateDefinitionResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The part of a {@link Client} that makes, changes and checks state machines. */
public abstract class StateMachineClient extends CallClient {
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
    DeleteStateMachineRequest request =
        DeleteStateMachineRequest.newBuilder().setStateMachine(stateMachine).setForce(force).build();
    call(StateMachineServiceGrpc.getDeleteStateMachineMethod(), request);
  }

  /** All diagnostics at once; does not throw because a definition is wrong. */
  public ValidationResult validateDefinition(Object definition) {
    ValidateDefinitionResponse response = call(
        StateMachineServiceGrpc.getValidateDefinitionMethod(),
        ValidateDefinitionRequest.newBuilder()
            .setDefinition(StateMachineInput.definitionText(definition, mapper))
            .build());
    return new ValidationResult(
        response.getValid(), diagnosticsOf(response.getDiagnosticsList()), response.getTruncated());
  }

  /**
   * Freezes the state machine as it is under the next number; a revision that has one keeps it. Start it as
   * {@code <name>:<version>}.
   */
  public StateMachine publishStateMachineVersion(String stateMachine, String description) {
    PublishStateMachineVersionRequest request = PublishStateMachineVersionRequest.newBuilder()
        .setStateMachine(stateMachine)
        .setDescription(description)
        .setRequestId(UUID.randomUUID().toString())
        .build();
    return StateMachine.of(
        call(StateMachineServiceGrpc.getPublishStateMachineVersionMethod(), request).getStateMachine());
  }

  /** Newest first. */
  public Pages<StateMachine> listStateMachineVersions(String stateMachine) {
    return new Pages<>(page -> {
      ListStateMachineVersionsResponse response = call(
          StateMachineServiceGrpc.getListStateMachineVersionsMethod(),
          ListStateMachineVersionsRequest.newBuilder().setStateMachine(stateMachine).setPage(page).build());
      return pageOf(response.getVersionsList(), StateMachine::of, response.getPage());
    });
  }

  /**
   * Its number is not given again.
   *
   * @throws PawlError ABORTED while an alias routes to it
   */
  public void deleteStateMachineVersion(String stateMachine, long version) {
    DeleteStateMachineVersionRequest request =
        DeleteStateMachineVersionRequest.newBuilder().setStateMachine(stateMachine).setVersion(version).build();
    call(StateMachineServiceGrpc.getDeleteStateMachineVersionMethod(), request);
  }

  /** Creates the alias, or replaces it. Start it as {@code <stateMachine>:<name>}. */
  public StateMachineAlias putStateMachineAlias(StateMachineAlias alias) {
    PutStateMachineAliasRequest request = PutStateMachineAliasRequest.newBuilder()
        .setAlias(alias.message())
        .setRequestId(UUID.randomUUID().toString())
        .build();
    return StateMachineAlias.of(call(StateMachineServiceGrpc.getPutStateMachineAliasMethod(), request).getAlias());
  }

  /** By name. */
  public Pages<StateMachineAlias> listStateMachineAliases(String stateMachine) {
    return new Pages<>(page -> {
      ListStateMachineAliasesResponse response = call(
          StateMachineServiceGrpc.getListStateMachineAliasesMethod(),
          ListStateMachineAliasesRequest.newBuilder().setStateMachine(stateMachine).setPage(page).build());
      return pageOf(response.getAliasesList(), StateMachineAlias::of, response.getPage());
    });
  }

  /** The versions stay. */
  public void deleteStateMachineAlias(String stateMachine, String alias) {
    DeleteStateMachineAliasRequest request =
        DeleteStateMachineAliasRequest.newBuilder().setStateMachine(stateMachine).setAlias(alias).build();
    call(StateMachineServiceGrpc.getDeleteStateMachineAliasMethod(), request);
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
