package dev.pawl;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name that routes starts to one or two versions of a state machine.
 *
 * @param stateMachine the state machine's name
 * @param name letters, digits, {@code _}, {@code -} and {@code .}; not digits only
 * @param description free text
 * @param routes one or two
 * @param etag for optimistic locking; empty in a put: whatever the alias is
 * @param updateTime when it was put last; null in one to put
 */
public record StateMachineAlias(
    String stateMachine,
    String name,
    String description,
    List<Route> routes,
    String etag,
    @Nullable Instant updateTime) {

  /**
   * A version and the share of the starts it gets.
   *
   * @param version from 1
   * @param weight per cent; the weights of an alias make 100
   */
  public record Route(long version, int weight) {}

  /** An alias to put. */
  public StateMachineAlias(String stateMachine, String name, Route... routes) {
    this(stateMachine, name, "", List.of(routes), "");
  }

  /** An alias to put, with a description, and only in place of the one with this etag. */
  public StateMachineAlias(String stateMachine, String name, String description, List<Route> routes, String etag) {
    this(stateMachine, name, description, routes, etag, null);
  }

  static StateMachineAlias of(dev.pawl.v1.StateMachineAlias message) {
    List<Route> routes = message.getRoutesList().stream()
        .map(route -> new Route(route.getVersion(), route.getWeight()))
        .toList();
    return new StateMachineAlias(
        message.getStateMachine(),
        message.getName(),
        message.getDescription(),
        routes,
        message.getEtag(),
        message.hasUpdateTime() ? Times.instantOf(message.getUpdateTime()) : null);
  }

  dev.pawl.v1.StateMachineAlias message() {
    dev.pawl.v1.StateMachineAlias.Builder message = dev.pawl.v1.StateMachineAlias.newBuilder()
        .setStateMachine(stateMachine)
        .setName(name)
        .setDescription(description)
        .setEtag(etag);
    for (Route route : routes) message.addRoutesBuilder().setVersion(route.version).setWeight(route.weight);
    return message.build();
  }
}
