package dev.pawl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.pawl.SlotPool.Registration;
import dev.pawl.v1.LogLine;
import dev.pawl.v1.Task;
import dev.pawl.v1.TaskHeartbeat;
import dev.pawl.v1.TaskOutcome;
import io.grpc.Context;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One task from its arrival until the server has acknowledged its outcome. The handler runs on a thread of its own;
 * everything else belongs to the worker's loop.
 */
final class TaskRun implements Runnable {
  /** What a run needs of its worker. */
  interface Host {
    EventLoop loop();

    System.Logger log();

    ObjectMapper mapper();

    /** The whole input of a task whose input was left out; blocks. */
    String fetchInput(ByteString taskToken);

    /** Nanoseconds that the server's clock is ahead of {@code System.nanoTime()}. */
    long serverClockOffsetNanos();

    void onBeat(TaskRun run);

    /** The handler is over; null: there is nothing to tell the server. */
    void onOutcome(TaskRun run, @Nullable TaskOutcome outcome);
  }

  /** Most time between two heartbeats that a handler asked for. */
  private static final long BEAT_GAP_NANOS_MAX = 1_000_000_000L;

  final ByteString token;
  final Task task;
  final SlotPool pool;
  final Cancellation cancellation = new Cancellation();
  /** Where its messages go while that session lives. */
  Session session;
  @Nullable TaskOutcome outcome;
  /** When the outcome was last sent; 0: not yet. */
  long outcomeSentAt;
  /** How often the server asked for the outcome again. */
  int retries;

  private final Host host;
  private final Registration registration;
  private final long heartbeatNanos;
  private String details = "";
  private float progress;
  private long beatSentAt;
  private boolean hasBeaten;
  private EventLoop.@Nullable Timer beatTimer;
  private long beatAt = Long.MAX_VALUE;
  private EventLoop.@Nullable Timer deadlineTimer;
  private @Nullable Thread thread;

  TaskRun(Host host, Session session, Task task, SlotPool pool, Registration registration) {
    this.host = host;
    this.session = session;
    this.task = task;
    this.token = task.getTaskToken();
    this.pool = pool;
    this.registration = registration;
    this.heartbeatNanos = task.hasHeartbeatTimeout() ? Times.durationOf(task.getHeartbeatTimeout()).toNanos() : 0;
  }

  boolean isRunning() {
    return outcome == null;
  }

  /** Another attempt owns the task, or nobody: its result is worth nothing. */
  boolean isLost() {
    return cancellation.reason() == TaskCancelReason.LEASE_LOST;
  }

  /** Heartbeats and the deadline, from the task's arrival. */
  void startClocks() {
    if (isAutomatic()) beatBy(System.nanoTime() + heartbeatNanos / 3);
    if (!task.hasDeadline()) return;
    long at = task.getDeadline().getSeconds() * 1_000_000_000L + task.getDeadline().getNanos();
    long leftNanos = at - host.serverClockOffsetNanos() - System.nanoTime();
    deadlineTimer = host.loop().schedule(leftNanos / 1_000_000 + 1, () -> cancel(TaskCancelReason.TASK_TIMED_OUT));
  }

  void stopClocks() {
    if (beatTimer != null) beatTimer.cancel();
    if (deadlineTimer != null) deadlineTimer.cancel();
    beatTimer = null;
    deadlineTimer = null;
  }

  /** Tells the handler to stop; what it returns all the same is reported, except for a lost lease. */
  void cancel(TaskCancelReason reason) {
    cancellation.cancel(reason);
    interrupt();
  }

  /** Runs the handler, on the thread that calls. */
  @Override
  public void run() {
    HandlerContext context = new HandlerContext(this, host);
    bind(Thread.currentThread());
    Context attached = grpcContext(context.traceparent());
    Context previous = attached.attach();
    try {
      if (task.getInputOmitted()) context.inputText = host.fetchInput(token);
      Object output = registration.handler().handle(inputOf(context.inputText), context);
      if (output instanceof CompletionStage<?> stage)
        stage.whenComplete((value, thrown) -> finish(value, thrown, context));
      else finish(output, null, context);
    } catch (Throwable thrown) {
      finish(null, thrown, context);
    } finally {
      attached.detach(previous);
      unbind();
    }
  }

  /** What a handler said; on the loop. */
  void heartbeat(@Nullable String detailsText, double progress) {
    if (!isRunning()) return;
    if (detailsText != null) details = detailsText;
    if (progress >= 0) this.progress = (float) progress;
    long gapNanos = heartbeatNanos > 0 ? Math.min(BEAT_GAP_NANOS_MAX, heartbeatNanos / 3) : BEAT_GAP_NANOS_MAX;
    if (!hasBeaten || beatSentAt + gapNanos - System.nanoTime() <= 0) beat();
    else beatBy(beatSentAt + gapNanos);
  }

  /** The next beat goes out at once: after a reconnect the server has missed some. */
  void beatSoon() {
    if (isAutomatic()) beat();
  }

  TaskHeartbeat beatMessage() {
    return TaskHeartbeat.newBuilder().setTaskToken(token).setDetails(details).setProgress(progress).build();
  }

  private boolean isAutomatic() {
    return heartbeatNanos > 0 && registration.autoHeartbeat();
  }

  private void beat() {
    hasBeaten = true;
    beatSentAt = System.nanoTime();
    if (beatTimer != null) beatTimer.cancel();
    beatAt = Long.MAX_VALUE;
    if (isAutomatic()) beatBy(beatSentAt + heartbeatNanos / 3);
    host.onBeat(this);
  }

  /** The next beat comes at this time, or earlier if it was to. */
  private void beatBy(long at) {
    if (beatAt != Long.MAX_VALUE && beatAt - at <= 0) return;
    if (beatTimer != null) beatTimer.cancel();
    beatAt = at;
    beatTimer = host.loop().schedule((at - System.nanoTime()) / 1_000_000, () -> {
      if (isRunning()) beat();
    });
  }

  private @Nullable Object inputOf(String text) throws JsonProcessingException {
    String document = text.isEmpty() ? "{}" : text;
    if (registration.inputType().getRawClass() == JsonText.class) return JsonText.of(document, host.mapper());
    return host.mapper().readValue(document, registration.inputType());
  }

  private void finish(@Nullable Object output, @Nullable Throwable thrown, HandlerContext context) {
    TaskOutcome result = thrown == null ? outcomeOf(output, context.logLines()) : outcomeOf(thrown, context.logLines());
    host.loop().execute(() -> host.onOutcome(this, result));
  }

  private @Nullable TaskOutcome outcomeOf(@Nullable Object output, List<LogLine> logs) {
    if (isLost()) return null;
    try {
      return Outcomes.succeeded(token, Json.write(host.mapper(), output), logs);
    } catch (JsonProcessingException | StackOverflowError e) {
      String cause = "the output of " + task.getResource() + " is no JSON: " + e.getMessage();
      host.log().log(System.Logger.Level.ERROR, cause);
      return Outcomes.failed(token, new TaskError("Worker.InvalidOutput", cause).nonRetryable(), logs);
    }
  }

  /** A handler that throws after it was told to stop acknowledges that; at a worker's end its task goes back. */
  private @Nullable TaskOutcome outcomeOf(Throwable thrown, List<LogLine> logs) {
    TaskCancelReason reason = cancellation.reason();
    if (reason == TaskCancelReason.LEASE_LOST || reason == TaskCancelReason.WORKER_CLOSED) return null;
    if (reason != null) return Outcomes.cancelled(token, logs);
    boolean isWrapped = thrown instanceof CompletionException && thrown.getCause() != null;
    return Outcomes.failed(token, isWrapped ? thrown.getCause() : thrown, logs);
  }

  private static Context grpcContext(String traceparent) {
    return traceparent.isEmpty() ? Context.ROOT : Context.ROOT.withValue(Connection.TRACEPARENT, traceparent);
  }

  private synchronized void bind(Thread handling) {
    thread = handling;
    if (cancellation.isCancelled()) handling.interrupt();
  }

  /** The thread goes back to its pool without an interrupt that was meant for this task. */
  private synchronized void unbind() {
    thread = null;
    Thread.interrupted();
  }

  private synchronized void interrupt() {
    if (thread != null) thread.interrupt();
  }
}
