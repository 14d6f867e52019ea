package dev.pawl;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One HTTP/2 connection to each server, and calls balanced over them. */
final class Connection implements AutoCloseable {
  /** The trace that calls from a handler belong to. */
  static final Context.Key<String> TRACEPARENT = Context.key("pawl-traceparent");

  final String addresses;
  private final ManagedChannel managed;
  private final Channel channel;
  private volatile boolean isClosed;

  Connection(List<HostPort> targets, ChannelCredentials credentials, Supplier<Map<String, String>> headers) {
    addresses = targets.stream().map(HostPort::toString).collect(Collectors.joining(","));
    managed = NettyChannelBuilder.forTarget(uri(addresses), credentials)
        .defaultLoadBalancingPolicy("round_robin")
        .userAgent("pawl-sdk-java/" + Sdk.VERSION)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        .maxInboundMessageSize(16 * 1024 * 1024)
        .disableRetry() // UnaryCall repeats what may be repeated
        .build();
    channel = ClientInterceptors.intercept(managed, new Headers(headers));
  }

  Channel channel() {
    return channel;
  }

  /** Servers that did not answer are tried again now: gRPC itself would wait up to two minutes. */
  void tryAgainNow() {
    managed.resetConnectBackoff();
  }

  /** Calls to come get new connections: the present ones may be dead without knowing. */
  void renew() {
    managed.enterIdle();
  }

  static PawlError closedError() {
    return PawlError.cancelled("the client was closed");
  }

  /** Whether no server answers. */
  boolean isFailing() {
    return managed.getState(true) == io.grpc.ConnectivityState.TRANSIENT_FAILURE;
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Calls in flight, and later ones, fail with CANCELLED. */
  @Override
  public void close() {
    isClosed = true;
    managed.shutdownNow();
  }

  private static String uri(String addresses) {
    try {
      return new URI(AddressResolver.SCHEME, "", "/" + addresses, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("address \"" + addresses + "\" is not host:port", e);
    }
  }

  private record Headers(Supplier<Map<String, String>> headers) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata metadata) {
          String traceparent = TRACEPARENT.get();
          if (traceparent != null) metadata.put(key("traceparent"), traceparent);
          headers.get().forEach((name, value) -> metadata.put(key(name), value));
          super.start(listener, metadata);
        }
      };
    }

    private static Metadata.Key<String> key(String name) {
      return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
  }
}
