package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.NameConflictPolicy;
import dev.pawl.v1.StartExecutionRequest;
import dev.pawl.v1.TraceContext;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What to start.
 *
 * <pre>{@code new StartExecution("orders").name("order-7").input(order)}</pre>
 */
public final class StartExecution {
  /** What a name that is taken means. */
  public enum ConflictPolicy {
    /** The same execution while it runs with the same input, else ALREADY_EXISTS. */
    SFN,
    /** Always ALREADY_EXISTS. */
    FAIL,
    /** That execution, running or closed. */
    USE_EXISTING
  }

  private final String stateMachine;
  private @Nullable String name;
  private Object input = Map.of();
  private @Nullable ChainSource chain;
  private Map<String, String> labels = Map.of();
  private ConflictPolicy conflictPolicy = ConflictPolicy.SFN;
  private @Nullable String traceparent;

  /** @param stateMachine name or ARN; {@code orders:7} is a version, {@code orders:live} an alias */
  public StartExecution(String stateMachine) {
    this.stateMachine = stateMachine;
  }

  /**
   * Unique per state machine; default a random one. A start is safe to repeat under its name: the same name and
   * input is the same execution while that runs.
   */
  public StartExecution name(String name) {
    this.name = name;
    return this;
  }

  /** Any value that JSON can hold, or a {@link JsonText}; default <code>{}</code>. */
  public StartExecution input(Object input) {
    this.input = input;
    return this;
  }

  /** Another execution's output instead of an input. */
  public StartExecution chain(ChainSource chain) {
    this.chain = chain;
    return this;
  }

  /** Searchable. */
  public StartExecution labels(Map<String, String> labels) {
    this.labels = Map.copyOf(labels);
    return this;
  }

  /** What a name that is taken means; default {@link ConflictPolicy#SFN}. */
  public StartExecution conflictPolicy(ConflictPolicy conflictPolicy) {
    this.conflictPolicy = conflictPolicy;
    return this;
  }

  /** W3C traceparent, handed to the workers; default that of the task whose handler starts it. */
  public StartExecution traceparent(String traceparent) {
    this.traceparent = traceparent;
    return this;
  }

  /** The request, under a name: sent again, it starts nothing twice. */
  StartExecutionRequest message(ObjectMapper mapper) {
    StartExecutionRequest.Builder request = StartExecutionRequest.newBuilder()
        .setStateMachine(stateMachine)
        .setName(name == null ? UUID.randomUUID().toString() : name)
        .putAllLabels(labels)
        .setRequestId(UUID.randomUUID().toString())
        .setConflictPolicy(policy());
    if (chain == null) request.setInput(Json.text(mapper, input));
    else request.setChain(chain.message());
    String trace = traceparent == null ? Connection.TRACEPARENT.get() : traceparent;
    if (trace != null) request.setTrace(TraceContext.newBuilder().setTraceparent(trace));
    return request.build();
  }

  /** A random name can only be taken by this very start, sent before. */
  private NameConflictPolicy policy() {
    if (name == null) return NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING;
    return switch (conflictPolicy) {
      case SFN -> NameConflictPolicy.NAME_CONFLICT_POLICY_UNSPECIFIED;
      case FAIL -> NameConflictPolicy.NAME_CONFLICT_POLICY_FAIL;
      case USE_EXISTING -> NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING;
    };
  }
}
