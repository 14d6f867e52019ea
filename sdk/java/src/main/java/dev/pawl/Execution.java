package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a state machine.
 *
 * @param id UUIDv7
 * @param name the caller's name; unique within the state machine
 * @param arn names it in the AWS API
 * @param stateMachine the state machine's name
 * @param stateMachineVersion the version it was started with; 0: the head
 * @param stateMachineAlias the alias it was started through; empty without one
 * @param revisionId the revision it runs
 * @param status where it stands
 * @param startTime when it was started; database time
 * @param endTime when it closed; null while it is open
 * @param input empty when it was not asked for
 * @param output empty unless SUCCEEDED, or when it was not asked for
 * @param error what a FAILED, TIMED_OUT or ABORTED execution failed with
 * @param activeStates what it is doing now; empty once it has closed
 * @param eventCount events in its history so far
 * @param redriveCount how often it was redriven
 * @param redriveTime when it was redriven last; null: never
 * @param redrivable whether a redrive would be accepted
 * @param redriveReason why not; empty while it would
 * @param labels searchable
 * @param pause who paused it, when and why; only while it is PAUSED
 */
public record Execution(
    String id,
    String name,
    String arn,
    String stateMachine,
    long stateMachineVersion,
    String stateMachineAlias,
    String revisionId,
    ExecutionStatus status,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    JsonText input,
    JsonText output,
    @Nullable ErrorValue error,
    List<ActiveState> activeStates,
    long eventCount,
    int redriveCount,
    @Nullable Instant redriveTime,
    boolean redrivable,
    String redriveReason,
    Map<String, String> labels,
    @Nullable Pause pause) {

  /** Since when, by whom and why an execution is paused; texts are empty where nothing was said. */
  public record Pause(String operator, String reason, @Nullable Instant time) {}

  /**
   * What a state is doing.
   *
   * @param path for example {@code /States/Each[3]/Charge}
   * @param type the state's Type
   * @param kind what it waits for
   * @param attempt from 1; 0 where nothing is tried
   * @param since when it came to wait for this
   * @param nextTime the next retry, timer or timeout
   * @param lastError why the previous try failed
   * @param worker who holds the task
   * @param resource the queue of the task
   * @param deliveries how often its task was delivered to a worker; more than 1 when one was lost
   */
  public record ActiveState(
      String path,
      String type,
      ActiveStateKind kind,
      int attempt,
      @Nullable Instant since,
      @Nullable Instant nextTime,
      @Nullable ErrorValue lastError,
      String worker,
      String resource,
      int deliveries) {}

  /** The output's text, which keeps every digit. */
  public String outputText() {
    return output.text();
  }

  /** The output as a value; null when there is none. */
  public <T> @Nullable T output(Class<T> type) {
    return output.as(type);
  }

  static Execution of(dev.pawl.v1.Execution message, ObjectMapper mapper) {
    return new Execution(
        message.getId(),
        message.getName(),
        message.getArn(),
        message.getStateMachine(),
        message.getStateMachineVersion(),
        message.getStateMachineAlias(),
        message.getRevisionId(),
        ExecutionStatus.of(message.getStatus()),
        message.hasStartTime() ? Times.instantOf(message.getStartTime()) : null,
        message.hasEndTime() ? Times.instantOf(message.getEndTime()) : null,
        JsonText.of(message.getInput(), mapper),
        JsonText.of(message.getOutput(), mapper),
        ErrorValue.orNull(message.hasError(), message.getError()),
        message.getActiveStatesList().stream().map(Execution::activeStateOf).toList(),
        message.getEventCount(),
        message.getRedriveCount(),
        message.hasRedriveTime() ? Times.instantOf(message.getRedriveTime()) : null,
        message.getRedrivable(),
        message.getRedriveReason(),
        Map.copyOf(message.getLabelsMap()),
        message.hasPause() ? pauseOf(message.getPause()) : null);
  }

  private static Pause pauseOf(dev.pawl.v1.AuditStamp message) {
    return new Pause(
        message.getPrincipal(), message.getReason(), message.hasTime() ? Times.instantOf(message.getTime()) : null);
  }

  private static ActiveState activeStateOf(dev.pawl.v1.ActiveState message) {
    return new ActiveState(
        message.getPath(),
        message.getType(),
        ActiveStateKind.of(message.getKind()),
        message.getAttempt(),
        message.hasSince() ? Times.instantOf(message.getSince()) : null,
        message.hasNextTime() ? Times.instantOf(message.getNextTime()) : null,
        ErrorValue.orNull(message.hasLastError(), message.getLastError()),
        message.getWorker(),
        message.getResource(),
        message.getDeliveries());
  }
}
