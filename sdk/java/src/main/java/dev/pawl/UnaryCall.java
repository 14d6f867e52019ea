package dev.pawl;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call, tried until it succeeds, is refused for good, or time or attempts are spent.
 *
 * <p>Only for calls that may be repeated: reads, and writes that carry a name or a request id.
 */
final class UnaryCall<Q, R> {
  private final Connection connection;
  private final MethodDescriptor<Q, R> method;
  private final Q request;
  private final long deadlineNanos;
  private final Context context = Context.current();
  private final Backoff backoff = RetryPolicy.backoff();
  private final CompletableFuture<R> future = new CompletableFuture<>();
  private volatile @Nullable ClientCall<Q, R> call;
  private int attempts;

  private UnaryCall(Connection connection, MethodDescriptor<Q, R> method, Q request, Duration timeout) {
    this.connection = connection;
    this.method = method;
    this.request = request;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
  }

  /** Starts the call; a cancel of the future cancels it. A method that streams requests is sent this one. */
  static <Q, R> CompletableFuture<R> start(
      Connection connection, MethodDescriptor<Q, R> method, Q request, Duration timeout) {
    UnaryCall<Q, R> unary = new UnaryCall<>(connection, method, request, timeout);
    unary.attempt();
    unary.future.whenComplete((response, error) -> {
      if (unary.future.isCancelled()) unary.cancel();
    });
    return unary.future;
  }

  /** Waits for a call; an interrupt gives it up with CANCELLED. */
  static <R> R await(CompletableFuture<R> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw PawlError.cancelled("the calling thread was interrupted");
    } catch (ExecutionException e) {
      throw PawlError.of(e.getCause()).rethrown();
    }
  }

  private void attempt() {
    if (future.isDone()) return;
    if (connection.isClosed()) {
      future.completeExceptionally(Connection.closedError());
      return;
    }
    attempts++;
    long leftNanos = Math.max(1_000_000, deadlineNanos - System.nanoTime());
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(leftNanos, TimeUnit.NANOSECONDS);
    ClientCall<Q, R> started = connection.channel().newCall(method, options);
    call = started;
    StreamObserver<R> answer = new StreamObserver<>() {
      private @Nullable R response;

      @Override
      public void onNext(R value) {
        response = value;
      }

      @Override
      public void onError(Throwable thrown) {
        onFailure(PawlError.of(thrown));
      }

      @Override
      public void onCompleted() {
        if (response != null) future.complete(response);
        else future.completeExceptionally(new PawlError(Status.Code.INTERNAL, "the server's answer is empty"));
      }
    };
    if (method.getType().clientSendsOneMessage()) {
      ClientCalls.asyncUnaryCall(started, request, answer);
    } else {
      StreamObserver<Q> requests = ClientCalls.asyncClientStreamingCall(started, answer);
      requests.onNext(request);
      requests.onCompleted();
    }
  }

  private void onFailure(PawlError error) {
    long delayMs = RetryPolicy.delayMs(error, backoff);
    boolean isSpent = attempts >= RetryPolicy.ATTEMPTS_MAX
        || System.nanoTime() + delayMs * 1_000_000 >= deadlineNanos;
    if (delayMs < 0 || isSpent || connection.isClosed()) {
      future.completeExceptionally(connection.isClosed() ? Connection.closedError() : error);
      return;
    }
    if (error.retryAfter() == null) connection.tryAgainNow();
    CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS).execute(() -> context.run(this::attempt));
  }

  private void cancel() {
    ClientCall<Q, R> running = call;
    if (running != null) running.cancel("the caller gave up the call", null);
  }
}
