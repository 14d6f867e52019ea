package dev.pawl;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The run of a distributed Map.
 *
 * @param id UUIDv7
 * @param arn names it in the AWS API
 * @param execution id of the execution that has the Map state
 * @param status where it stands
 * @param maxConcurrency 0: no bound but the server's own
 * @param toleratedFailureCount more failures than this fail the run
 * @param toleratedFailurePercentage 0 to 100; more failures than this fail the run
 * @param itemCounts how the items fare; null in lists
 * @param executionCounts how the executions fare; null in lists
 * @param startTime when it began
 * @param endTime when it ended; null while it is open
 */
public record MapRun(
    String id,
    String arn,
    String execution,
    ExecutionStatus status,
    int maxConcurrency,
    long toleratedFailureCount,
    double toleratedFailurePercentage,
    @Nullable Counts itemCounts,
    @Nullable Counts executionCounts,
    @Nullable Instant startTime,
    @Nullable Instant endTime) {

  /**
   * How the items, or the executions, of a map run fare.
   *
   * @param pending not begun
   * @param running begun, not finished
   * @param succeeded finished well
   * @param failed finished badly
   * @param timedOut took too long
   * @param aborted stopped
   * @param total all
   * @param resultsWritten whose results the ResultWriter has written
   */
  public record Counts(
      long pending,
      long running,
      long succeeded,
      long failed,
      long timedOut,
      long aborted,
      long total,
      long resultsWritten) {}

  static MapRun of(dev.pawl.v1.MapRun message) {
    return new MapRun(
        message.getId(),
        message.getArn(),
        message.getExecution(),
        ExecutionStatus.of(message.getStatus()),
        message.getMaxConcurrency(),
        message.getToleratedFailureCount(),
        message.getToleratedFailurePercentage(),
        message.hasItemCounts() ? countsOf(message.getItemCounts()) : null,
        message.hasExecutionCounts() ? countsOf(message.getExecutionCounts()) : null,
        message.hasStartTime() ? Times.instantOf(message.getStartTime()) : null,
        message.hasEndTime() ? Times.instantOf(message.getEndTime()) : null);
  }

  private static Counts countsOf(dev.pawl.v1.MapRun.Counts message) {
    return new Counts(
        message.getPending(),
        message.getRunning(),
        message.getSucceeded(),
        message.getFailed(),
        message.getTimedOut(),
        message.getAborted(),
        message.getTotal(),
        message.getResultsWritten());
  }
}
