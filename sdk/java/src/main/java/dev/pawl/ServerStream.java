package dev.pawl;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The responses of one stream, each asked for when the one before has been taken. */
final class ServerStream<Q, R> implements AutoCloseable {
  /** How long the end of a stream may come after its terminal response. */
  private static final long END_WAIT_MS = 1_000;

  private final Connection connection;
  private final ClientCall<Q, R> call;
  private final BlockingQueue<Arrival<R>> arrivals = new LinkedBlockingQueue<>();
  private volatile boolean isOver;

  /** A response, or the end with its status. */
  private record Arrival<R>(@Nullable R response, @Nullable PawlError error) {}

  ServerStream(Connection connection, MethodDescriptor<Q, R> method, Q request) {
    this.connection = connection;
    call = connection.channel().newCall(method, CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {
      @Override
      public void onMessage(R response) {
        arrivals.add(new Arrival<>(response, null));
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        isOver = true;
        PawlError error = status.isOk()
            ? PawlError.unavailable("the stream ended early")
            : PawlError.of(status.asRuntimeException(trailers));
        arrivals.add(new Arrival<>(null, error));
      }
    }, new Metadata());
    call.sendMessage(request);
    call.halfClose();
  }

  /**
   * The next response.
   *
   * @throws PawlError when the stream has ended, UNAVAILABLE too if it is silent for so long
   */
  R next(Duration silenceMax) throws InterruptedException {
    call.request(1);
    Arrival<R> arrival = arrivals.poll(silenceMax.toMillis(), TimeUnit.MILLISECONDS);
    if (arrival == null) {
      close();
      connection.renew();
      throw PawlError.unavailable("the watch was silent for " + silenceMax.toMillis() + " ms");
    }
    if (arrival.error != null) {
      arrivals.add(arrival); // for whoever asks again
      throw arrival.error;
    }
    return arrival.response;
  }

  /**
   * Waits for the end of a stream whose terminal response has come; how it ends says nothing. To cancel it instead
   * would be a reset, and HTTP/2 servers close connections that bring many of them, with all that runs on them.
   */
  void awaitEnd() throws InterruptedException {
    call.request(1);
    arrivals.poll(END_WAIT_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    // grpc-java resets a stream that has ended, too.
    if (!isOver) call.cancel("the caller gave up the stream", null);
  }
}
