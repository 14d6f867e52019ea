package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.pawl.SlotPool.Registration;
import dev.pawl.v1.CancelTasks;
import dev.pawl.v1.HeartbeatReply;
import dev.pawl.v1.HeldTask;
import dev.pawl.v1.OutcomeAck;
import dev.pawl.v1.Task;
import dev.pawl.v1.TaskOutcome;
import dev.pawl.v1.TaskTokenState;
import dev.pawl.v1.Welcome;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one worker, over all its sessions: each from its arrival until its outcome is acknowledged. All of it
 * runs on the worker's loop.
 */
final class TaskRuns implements TaskRun.Host {
  private final EventLoop loop;
  private final System.Logger log;
  private final ObjectMapper mapper;
  private final Map<String, SlotPool> pools;
  private final Executor executor;
  private final Function<ByteString, String> fetchInput;
  private final Consumer<ReportedOutcome> onReported;
  private final Map<ByteString, TaskRun> runs = new LinkedHashMap<>();
  private final List<Runnable> idleListeners = new ArrayList<>();
  /** Where outcomes go whose own session is gone. */
  private @Nullable Session session;
  private volatile long serverClockOffsetNanos;
  /** Set when the worker closes: what still arrives goes back. */
  private boolean isRefusing;

  TaskRuns(
      EventLoop loop,
      Worker.Builder options,
      Map<String, SlotPool> pools,
      Executor executor,
      Function<ByteString, String> fetchInput) {
    this.loop = loop;
    this.log = options.log;
    this.mapper = options.mapper;
    this.onReported = options.onOutcome;
    this.pools = pools;
    this.executor = executor;
    this.fetchInput = fetchInput;
  }

  /** All that is not over: tokens that a new session says it still holds. */
  Map<ByteString, TaskRun> held() {
    return Map.copyOf(runs);
  }

  /** Tasks in progress per pool, for the server's display. */
  Map<String, Integer> running() {
    Map<String, Integer> counts = new HashMap<>();
    for (TaskRun run : runs.values()) if (run.isRunning()) counts.merge(run.pool.name, 1, Integer::sum);
    return counts;
  }

  void onTasks(Session session, List<Task> tasks) {
    for (Task task : tasks) onTask(session, task);
  }

  /** A new session: obeys the server's verdicts on what is held here, and says again what may have been lost. */
  void adopt(Session session, Welcome welcome, Map<ByteString, TaskRun> held) {
    this.session = session;
    if (welcome.hasServerTime()) {
      long serverNanos = welcome.getServerTime().getSeconds() * 1_000_000_000L + welcome.getServerTime().getNanos();
      serverClockOffsetNanos = serverNanos - System.nanoTime();
    } else {
      serverClockOffsetNanos = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    }
    Map<ByteString, TaskTokenState> verdicts = new HashMap<>();
    for (HeldTask verdict : welcome.getHeldList()) verdicts.put(verdict.getTaskToken(), verdict.getState());
    for (TaskRun run : held.values()) {
      if (!runs.containsKey(run.token)) continue;
      run.session = session;
      TaskTokenState state = verdicts.getOrDefault(run.token, TaskTokenState.TASK_TOKEN_STATE_ACTIVE);
      obey(run, state, TaskCancelReason.EXECUTION_STOPPED);
      if (!runs.containsKey(run.token) || run.isLost()) continue;
      if (run.isRunning()) {
        session.accept(run);
        run.beatSoon();
      } else {
        session.report(run);
      }
    }
  }

  void onAcks(List<OutcomeAck> acks) {
    for (OutcomeAck ack : acks) {
      TaskRun run = runs.get(ack.getTaskToken());
      if (run != null && !run.isRunning()) onAck(run, ack);
    }
  }

  void onHeartbeatReplies(List<HeartbeatReply> replies) {
    for (HeartbeatReply reply : replies) {
      TaskRun run = runs.get(reply.getTaskToken());
      if (run != null && run.isRunning()) obey(run, reply.getState(), reasonOf(reply.getCancelReason()));
    }
  }

  void onCancel(CancelTasks cancel) {
    for (ByteString token : cancel.getTaskTokensList()) {
      TaskRun run = runs.get(token);
      if (run != null) run.cancel(reasonOf(cancel.getReason()));
    }
  }

  /** Sends again what has had no acknowledgement for longer than a stream should need, or can get none. */
  void resendStale(Session session, long staleMs) {
    long before = System.nanoTime() - staleMs * 1_000_000;
    for (TaskRun run : runs.values()) {
      boolean isUnanswered = run.session == session || !run.session.isOpen;
      boolean isStale = !run.isRunning() && isUnanswered && run.outcomeSentAt - before < 0;
      if (isStale && run.retries == 0) send(run);
    }
  }

  /** Completes true once no run is left (on that session), false after the time. */
  CompletableFuture<Boolean> idleWithin(long ms, @Nullable Session on) {
    CompletableFuture<Boolean> idle = new CompletableFuture<>();
    Runnable check = () -> {
      if (isIdle(on)) idle.complete(true);
    };
    EventLoop.Timer timer = loop.schedule(ms, () -> idle.complete(false));
    idle.thenRunAsync(() -> {
      timer.cancel();
      idleListeners.remove(check);
    }, loop);
    idleListeners.add(check);
    check.run();
    return idle;
  }

  /** The worker closes: what still arrives goes back. */
  void refuse() {
    isRefusing = true;
  }

  void cancelAll(TaskCancelReason reason) {
    for (TaskRun run : runs.values()) if (run.isRunning()) run.cancel(reason);
  }

  /** Hands back what still runs and forgets everything. */
  void releaseAll() {
    for (TaskRun run : runs.values()) {
      run.stopClocks();
      if (run.isRunning()) run.session.release(run.token);
      else log.log(Level.WARNING, "the worker closed before the outcome of " + run.task.getTaskId() + " was acknowledged");
    }
    runs.clear();
  }

  // ---- what a run asks for

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public System.Logger log() {
    return log;
  }

  @Override
  public ObjectMapper mapper() {
    return mapper;
  }

  @Override
  public String fetchInput(ByteString taskToken) {
    return fetchInput.apply(taskToken);
  }

  @Override
  public long serverClockOffsetNanos() {
    return serverClockOffsetNanos;
  }

  @Override
  public void onBeat(TaskRun run) {
    if (run.session.isOpen) run.session.beat(run);
  }

  @Override
  public void onOutcome(TaskRun run, @Nullable TaskOutcome outcome) {
    run.stopClocks();
    if (runs.get(run.token) != run) return;
    if (outcome != null) {
      run.outcome = outcome;
      send(run);
      return;
    }
    Session open = sessionOf(run);
    if (!run.isLost() && open != null) open.release(run.token);
    forget(run);
  }

  private void onTask(Session session, Task task) {
    session.countReceived(task.getPool());
    SlotPool pool = pools.get(task.getPool());
    Registration registration = pool == null ? null : pool.registrationFor(task.getResource(), task.getRawResource());
    boolean isKnown = runs.containsKey(task.getTaskToken());
    if (isRefusing || pool == null || registration == null || isKnown) {
      if (registration == null)
        log.log(Level.ERROR, "no handler for " + task.getResource() + " in pool " + task.getPool());
      if (!isKnown) session.release(task.getTaskToken());
      session.demand();
      return;
    }
    pool.taken++;
    TaskRun run = new TaskRun(this, session, task, pool, registration);
    runs.put(run.token, run);
    session.accept(run);
    run.startClocks();
    try {
      executor.execute(run);
    } catch (RejectedExecutionException e) {
      log.log(Level.ERROR, "the executor refused task " + task.getTaskId(), e);
      session.release(run.token);
      run.stopClocks();
      forget(run);
    }
  }

  private void onAck(TaskRun run, OutcomeAck ack) {
    OutcomeStatus status = OutcomeStatus.of(ack.getStatus());
    onReported.accept(
        new ReportedOutcome(run.task.getTaskId(), run.task.getResource(), run.task.getExecution(), status));
    switch (status) {
      case RETRY -> {
        run.retries++;
        long delayMs = Backoff.jittered(Math.min(10_000, 100L << Math.min(run.retries, 10)));
        loop.schedule(delayMs, () -> {
          if (runs.get(run.token) == run) send(run);
        });
      }
      case INVALID -> {
        log.log(Level.ERROR, "the outcome of " + run.task.getResource() + " was refused: " + textOf(ack)
            + " (execution " + run.task.getExecution() + ", " + run.task.getStatePath() + ")");
        if (!failInstead(run, ack)) forget(run);
      }
      case RECORDED, ALREADY_RECORDED -> forget(run);
      default -> {
        log.log(Level.DEBUG, "the outcome of " + run.task.getResource() + " came too late: " + status);
        forget(run);
      }
    }
  }

  /**
   * An output that can not be recorded becomes the task's failure: else the task would stay open for as long as this
   * worker lives. Where the server failed the task itself, it answers ALREADY_RECORDED.
   */
  private boolean failInstead(TaskRun run, OutcomeAck ack) {
    TaskOutcome refused = run.outcome;
    if (refused == null || !refused.hasOutput() || "INVALID_TOKEN".equals(ack.getReason())) return false;
    boolean isTooLarge = "OUTPUT_TOO_LARGE".equals(ack.getReason());
    TaskError error = new TaskError(isTooLarge ? "States.DataLimitExceeded" : "Worker.InvalidOutput", textOf(ack));
    run.outcome = Outcomes.failed(run.token, error.nonRetryable(), refused.getLogsList());
    send(run);
    return true;
  }

  /** What the server says a token is worth. */
  private void obey(TaskRun run, TaskTokenState state, TaskCancelReason reason) {
    switch (state) {
      case TASK_TOKEN_STATE_CANCEL_REQUESTED -> run.cancel(reason);
      case TASK_TOKEN_STATE_LEASE_LOST, TASK_TOKEN_STATE_FINISHED, TASK_TOKEN_STATE_UNKNOWN -> {
        run.cancel(TaskCancelReason.LEASE_LOST);
        if (!run.isRunning()) forget(run);
      }
      default -> {}
    }
  }

  private void send(TaskRun run) {
    Session open = sessionOf(run);
    if (open == null) return;
    run.session = open;
    open.report(run);
  }

  /** The run's own session while it lives, else the present one; null: the next one will ask. */
  private @Nullable Session sessionOf(TaskRun run) {
    if (run.session.isOpen) return run.session;
    return session != null && session.isOpen ? session : null;
  }

  private void forget(TaskRun run) {
    runs.remove(run.token);
    run.session.forget(run);
    run.pool.taken--;
    if (session != null) session.demand();
    if (!idleListeners.isEmpty()) List.copyOf(idleListeners).forEach(Runnable::run);
  }

  private boolean isIdle(@Nullable Session on) {
    return on == null ? runs.isEmpty() : runs.values().stream().noneMatch(run -> run.session == on);
  }

  private static String textOf(OutcomeAck ack) {
    return ack.getMessage().isEmpty() ? ack.getReason() : ack.getMessage();
  }

  private static TaskCancelReason reasonOf(dev.pawl.v1.CancelReason reason) {
    TaskCancelReason known = TaskCancelReason.of(reason);
    return known == TaskCancelReason.UNSPECIFIED ? TaskCancelReason.EXECUTION_STOPPED : known;
  }
}
