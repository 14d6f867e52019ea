package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * One item of a batch.
 *
 * @param index from 0
 * @param status where it stands
 * @param source the execution that it was about, if it was given one
 * @param execution id of the execution; empty: there is none
 * @param error why it failed
 * @param output only from {@link Client#listBatchItems} with payloads
 */
public record BatchItem(
    long index, Status status, String source, String execution, @Nullable ErrorValue error, JsonText output) {

  /** Where an item stands. */
  public enum Status {
    /** Newer than this SDK. */
    UNSPECIFIED,
    /** Not begun. */
    PENDING,
    /** Begun, not finished. */
    RUNNING,
    /** Finished well. */
    SUCCEEDED,
    /** Finished badly. */
    FAILED,
    /** There was nothing to do. */
    SKIPPED
  }

  static BatchItem of(dev.pawl.v1.BatchItem message, ObjectMapper mapper) {
    return new BatchItem(
        message.getIndex(),
        statusOf(message.getStatus()),
        message.getSource(),
        message.getExecution(),
        ErrorValue.orNull(message.hasError(), message.getError()),
        JsonText.of(message.getOutput(), mapper));
  }

  private static Status statusOf(String name) {
    for (Status status : Status.values()) if (status.name().equals(name)) return status;
    return Status.UNSPECIFIED;
  }
}
