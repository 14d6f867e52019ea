package dev.pawl;

import dev.pawl.v1.LogLine;
import dev.pawl.v1.Task;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads through to the task: nothing is computed that no handler asks for. */
final class HandlerContext implements TaskContext {
  private record Beat(@Nullable String details, double progress) {}

  String inputText;
  private final TaskRun run;
  private final TaskRun.Host host;
  private final Task task;
  private final AtomicReference<@Nullable Beat> beat = new AtomicReference<>();
  private volatile @Nullable TaskLog log;

  HandlerContext(TaskRun run, TaskRun.Host host) {
    this.run = run;
    this.host = host;
    this.task = run.task;
    this.inputText = task.getInput();
  }

  @Override
  public Cancellation cancellation() {
    return run.cancellation;
  }

  @Override
  public int attempt() {
    return task.getAttempt();
  }

  @Override
  public int delivery() {
    return task.getDelivery();
  }

  @Override
  public String idempotencyKey() {
    return task.getIdempotencyKey();
  }

  @Override
  public String execution() {
    return task.getExecution();
  }

  @Override
  public String executionArn() {
    return task.getExecutionArn();
  }

  @Override
  public String stateMachine() {
    return task.getStateMachine();
  }

  @Override
  public String stateName() {
    return task.getStateName();
  }

  @Override
  public String statePath() {
    return task.getStatePath();
  }

  @Override
  public String resource() {
    return task.getResource();
  }

  @Override
  public String rawResource() {
    return task.getRawResource();
  }

  @Override
  public String taskId() {
    return task.getTaskId();
  }

  @Override
  public String taskToken() {
    return Base64.getEncoder().encodeToString(task.getTaskToken().toByteArray());
  }

  @Override
  public JsonText input() {
    return JsonText.of(inputText.isEmpty() ? "{}" : inputText, host.mapper());
  }

  @Override
  public @Nullable ErrorValue lastError() {
    return ErrorValue.orNull(task.hasLastError(), task.getLastError());
  }

  @Override
  public JsonText lastHeartbeatDetails() {
    return JsonText.of(task.getLastHeartbeatDetails(), host.mapper());
  }

  @Override
  public @Nullable Instant deadline() {
    return task.hasDeadline() ? Times.instantOf(task.getDeadline()) : null;
  }

  @Override
  public Map<String, String> labels() {
    return task.getLabelsMap();
  }

  @Override
  public String traceparent() {
    return task.getTrace().getTraceparent();
  }

  @Override
  public System.Logger log() {
    TaskLog present = log;
    if (present != null) return present;
    synchronized (this) {
      if (log == null) log = new TaskLog(host.log(), execution() + " " + statePath() + " #" + attempt() + ": ");
      return log;
    }
  }

  @Override
  public void heartbeat() {
    beat(null, -1);
  }

  @Override
  public void heartbeat(@Nullable Object details) {
    heartbeat(details, -1);
  }

  @Override
  public void heartbeat(@Nullable Object details, double progress) {
    beat(details == null ? null : Json.text(host.mapper(), details), progress);
  }

  /** What the handler logged, for its outcome. */
  List<LogLine> logLines() {
    TaskLog present = log;
    return present == null ? List.of() : present.lines();
  }

  /** At most one waits for the loop, however often a handler beats; what it says is joined. */
  private void beat(@Nullable String details, double progress) {
    Beat before = beat.getAndUpdate(waiting -> waiting == null
        ? new Beat(details, progress)
        : new Beat(details == null ? waiting.details : details, progress < 0 ? waiting.progress : progress));
    if (before != null) return;
    host.loop().execute(() -> {
      Beat joined = beat.getAndSet(null);
      run.heartbeat(joined.details, joined.progress);
    });
  }
}
