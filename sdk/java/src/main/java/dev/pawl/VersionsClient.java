package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.DeleteStateMachineAliasRequest;
import dev.pawl.v1.DeleteStateMachineVersionRequest;
import dev.pawl.v1.ListStateMachineAliasesRequest;
import dev.pawl.v1.ListStateMachineAliasesResponse;
import dev.pawl.v1.ListStateMachineVersionsRequest;
import dev.pawl.v1.ListStateMachineVersionsResponse;
import dev.pawl.v1.PublishStateMachineVersionRequest;
import dev.pawl.v1.PutStateMachineAliasRequest;
import dev.pawl.v1.StateMachineServiceGrpc;
import java.time.Duration;
import java.util.UUID;

/** The part of a {@link Client} that publishes versions of state machines and routes aliases to them. */
public abstract class VersionsClient extends CallClient {
  VersionsClient(Connection connection, ObjectMapper mapper, Duration timeout) {
    super(connection, mapper, timeout);
  }

  /**
   * Freezes the state machine as it is under the next number; a revision that has one keeps it. Start it as
   * {@code <name>:<version>}.
   */
  public StateMachine publishStateMachineVersion(String stateMachine, String description) {
    return publishStateMachineVersion(stateMachine, description, "");
  }

  /**
   * As {@link #publishStateMachineVersion(String, String)}, if nobody has changed it.
   *
   * @throws PawlError ABORTED when this is not its present revision
   */
  public StateMachine publishStateMachineVersion(String stateMachine, String description, String revisionId) {
    PublishStateMachineVersionRequest request = PublishStateMachineVersionRequest.newBuilder()
        .setStateMachine(stateMachine)
        .setDescription(description)
        .setRevisionId(revisionId)
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
    deleteStateMachineAlias(stateMachine, alias, "");
  }

  /**
   * As {@link #deleteStateMachineAlias(String, String)}, if nobody has changed it.
   *
   * @throws PawlError ABORTED unless the alias still has this etag
   */
  public void deleteStateMachineAlias(String stateMachine, String alias, String etag) {
    DeleteStateMachineAliasRequest request = DeleteStateMachineAliasRequest.newBuilder()
        .setStateMachine(stateMachine)
        .setAlias(alias)
        .setEtag(etag)
        .build();
    call(StateMachineServiceGrpc.getDeleteStateMachineAliasMethod(), request);
  }
}
