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
  private final Connection connection;
  private final ClientCall<Q, R> call;
  private final BlockingQueue<Arrival<R>> arrivals = new LinkedBlockingQueue<>();

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

  @Override
  public void close() {
    call.cancel("the caller gave up the stream", null);
  }
}
