package dev.pawl;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a handler knows about its task, and how it speaks to the server. */
public interface TaskContext {
  /** Says when the result is no longer wanted; the handler's thread is then interrupted, too. */
  Cancellation cancellation();

  /** This attempt's number, from 1. */
  int attempt();

  /** Which delivery of this attempt, from 1: more than 1 after a worker was lost or gave it back. */
  int delivery();

  /** The same for every attempt of this visit of the state: give it to whatever must act only once. */
  String idempotencyKey();

  /** The execution's id. */
  String execution();

  /** The execution's ARN. */
  String executionArn();

  /** The state machine's name. */
  String stateMachine();

  /** The last part of {@link #statePath}. */
  String stateName();

  /** For example {@code /States/Each[3]/Charge}. */
  String statePath();

  /** The queue the task came from. */
  String resource();

  /** The Resource exactly as the definition spells it. */
  String rawResource();

  /** For logs. */
  String taskId();

  /** Reports this task from elsewhere, in base64: {@link Client#completeTask}. */
  String taskToken();

  /** The input's own text, which keeps every digit and the order of keys. */
  JsonText input();

  /** Why the attempt before failed; null on the first. */
  @Nullable ErrorValue lastError();

  /** What the attempt before said in its last heartbeat; empty when it said nothing. */
  JsonText lastHeartbeatDetails();

  /** When TimeoutSeconds end, by the server's clock; null without. */
  @Nullable Instant deadline();

  /** The execution's labels. */
  Map<String, String> labels();

  /**
   * W3C trace context of the execution; empty when there is none. Calls that the handler makes on its own thread
   * with a {@link Client} carry it.
   */
  String traceparent();

  /** The worker's log; its lines of INFO and above also travel with the outcome (16 KiB at most). */
  System.Logger log();

  /** Says that the task lives. */
  void heartbeat();

  /** Says how far the task is: cheap, many calls become one message. The next attempt finds the last details. */
  void heartbeat(@Nullable Object details);

  /** @param progress 0 to 1 */
  void heartbeat(@Nullable Object details, double progress);
}
