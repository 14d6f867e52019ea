package dev.pawl;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a list of host names and IP addresses, {@code pawl:///host:port,host:port}.
 *
 * <p>gRPC's own schemes take one name. Each address a name leads to is an endpoint of its own, so that round robin
 * spreads over all servers behind one name; {@code localhost} is one endpoint, whose IPv4 and IPv6 addresses are
 * alternatives.
 */
final class AddressResolver extends NameResolver {
  static final String SCHEME = "pawl";

  /** Balancers ask again at every failure; names are looked up at most so often. */
  private static final long INTERVAL_NANOS = 1_000_000_000;

  /** Makes resolvers; known to gRPC by a service file. */
  public static final class Provider extends NameResolverProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, Args args) {
      return SCHEME.equals(target.getScheme()) ? new AddressResolver(target, args.getOffloadExecutor()) : null;
    }
  }

  private final List<HostPort> targets;
  private final Executor executor;
  private @Nullable Listener2 listener;
  private boolean isResolving;
  private boolean isOver;
  private long resolvedAt = System.nanoTime() - INTERVAL_NANOS;

  private AddressResolver(URI target, @Nullable Executor executor) {
    this.targets = Stream.of(target.getPath().substring(1).split(",")).map(HostPort::parse).toList();
    this.executor = executor == null ? task -> new Thread(task, "pawl-resolver").start() : executor;
  }

  @Override
  public String getServiceAuthority() {
    return targets.get(0).toString();
  }

  @Override
  public synchronized void start(Listener2 listener) {
    this.listener = listener;
    resolve(listener);
  }

  @Override
  public synchronized void refresh() {
    if (listener == null || targets.stream().noneMatch(HostPort::isName)) return;
    if (System.nanoTime() - resolvedAt >= INTERVAL_NANOS) resolve(listener);
  }

  @Override
  public synchronized void shutdown() {
    isOver = true;
  }

  private void resolve(Listener2 told) {
    if (isResolving || isOver) return;
    isResolving = true;
    executor.execute(() -> {
      ResolutionResult result = result();
      synchronized (this) {
        isResolving = false;
        resolvedAt = System.nanoTime();
        if (isOver) return;
      }
      told.onResult(result);
    });
  }

  private ResolutionResult result() {
    List<EquivalentAddressGroup> groups = new ArrayList<>();
    for (HostPort target : targets) {
      try {
        groups.addAll(groupsOf(target));
      } catch (UnknownHostException e) {
        // the others may do
      }
    }
    StatusOr<List<EquivalentAddressGroup>> found = groups.isEmpty()
        ? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("no address found for " + targets))
        : StatusOr.fromValue(groups);
    return ResolutionResult.newBuilder().setAddressesOrError(found).build();
  }

  private static List<EquivalentAddressGroup> groupsOf(HostPort target) throws UnknownHostException {
    Attributes authority = Attributes.newBuilder()
        .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, target.toString())
        .build();
    List<InetSocketAddress> found = target.resolve();
    return "localhost".equals(target.host())
        ? List.of(new EquivalentAddressGroup(List.<SocketAddress>copyOf(found), authority))
        : found.stream().map(address -> new EquivalentAddressGroup(address, authority)).toList();
  }
}
