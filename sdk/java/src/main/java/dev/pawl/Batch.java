package dev.pawl;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Many executions as one resource.
 *
 * @param id empty: a dry run
 * @param name unique among open batches
 * @param status where it stands
 * @param statusReason why it was paused, cancelled or has failed
 * @param maxConcurrency most items under way at a time
 * @param microBatchSize items that the failure policy judges together
 * @param stopOnError the first item that fails ends the batch
 * @param filter where the items came from, if from a filter
 * @param counts how the items fare
 * @param createTime when it was created
 * @param endTime null while anything of it goes on, whatever its status
 * @param lastAction who paused, resumed or cancelled it last
 */
public record Batch(
    String id,
    String name,
    BatchStatus status,
    String statusReason,
    int maxConcurrency,
    int microBatchSize,
    boolean stopOnError,
    String filter,
    Counts counts,
    @Nullable Instant createTime,
    @Nullable Instant endTime,
    @Nullable Action lastAction) {

  /**
   * How the items of a batch fare.
   *
   * @param total all known so far
   * @param pending not begun
   * @param running begun, not finished
   * @param succeeded finished well
   * @param failed finished badly
   * @param skipped there was an execution of that name, or it can not be stopped or redriven any more
   * @param recentFailureRate share of failures in the last items, 0 to 1
   * @param rollingFailureRate share of failures in the last micro-batches, 0 to 1
   * @param itemsPerSecond finished, over the last minute
   * @param estimatedRemaining at the present rate; null while unknown
   */
  public record Counts(
      long total,
      long pending,
      long running,
      long succeeded,
      long failed,
      long skipped,
      double recentFailureRate,
      double rollingFailureRate,
      double itemsPerSecond,
      @Nullable Duration estimatedRemaining) {}

  /** Who did what was done to a batch, why and when. */
  public record Action(String operator, String reason, @Nullable Instant time) {}

  static Batch of(dev.pawl.v1.Batch message) {
    return new Batch(
        message.getId(),
        message.getName(),
        BatchStatus.of(message.getStatus()),
        message.getStatusReason(),
        message.getMaxConcurrency(),
        message.getMicroBatchSize(),
        message.getStopOnError(),
        message.getFilter(),
        countsOf(message.getCounts()),
        message.hasCreateTime() ? Times.instantOf(message.getCreateTime()) : null,
        message.hasEndTime() ? Times.instantOf(message.getEndTime()) : null,
        message.hasLastAction() ? actionOf(message.getLastAction()) : null);
  }

  private static Counts countsOf(dev.pawl.v1.BatchCounts message) {
    return new Counts(
        message.getTotal(),
        message.getPending(),
        message.getRunning(),
        message.getSucceeded(),
        message.getFailed(),
        message.getSkipped(),
        message.getRecentFailureRate(),
        message.getRollingFailureRate(),
        message.getItemsPerSecond(),
        message.hasEstimatedRemaining() ? Times.durationOf(message.getEstimatedRemaining()) : null);
  }

  private static Action actionOf(dev.pawl.v1.AuditStamp message) {
    return new Action(
        message.getPrincipal(), message.getReason(), message.hasTime() ? Times.instantOf(message.getTime()) : null);
  }
}
