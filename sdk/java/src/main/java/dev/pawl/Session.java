package dev.pawl;

import com.google.protobuf.ByteString;
import dev.pawl.v1.AcceptTasks;
import dev.pawl.v1.Demand;
import dev.pawl.v1.Drain;
import dev.pawl.v1.Hello;
import dev.pawl.v1.Ping;
import dev.pawl.v1.Pong;
import dev.pawl.v1.ReleaseTasks;
import dev.pawl.v1.ServerDrain;
import dev.pawl.v1.TaskHeartbeats;
import dev.pawl.v1.TaskOutcome;
import dev.pawl.v1.TaskOutcomes;
import dev.pawl.v1.Welcome;
import dev.pawl.v1.WorkRequest;
import dev.pawl.v1.WorkResponse;
import dev.pawl.v1.WorkerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One stream to a server. All of it runs on the worker's loop, except its futures, which anybody may wait for.
 *
 * <p>What the worker has to say in one tick leaves together: one message each for accepts, heartbeats, outcomes,
 * releases and credit.
 */
final class Session {
  /** Who hears what a session receives. */
  interface Listener {
    void onWelcome(Session session, Welcome welcome);

    void onMessage(Session session, WorkResponse message);

    void onPingDue(Session session);
  }

  /** How a session came to its end, or why another one must take over: the server drains, or the stream broke. */
  record End(@Nullable ServerDrain drain, @Nullable PawlError error) {}

  /** How long a server may take to answer Hello. */
  private static final long WELCOME_TIMEOUT_MS = 10_000;

  /** Outputs in one message; the server's own target when it names a smaller one. */
  private static final int MESSAGE_CHARS_MAX = 1024 * 1024;

  /** Messages that gRPC may have read ahead of the loop. */
  private static final int READ_AHEAD = 32;

  final int index;
  /** Completes with the server's answer to Hello. */
  final CompletableFuture<Welcome> opened = new CompletableFuture<>();
  /** Completes when the stream broke or the server asked to go elsewhere. */
  final CompletableFuture<End> over = new CompletableFuture<>();
  /** Completes with the answer to {@link #drain}; also when the stream breaks. */
  final CompletableFuture<Void> drained = new CompletableFuture<>();
  boolean isOpen = true;
  /** Credit is given only while this is set. */
  boolean hasCredit;

  private final Connection connection;
  private final EventLoop loop;
  private final Listener listener;
  private final Collection<SlotPool> pools;
  private final ClientCall<WorkRequest, WorkResponse> call;
  private final Map<String, Long> received = new HashMap<>();
  private final Map<String, Long> limits = new HashMap<>();
  private final Set<TaskRun> accepts = new LinkedHashSet<>();
  private final Set<TaskRun> beats = new LinkedHashSet<>();
  private List<TaskRun> outcomes = new ArrayList<>();
  private List<ByteString> releases = new ArrayList<>();
  private boolean isDemandDue;
  private boolean isFlushScheduled;
  private boolean isEnded;
  private Welcome welcome = Welcome.getDefaultInstance();
  private long heardAt = System.nanoTime();
  private long nonce;
  private EventLoop.@Nullable Timer pinger;
  private EventLoop.Timer watchdog;

  Session(Connection connection, EventLoop loop, Listener listener, Collection<SlotPool> pools, Hello hello) {
    this.index = hello.getSessionIndex();
    this.connection = connection;
    this.loop = loop;
    this.listener = listener;
    this.pools = pools;
    CallOptions options = CallOptions.DEFAULT.withWaitForReady().withExecutor(Runnable::run);
    call = connection.channel().newCall(WorkerServiceGrpc.getWorkMethod(), options);
    watchdog = loop.schedule(WELCOME_TIMEOUT_MS, () -> breakSilent("the server did not answer hello"));
    call.start(new Inbound(), new Metadata());
    call.request(READ_AHEAD);
    write(WorkRequest.newBuilder().setHello(hello));
  }

  String sessionId() {
    return welcome.getSessionId();
  }

  /** How often the server wants a sign of life. */
  Duration pingInterval() {
    return welcome.hasPingInterval() ? Times.durationOf(welcome.getPingInterval()) : Duration.ofSeconds(10);
  }

  void accept(TaskRun run) {
    accepts.add(run);
    scheduleFlush();
  }

  void beat(TaskRun run) {
    beats.add(run);
    scheduleFlush();
  }

  /** Sends the run's outcome; an accept or beat that waits beside it is not needed any more. */
  void report(TaskRun run) {
    forget(run);
    outcomes.add(run);
    scheduleFlush();
  }

  /** Hands a task back for another worker; its attempt is not counted. */
  void release(ByteString taskToken) {
    releases.add(taskToken);
    scheduleFlush();
  }

  /** Nothing more is to be said about a run. */
  void forget(TaskRun run) {
    accepts.remove(run);
    beats.remove(run);
  }

  /** Slots were freed or taken: tells the server what it may send. */
  void demand() {
    isDemandDue = true;
    scheduleFlush();
  }

  void countReceived(String pool) {
    received.merge(pool, 1L, Long::sum);
  }

  /** Takes the server's count of tasks sent: the stream is ordered, so after a Pong both are the same. */
  List<String> reconcile(Pong pong) {
    List<String> drifted = new ArrayList<>();
    for (SlotPool pool : pools) {
      Long sent = pong.getTasksSentMap().get(pool.name);
      if (sent == null || sent.equals(received.getOrDefault(pool.name, 0L))) continue;
      received.put(pool.name, sent);
      drifted.add(pool.name);
    }
    if (!drifted.isEmpty()) demand();
    return drifted;
  }

  /** Asks for no more tasks; {@link #drained} tells when none can be on the way. */
  void drain(Duration grace, String reason) {
    hasCredit = false;
    flush();
    write(WorkRequest.newBuilder().setDrain(Drain.newBuilder().setGrace(Times.protoOf(grace)).setReason(reason)));
  }

  void ping(Map<String, Integer> running) {
    write(WorkRequest.newBuilder().setPing(Ping.newBuilder().setNonce(++nonce).putAllRunning(running)));
  }

  /** Half-closes: everything was said. */
  void end() {
    flush();
    if (!isOpen || isEnded) return;
    isEnded = true;
    call.halfClose();
  }

  /** Gives the stream up. */
  void giveUp(PawlError error) {
    if (!isOpen) return;
    isOpen = false;
    watchdog.cancel();
    if (pinger != null) pinger.cancel();
    call.cancel("the worker gave the stream up", null);
    opened.completeExceptionally(error);
    drained.complete(null);
    over.complete(new End(null, error));
  }

  /** What gRPC hears goes to the loop. */
  private final class Inbound extends ClientCall.Listener<WorkResponse> {
    @Override
    public void onMessage(WorkResponse message) {
      loop.execute(() -> {
        call.request(1);
        onResponse(message);
      });
    }

    @Override
    public void onReady() {
      loop.execute(Session.this::scheduleFlush);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      PawlError error = status.isOk()
          ? PawlError.unavailable("the server ended the stream")
          : PawlError.of(status.asRuntimeException(trailers));
      loop.execute(() -> giveUp(error));
    }
  }

  private void onResponse(WorkResponse response) {
    if (!isOpen) return;
    heardAt = System.nanoTime();
    switch (response.getMessageCase()) {
      case WELCOME -> onWelcome(response.getWelcome());
      case DRAIN_ACK -> drained.complete(null);
      case SERVER_DRAIN -> over.complete(new End(response.getServerDrain(), null));
      default -> listener.onMessage(this, response);
    }
  }

  private void onWelcome(Welcome welcome) {
    this.welcome = welcome;
    watchdog.cancel();
    watch(welcome.hasSessionTimeout() ? Times.durationOf(welcome.getSessionTimeout()) : Duration.ofSeconds(30));
    schedulePing(pingInterval().toMillis());
    listener.onWelcome(this, welcome);
    opened.complete(welcome);
  }

  private void schedulePing(long intervalMs) {
    pinger = loop.schedule(intervalMs, () -> {
      listener.onPingDue(this);
      if (isOpen) schedulePing(intervalMs);
    });
  }

  /** A peer that is dead may leave a connection that looks alive. */
  private void watch(Duration timeout) {
    long leftMs = timeout.toMillis() - (System.nanoTime() - heardAt) / 1_000_000;
    watchdog = loop.schedule(leftMs, () -> {
      if ((System.nanoTime() - heardAt) / 1_000_000 < timeout.toMillis()) watch(timeout);
      else breakSilent("the server was silent for " + timeout.toMillis() + " ms");
    });
  }

  private void breakSilent(String message) {
    giveUp(PawlError.unavailable(message));
    connection.renew();
  }

  private void scheduleFlush() {
    if (isFlushScheduled || !isOpen) return;
    isFlushScheduled = true;
    loop.afterTick(() -> {
      isFlushScheduled = false;
      if (call.isReady()) flush(); // else onReady comes
    });
  }

  private void flush() {
    if (!isOpen || isEnded) return;
    if (!accepts.isEmpty()) {
      AcceptTasks.Builder message = AcceptTasks.newBuilder();
      for (TaskRun run : accepts) message.addTaskTokens(run.token);
      accepts.clear();
      write(WorkRequest.newBuilder().setAccept(message));
    }
    if (!beats.isEmpty()) {
      TaskHeartbeats.Builder message = TaskHeartbeats.newBuilder();
      for (TaskRun run : beats) message.addBeats(run.beatMessage());
      beats.clear();
      write(WorkRequest.newBuilder().setHeartbeats(message));
    }
    if (!outcomes.isEmpty()) writeOutcomes();
    if (!releases.isEmpty()) {
      ReleaseTasks.Builder message = ReleaseTasks.newBuilder().addAllTaskTokens(releases);
      releases = new ArrayList<>();
      write(WorkRequest.newBuilder().setRelease(message.setReason("the worker can not finish it")));
    }
    if (isDemandDue) writeDemand();
  }

  private void writeOutcomes() {
    List<TaskRun> runs = outcomes;
    outcomes = new ArrayList<>();
    long now = System.nanoTime();
    int told = welcome.getMaxMessageBytes();
    int charsMax = told > 0 ? Math.min(MESSAGE_CHARS_MAX, told) : MESSAGE_CHARS_MAX;
    TaskOutcomes.Builder message = TaskOutcomes.newBuilder();
    int chars = 0;
    for (TaskRun run : runs) {
      TaskOutcome outcome = run.outcome;
      if (outcome == null) continue;
      int size = outcome.hasOutput() ? outcome.getOutput().length() : 1_000;
      if (chars + size > charsMax && message.getOutcomesCount() > 0) {
        write(WorkRequest.newBuilder().setOutcomes(message));
        message = TaskOutcomes.newBuilder();
        chars = 0;
      }
      run.outcomeSentAt = now;
      message.addOutcomes(outcome);
      chars += size;
    }
    if (message.getOutcomesCount() > 0) write(WorkRequest.newBuilder().setOutcomes(message));
  }

  /** Cumulative: tasks received so far, plus the slots that are free. Only what has grown is said. */
  private void writeDemand() {
    isDemandDue = false;
    if (!hasCredit) return;
    Demand.Builder demand = Demand.newBuilder();
    for (SlotPool pool : pools) {
      long limit = received.getOrDefault(pool.name, 0L) + Math.max(0, pool.concurrency - pool.taken);
      if (limit <= limits.getOrDefault(pool.name, 0L)) continue;
      limits.put(pool.name, limit);
      demand.putLimits(pool.name, limit);
    }
    if (demand.getLimitsCount() > 0) write(WorkRequest.newBuilder().setDemand(demand));
  }

  private void write(WorkRequest.Builder message) {
    if (isOpen && !isEnded) call.sendMessage(message.build());
  }
}
