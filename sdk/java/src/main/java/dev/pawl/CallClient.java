package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** How a client calls: with a deadline, repeated where that is safe. */
abstract class CallClient {
  final Connection connection;
  final ObjectMapper mapper;
  final Duration timeout;

  CallClient(Connection connection, ObjectMapper mapper, Duration timeout) {
    this.connection = connection;
    this.mapper = mapper;
    this.timeout = timeout;
  }

  /** Every call of a client may be repeated: reads, and writes under a name or a request id. */
  <Q, R> CompletableFuture<R> callAsync(MethodDescriptor<Q, R> method, Q request) {
    return UnaryCall.start(connection, method, request, timeout);
  }

  <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
    return UnaryCall.await(callAsync(method, request));
  }

  static <M, T> Pages.Page<T> pageOf(List<M> messages, Function<M, T> convert, dev.pawl.v1.PageInfo info) {
    return new Pages.Page<>(messages.stream().map(convert).toList(), info.getNextPageToken());
  }
}
