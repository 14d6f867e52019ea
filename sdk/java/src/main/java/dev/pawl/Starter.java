package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.ExecutionServiceGrpc;
import dev.pawl.v1.NameConflictPolicy;
import dev.pawl.v1.StartExecutionsRequest;
import dev.pawl.v1.StartExecutionsResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many starts over one stream: a small part of the cost of a call each, and their ends come back on it.
 *
 * <p>Starts that are given at about the same time travel in one message. When the stream breaks it is opened again and
 * what has no answer yet is sent again, under the same names, so that nothing starts twice.
 *
 * <pre>{@code
 * try (Starter starter = client.starter()) {
 *   Started started = starter.start(new StartExecution("orders").input(order)).join(); // durable
 *   Execution execution = started.result().join(); // closed
 * }
 * }</pre>
 */
public final class Starter implements AutoCloseable {
  /** Most starts in one message: keeps each far below the 4 MiB a message may have. */
  private static final int STARTS_PER_MESSAGE_MAX = 100;
  private static final int MESSAGE_CHARS_MAX = 512 * 1024;
  private static final int ODD_FAILURES_MAX = 5;
  private static final int FAILURES_MAX = 20;

  private final Connection connection;
  private final EventLoop loop;
  private final ObjectMapper mapper;
  private final Consumer<Starter> onEnd;
  private final boolean isFollowing;
  private final Semaphore slots;
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  // Of the loop:
  private final Map<Long, OpenStart> open = new LinkedHashMap<>();
  private final Backoff backoff = RetryPolicy.backoff();
  private Queue<OpenStart> queue = new ArrayDeque<>();
  private long sequence;
  private int failures;
  private @Nullable Stream stream;
  private boolean isFlushScheduled;
  private boolean isWaiting;
  private boolean isClosing;
  private boolean isClosed;

  Starter(
      Connection connection, EventLoop loop, ObjectMapper mapper, StarterOptions options, Consumer<Starter> onEnd) {
    this.connection = connection;
    this.loop = loop;
    this.mapper = mapper;
    this.onEnd = onEnd;
    this.isFollowing = options.follow;
    this.slots = new Semaphore(options.maxInFlight);
  }

  /**
   * Starts an execution; waits while {@link StarterOptions#maxInFlight} starts have no answer.
   *
   * @return completes once the start is durable; fails with a {@link PawlError} when it was refused
   */
  public CompletableFuture<Started> start(StartExecution start) {
    CompletableFuture<Started> started = new CompletableFuture<>();
    try {
      slots.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PawlError.cancelled("the calling thread was interrupted");
    }
    try {
      start(start, (result, error) -> {
        slots.release();
        // Not on the loop: what hangs on the future may block.
        if (error == null) started.completeAsync(() -> result);
        else ForkJoinPool.commonPool().execute(() -> started.completeExceptionally(error));
      });
    } catch (IllegalArgumentException e) {
      slots.release();
      started.completeExceptionally(PawlError.invalid(String.valueOf(e.getMessage())));
    }
    return started;
  }

  /** Waits for what is open, followed executions included, and ends the stream. */
  @Override
  public void close() {
    loop.execute(() -> {
      isClosing = true;
      if (open.isEmpty()) idle.complete(null);
    });
    try {
      UnaryCall.await(idle);
    } finally {
      abort();
    }
  }

  /** Ends the stream at once: open starts fail with CANCELLED, though they may have been made. */
  public void abort() {
    onEnd.accept(this);
    loop.execute(() -> {
      isClosed = true;
      Stream present = stream;
      stream = null;
      if (present != null) present.end(open.isEmpty());
      List<OpenStart> left = List.copyOf(open.values());
      open.clear();
      left.forEach(start -> start.fail(PawlError.cancelled("the starter was closed")));
      idle.complete(null);
    });
  }

  /**
   * Without a bound; the listener is told on the loop.
   *
   * @throws IllegalArgumentException for an input that is no JSON
   */
  void start(StartExecution start, BiConsumer<@Nullable Started, @Nullable PawlError> listener) {
    StartExecutionsRequest.Start.Builder message =
        StartExecutionsRequest.Start.newBuilder().setRequest(start.message(mapper)).setFollow(isFollowing);
    loop.execute(() -> {
      if (isClosed || isClosing) {
        listener.accept(null, PawlError.cancelled("the starter was closed"));
        return;
      }
      OpenStart opened = new OpenStart(message.setSequence(++sequence), listener);
      open.put(sequence, opened);
      queue.add(opened);
      scheduleFlush();
    });
  }

  /** A start until its answer, or with follow until its execution's end. */
  private static final class OpenStart {
    final StartExecutionsRequest.Start.Builder message;
    final BiConsumer<@Nullable Started, @Nullable PawlError> listener;
    @Nullable CompletableFuture<Execution> end;

    OpenStart(
        StartExecutionsRequest.Start.Builder message, BiConsumer<@Nullable Started, @Nullable PawlError> listener) {
      this.message = message;
      this.listener = listener;
    }

    void fail(PawlError error) {
      if (end == null) listener.accept(null, error);
      else ForkJoinPool.commonPool().execute(() -> end.completeExceptionally(error));
    }
  }

  private final class Stream extends ClientCall.Listener<StartExecutionsResponse> {
    final ClientCall<StartExecutionsRequest, StartExecutionsResponse> call =
        connection.channel().newCall(ExecutionServiceGrpc.getStartExecutionsMethod(), CallOptions.DEFAULT);

    Stream() {
      call.start(this, new Metadata());
      call.request(16);
    }

    void end(boolean isGraceful) {
      if (isGraceful) call.halfClose();
      else call.cancel("the starter was closed", null);
    }

    @Override
    public void onMessage(StartExecutionsResponse message) {
      loop.execute(() -> {
        call.request(1);
        if (stream != this) return;
        failures = 0;
        backoff.reset();
        message.getOutcomesList().forEach(Starter.this::onOutcome);
      });
    }

    @Override
    public void onReady() {
      loop.execute(Starter.this::scheduleFlush);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      PawlError error = status.isOk()
          ? PawlError.unavailable("the server ended the stream")
          : PawlError.of(status.asRuntimeException(trailers));
      loop.execute(() -> onBroken(this, error));
    }
  }

  private void scheduleFlush() {
    if (isFlushScheduled || isWaiting || isClosed) return;
    isFlushScheduled = true;
    loop.afterTick(() -> {
      isFlushScheduled = false;
      flush();
    });
  }

  private void flush() {
    if (isClosed || isWaiting || queue.isEmpty()) return;
    Stream present = stream;
    boolean isFresh = present == null;
    if (present == null) stream = present = new Stream();
    // A fresh stream is not ready before it is connected, and gRPC keeps its first message.
    while (!queue.isEmpty() && (isFresh || present.call.isReady())) {
      present.call.sendMessage(nextMessage());
      isFresh = false;
    }
  }

  private StartExecutionsRequest nextMessage() {
    StartExecutionsRequest.Builder message = StartExecutionsRequest.newBuilder();
    int chars = 0;
    while (!queue.isEmpty() && message.getStartsCount() < STARTS_PER_MESSAGE_MAX) {
      chars += queue.element().message.getRequest().getInput().length();
      if (chars > MESSAGE_CHARS_MAX && message.getStartsCount() > 0) break;
      message.addStarts(queue.remove().message);
    }
    return message.build();
  }

  private void onOutcome(StartExecutionsResponse.Outcome outcome) {
    OpenStart start = open.get(outcome.getSequence());
    if (start == null) return;
    switch (outcome.getResultCase()) {
      case RESPONSE -> onStarted(start, outcome.getResponse());
      case ERROR -> onRefused(start, PawlError.of(outcome.getError()));
      case ENDED -> {
        Execution execution = Execution.of(outcome.getEnded(), mapper);
        if (start.end != null) start.end.completeAsync(() -> execution);
        forget(start);
      }
      default -> {}
    }
  }

  private void onStarted(OpenStart start, dev.pawl.v1.StartExecutionResponse response) {
    if (start.end != null) return;
    CompletableFuture<Execution> end = new CompletableFuture<>();
    start.end = end;
    if (!isFollowing) {
      end.completeExceptionally(new PawlError(
          Status.Code.FAILED_PRECONDITION, "the starter was made without follow: it learns no results"));
      forget(start);
    }
    start.listener.accept(
        new Started(Execution.of(response.getExecution(), mapper), response.getCreated(), end), null);
  }

  private void onRefused(OpenStart start, PawlError refusal) {
    if (refusal.retryAfter() == null) {
      forget(start);
      start.fail(refusal);
      return;
    }
    // Too many at once, or the database is away: the server says when to try again.
    loop.schedule(RetryPolicy.delayMs(refusal, backoff), () -> {
      if (!open.containsKey(start.message.getSequence())) return;
      queue.add(start);
      scheduleFlush();
    });
  }

  private void onBroken(Stream broken, PawlError error) {
    if (stream != broken) return;
    stream = null;
    if (open.isEmpty()) return; // the next start opens another
    failures++;
    long delayMs = RetryPolicy.delayMs(error, backoff);
    if (delayMs < 0 && failures < ODD_FAILURES_MAX && RetryPolicy.isPassing(error)) delayMs = backoff.next();
    if (delayMs < 0 || failures > FAILURES_MAX) {
      List<OpenStart> left = new ArrayList<>(open.values());
      queue.clear();
      left.forEach(this::forget);
      left.forEach(start -> start.fail(error));
      return;
    }
    isWaiting = true;
    connection.tryAgainNow();
    loop.schedule(delayMs, () -> {
      isWaiting = false;
      queue = new ArrayDeque<>(open.values());
      queue.forEach(Starter::again);
      scheduleFlush();
    });
  }

  /** A start whose answer came is only followed again: its execution may have closed meanwhile. */
  private static void again(OpenStart start) {
    if (start.end == null) return;
    start.message.getRequestBuilder().setConflictPolicy(NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING);
  }

  private void forget(OpenStart start) {
    open.remove(start.message.getSequence());
    if (isClosing && open.isEmpty()) idle.complete(null);
  }
}
