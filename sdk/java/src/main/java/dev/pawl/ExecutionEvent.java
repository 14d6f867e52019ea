package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of an execution's history.
 *
 * @param id dense from 1
 * @param previousId the event before it on the same branch; 0 for the first
 * @param time database time
 * @param type what it tells
 * @param awsType AWS's HistoryEventType, for example {@code LambdaFunctionScheduled}
 * @param statePath for example {@code /States/Each[3]/Charge}; empty for events of the execution itself
 * @param stateName the last part of the path
 * @param stateType the state's Type
 * @param input empty when there is none, or it was not asked for
 * @param output empty when there is none, or it was not asked for
 * @param error of failures, timeouts and aborts
 * @param attempt from 1; 0 where an event has none
 * @param delay until the next try, or of a Wait
 * @param resource of a task
 * @param worker who ran the task
 * @param index of a Map's item or a Parallel's branch
 * @param details AWS's details of {@code awsType}
 */
public record ExecutionEvent(
    long id,
    long previousId,
    @Nullable Instant time,
    EventType type,
    String awsType,
    String statePath,
    String stateName,
    String stateType,
    JsonText input,
    JsonText output,
    @Nullable ErrorValue error,
    int attempt,
    @Nullable Duration delay,
    String resource,
    String worker,
    long index,
    JsonText details) {

  static ExecutionEvent of(dev.pawl.v1.ExecutionEvent message, ObjectMapper mapper) {
    return new ExecutionEvent(
        message.getId(),
        message.getPreviousId(),
        message.hasTime() ? Times.instantOf(message.getTime()) : null,
        EventType.of(message.getType()),
        message.getAwsType(),
        message.getStatePath(),
        message.getStateName(),
        message.getStateType(),
        JsonText.of(message.getInput(), mapper),
        JsonText.of(message.getOutput(), mapper),
        ErrorValue.orNull(message.hasError(), message.getError()),
        message.getAttempt(),
        message.hasDelay() ? Times.durationOf(message.getDelay()) : null,
        message.getResource(),
        message.getWorker(),
        message.getIndex(),
        JsonText.of(message.getDetails(), mapper));
  }
}
