package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.FieldMask;
import dev.pawl.v1.StateMachineType;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A new or changed state machine; what is not set stays as it is. */
public final class StateMachineInput {
  private @Nullable Object definition;
  private DefinitionFormat format = DefinitionFormat.UNSPECIFIED;
  private @Nullable Boolean express;
  private @Nullable String description;
  private @Nullable Map<String, String> labels;
  private @Nullable Duration retention;
  private @Nullable TaskLossPolicy onTaskLost;
  private @Nullable Integer maxTaskDeliveries;
  private String etag = "";

  private final String name;

  /**
   * A state machine of this name.
   *
   * @param name letters, digits, {@code _} and {@code -}; at most 80
   */
  public StateMachineInput(String name) {
    this.name = name;
  }

  /** JSON or YAML text, or the definition as a value that JSON can hold. */
  public StateMachineInput definition(Object definition) {
    this.definition = definition;
    return this;
  }

  /** How the definition is written; default seen from the text. */
  public StateMachineInput format(DefinitionFormat format) {
    this.format = format;
    return this;
  }

  /** EXPRESS: durable at start and end only. Default STANDARD: every transition is durable. */
  public StateMachineInput express(boolean express) {
    this.express = express;
    return this;
  }

  /** Free text. */
  public StateMachineInput description(String description) {
    this.description = description;
    return this;
  }

  /** Searchable. */
  public StateMachineInput labels(Map<String, String> labels) {
    this.labels = Map.copyOf(labels);
    return this;
  }

  /** How long closed executions are kept, whole seconds; zero: for ever. */
  public StateMachineInput retention(Duration retention) {
    this.retention = retention;
    return this;
  }

  /** What becomes of a task whose worker was lost; default REDELIVER. */
  public StateMachineInput onTaskLost(TaskLossPolicy onTaskLost) {
    this.onTaskLost = onTaskLost;
    return this;
  }

  /** How often a task is delivered before {@link #onTaskLost} applies, but for REDELIVER; 0: once. */
  public StateMachineInput maxTaskDeliveries(int maxTaskDeliveries) {
    this.maxTaskDeliveries = maxTaskDeliveries;
    return this;
  }

  /** Refuse (ABORTED) unless the state machine still has this etag. */
  public StateMachineInput etag(String etag) {
    this.etag = etag;
    return this;
  }

  dev.pawl.v1.StateMachine message(ObjectMapper mapper) {
    dev.pawl.v1.StateMachine.Builder message = dev.pawl.v1.StateMachine.newBuilder()
        .setName(name)
        .setDefinitionFormat(format.message())
        .setEtag(etag);
    if (definition != null) message.setDefinition(definitionText(definition, mapper));
    if (express != null) message.setType(typeOf(express));
    if (description != null) message.setDescription(description);
    if (labels != null) message.putAllLabels(labels);
    if (retention != null) message.setRetention(Times.protoOf(retention));
    if (onTaskLost != null) message.setOnTaskLost(onTaskLost.message());
    if (maxTaskDeliveries != null) message.setMaxTaskDeliveries(maxTaskDeliveries);
    return message.build();
  }

  /** Names what is set (AIP-134). */
  FieldMask mask() {
    FieldMask.Builder mask = FieldMask.newBuilder();
    if (definition != null) mask.addPaths("definition");
    if (description != null) mask.addPaths("description");
    if (labels != null) mask.addPaths("labels");
    if (retention != null) mask.addPaths("retention");
    if (express != null) mask.addPaths("type");
    if (onTaskLost != null) mask.addPaths("on_task_lost");
    if (maxTaskDeliveries != null) mask.addPaths("max_task_deliveries");
    return mask.build();
  }

  static String definitionText(Object definition, ObjectMapper mapper) {
    return definition instanceof String text ? text : Json.text(mapper, definition);
  }

  private static StateMachineType typeOf(boolean express) {
    return express ? StateMachineType.STATE_MACHINE_TYPE_EXPRESS : StateMachineType.STATE_MACHINE_TYPE_STANDARD;
  }
}
