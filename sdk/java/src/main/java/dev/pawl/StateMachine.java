package dev.pawl;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A definition under a name.
 *
 * @param name letters, digits, {@code _} and {@code -}
 * @param uid UUIDv7
 * @param arn names it in the AWS API
 * @param isExpress durable at start and end only
 * @param definition exactly the text the author sent; empty in lists
 * @param definitionFormat how the definition is written
 * @param revisionId another one after every update that changed something
 * @param version 0: the head
 * @param description free text
 * @param labels searchable
 * @param isDeleting no new executions; it goes when the last one has closed
 * @param createTime when it was created
 * @param updateTime when its head was changed last
 * @param etag for optimistic locking: give it back with an update or delete
 * @param resources what its Tasks name, each once
 * @param retention how long closed executions are kept; null: for ever
 * @param onTaskLost what becomes of a task whose worker was lost
 * @param maxTaskDeliveries how often a task is delivered before {@code onTaskLost} applies; 0: once
 */
public record StateMachine(
    String name,
    String uid,
    String arn,
    boolean isExpress,
    String definition,
    DefinitionFormat definitionFormat,
    String revisionId,
    long version,
    String description,
    Map<String, String> labels,
    boolean isDeleting,
    Instant createTime,
    Instant updateTime,
    String etag,
    List<String> resources,
    @Nullable Duration retention,
    TaskLossPolicy onTaskLost,
    int maxTaskDeliveries) {

  static StateMachine of(dev.pawl.v1.StateMachine message) {
    return new StateMachine(
        message.getName(),
        message.getUid(),
        message.getArn(),
        message.getType() == dev.pawl.v1.StateMachineType.STATE_MACHINE_TYPE_EXPRESS,
        message.getDefinition(),
        DefinitionFormat.of(message.getDefinitionFormat()),
        message.getRevisionId(),
        message.getVersion(),
        message.getDescription(),
        Map.copyOf(message.getLabelsMap()),
        message.getState() == dev.pawl.v1.StateMachineState.STATE_MACHINE_STATE_DELETING,
        Times.instantOf(message.getCreateTime()),
        Times.instantOf(message.getUpdateTime()),
        message.getEtag(),
        List.copyOf(message.getResourcesList()),
        message.hasRetention() ? Times.durationOf(message.getRetention()) : null,
        TaskLossPolicy.of(message.getOnTaskLost()),
        message.getMaxTaskDeliveries());
  }
}
