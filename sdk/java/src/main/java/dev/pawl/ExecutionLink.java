package dev.pawl;

import java.time.Instant;

/**
 * A source and what was started from it.
 *
 * @param sourceExecution the source's id
 * @param sourceStateMachine its state machine
 * @param sourceState the state whose output was taken; empty: the execution's
 * @param transformer the expression or the name; empty: none
 * @param targetExecution the id of the execution that was started
 * @param targetStateMachine its state machine
 * @param createTime when it was started
 */
public record ExecutionLink(
    String sourceExecution,
    String sourceStateMachine,
    String sourceState,
    String transformer,
    String targetExecution,
    String targetStateMachine,
    Instant createTime) {

  static ExecutionLink of(dev.pawl.v1.ExecutionLink message) {
    return new ExecutionLink(
        message.getSourceExecution(),
        message.getSourceStateMachine(),
        message.getSourceState(),
        message.getTransformer(),
        message.getTargetExecution(),
        message.getTargetStateMachine(),
        Times.instantOf(message.getCreateTime()));
  }
}
