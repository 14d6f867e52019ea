package dev.pawl;

import com.google.protobuf.ByteString;
import dev.pawl.v1.Hello;
import dev.pawl.v1.ServerDrain;
import dev.pawl.v1.Welcome;
import dev.pawl.v1.WorkResponse;
import io.grpc.Status.Code;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a worker connected: one session after the other, for ever; two for a moment when a server drains.
 *
 * <p>{@link #run} waits on a thread of its own; what it and others change is changed on the loop.
 */
final class SessionLink implements Session.Listener {
  /** Refusals that no repetition heals, as long as no session ever stood. */
  private static final Set<Code> FATAL = Set.of(
      Code.INVALID_ARGUMENT,
      Code.UNAUTHENTICATED,
      Code.PERMISSION_DENIED,
      Code.UNIMPLEMENTED,
      Code.FAILED_PRECONDITION);

  /** A session that stood so long was a good one: the next failure counts as the first. */
  private static final long GOOD_SESSION_NANOS = 5_000_000_000L;

  /** How long an old server may take to say that nothing more is on the way. */
  private static final long DRAIN_ACK_TIMEOUT_MS = 10_000;

  /** Completes with the first session; fails when it was refused for good. */
  final CompletableFuture<Void> connected = new CompletableFuture<>();

  private final Connection connection;
  private final EventLoop loop;
  private final System.Logger log;
  private final TaskRuns runs;
  private final Collection<SlotPool> pools;
  private final BiFunction<Integer, Iterable<ByteString>, Hello> hello;
  private final CountDownLatch closing = new CountDownLatch(1);
  // Of the loop:
  private @Nullable Session opening;
  private @Nullable Session session;
  private Map<ByteString, TaskRun> held = Map.of();
  private boolean isDraining;
  private Duration drainGrace = Duration.ZERO;
  /** The session that a draining server asked to leave, and its last word. */
  private @Nullable Session retiring;
  private CompletableFuture<Void> retired = CompletableFuture.completedFuture(null);

  SessionLink(
      Connection connection,
      EventLoop loop,
      System.Logger log,
      TaskRuns runs,
      Collection<SlotPool> pools,
      BiFunction<Integer, Iterable<ByteString>, Hello> hello) {
    this.connection = connection;
    this.loop = loop;
    this.log = log;
    this.runs = runs;
    this.pools = pools;
    this.hello = hello;
  }

  /** Returns after {@link #close}, or when the first session was refused for good. */
  void run() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    int index = 0;
    while (!isClosing()) {
      Session present = connect(index, backoff);
      if (present == null) continue;
      long stoodSince = System.nanoTime();
      Session.End end = present.over.join();
      if (isClosing()) break;
      if (end.drain() != null) {
        index = 1 - index;
        leave(present, end.drain());
        continue;
      }
      log.log(Level.WARNING, "lost the server: " + describe(end.error()));
      if (System.nanoTime() - stoodSince > GOOD_SESSION_NANOS) backoff.reset();
      pause(backoff.next());
    }
    connected.completeExceptionally(closedError());
  }

  /** No more tasks, now and on every later session; completes when none can be on the way. On the loop. */
  CompletableFuture<Void> drain(Duration grace) {
    isDraining = true;
    drainGrace = grace;
    Session present = session;
    if (present == null || !present.isOpen) return CompletableFuture.completedFuture(null);
    present.drain(grace, "worker closes");
    return within(present.drained, Math.min(grace.toMillis(), DRAIN_ACK_TIMEOUT_MS));
  }

  /** Half-closes, waits a moment for the server to do the same, and gives up the streams. On the loop. */
  CompletableFuture<Void> close() {
    Session present = session;
    closing.countDown();
    if (opening != null && !opening.opened.isDone()) opening.giveUp(closedError());
    if (present != null) present.end();
    if (retiring != null) retiring.end();
    CompletableFuture<Void> over = present != null && present.isOpen
        ? within(present.over.thenAccept(end -> {}), 1_000)
        : CompletableFuture.completedFuture(null);
    return over.thenRunAsync(() -> {
      if (present != null) present.giveUp(closedError());
      if (retiring != null) retiring.giveUp(closedError());
    }, loop);
  }

  @Override
  public void onWelcome(Session session, Welcome welcome) {
    this.session = session;
    String server = welcome.getServerId() + " (" + welcome.getServerVersion() + ")";
    log.log(Level.INFO, "connected to server " + server + ", session " + welcome.getSessionId());
    welcome.getWarningsList().forEach(warning -> log.log(Level.WARNING, warning));
    runs.adopt(session, welcome, held);
    handOver(session);
    connected.complete(null);
  }

  @Override
  public void onMessage(Session session, WorkResponse message) {
    switch (message.getMessageCase()) {
      case TASKS -> runs.onTasks(session, message.getTasks().getTasksList());
      case OUTCOME_ACKS -> runs.onAcks(message.getOutcomeAcks().getAcksList());
      case HEARTBEAT_REPLIES -> runs.onHeartbeatReplies(message.getHeartbeatReplies().getRepliesList());
      case CANCEL -> runs.onCancel(message.getCancel());
      case PONG -> {
        Collection<String> drifted = session.reconcile(message.getPong());
        if (!drifted.isEmpty())
          log.log(Level.WARNING, "the count of tasks differed from the server's in " + String.join(", ", drifted));
      }
      case REJECTIONS -> message.getRejections().getMessagesList()
          .forEach(text -> log.log(Level.WARNING, "the server complains: " + text));
      default -> {}
    }
  }

  @Override
  public void onPingDue(Session session) {
    session.ping(runs.running());
    runs.resendStale(session, 2 * session.pingInterval().toMillis());
  }

  private @Nullable Session connect(int index, Backoff backoff) {
    Session started = loop.call(() -> open(index));
    Backoff nudges = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    try {
      while (!isDoneWithin(started.opened, nudges.next())) {
        if (!connection.isFailing()) continue;
        log.log(Level.WARNING, "no server answers at " + connection.addresses + "; trying again");
        connection.tryAgainNow();
      }
      started.opened.join();
      return started;
    } catch (CompletionException e) {
      if (isClosing()) return null;
      PawlError error = PawlError.of(e.getCause());
      if (!connected.isDone() && FATAL.contains(error.code())) {
        connected.completeExceptionally(error);
        closing.countDown();
        return null;
      }
      Duration retryAfter = error.retryAfter();
      long delayMs = retryAfter != null ? retryAfter.toMillis() : backoff.next();
      log.log(Level.WARNING, "no session: " + describe(error) + "; trying again in " + delayMs + " ms");
      pause(delayMs);
      return null;
    }
  }

  private Session open(int index) {
    held = runs.held();
    Session started = new Session(connection, loop, this, pools, hello.apply(index, held.keySet()));
    if (isClosing()) started.giveUp(closedError());
    opening = started;
    return started;
  }

  /** Gives the new session credit, but only once the old one can send nothing more: slots are never promised twice. */
  private void handOver(Session session) {
    Session old = retiring;
    retiring = null;
    if (old != null) retired = retire(old);
    retired.thenRunAsync(() -> {
      if (isDraining) {
        session.drain(drainGrace, "worker closes");
      } else {
        session.hasCredit = true;
        session.demand();
      }
    }, loop);
  }

  /** A draining server: it may be left before its deadline, but not before its pause. */
  private void leave(Session old, ServerDrain drain) {
    log.log(Level.INFO, "the server drains (" + drain.getReason() + "): connecting anew");
    loop.execute(() -> retiring = old);
    long waitMs = drain.hasReconnectAfter() ? Times.durationOf(drain.getReconnectAfter()).toMillis() : 0;
    isDoneWithin(old.drained, waitMs);
  }

  private CompletableFuture<Void> retire(Session old) {
    if (!old.isOpen) return CompletableFuture.completedFuture(null);
    old.drain(Duration.ZERO, "reconnected elsewhere");
    return within(old.drained, DRAIN_ACK_TIMEOUT_MS).thenRunAsync(
        () -> runs.idleWithin(Long.MAX_VALUE / 2_000_000, old).thenRunAsync(old::end, loop), loop);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Sleeps, but not beyond the worker's end. */
  private void pause(long ms) {
    try {
      closing.await(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the link's thread", e);
    }
  }

  private static boolean isDoneWithin(CompletableFuture<?> future, long ms) {
    return future.<Boolean>handle((value, error) -> true)
        .completeOnTimeout(false, ms, TimeUnit.MILLISECONDS)
        .join();
  }

  /** As the future, but done after the time, too. */
  private static CompletableFuture<Void> within(CompletableFuture<Void> future, long ms) {
    return future.copy().completeOnTimeout(null, ms, TimeUnit.MILLISECONDS);
  }

  private static PawlError closedError() {
    return PawlError.cancelled("the worker was closed");
  }

  private static String describe(@Nullable PawlError error) {
    return error == null ? "" : error.getMessage() + " (" + error.code() + ")";
  }
}
