package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the servers are and how to speak to them: what clients and workers share. */
public abstract sealed class ConnectionBuilder<B extends ConnectionBuilder<B>> permits Client.Builder, Worker.Builder {
  private List<String> addresses = List.of("localhost:7300");
  private @Nullable ChannelCredentials credentials;
  private Supplier<Map<String, String>> headers = Map::of;
  ObjectMapper mapper = Json.MAPPER;

  ConnectionBuilder() {}

  /**
   * {@code host:port}, with or without {@code http://}; several of them, also in one text separated by commas.
   * Calls go round robin over all servers that answer, and over every address that a name leads to.
   * {@code https://} turns TLS on. Default {@code localhost:7300}.
   */
  public B address(String... addresses) {
    this.addresses = Stream.of(addresses).flatMap(text -> Stream.of(text.split(","))).map(String::strip).toList();
    return self();
  }

  /** TLS, with the system's certificate authorities. */
  public B tls() {
    return credentials(TlsChannelCredentials.create());
  }

  /** TLS with these credentials, see {@link TlsChannelCredentials#newBuilder}. */
  public B credentials(ChannelCredentials credentials) {
    this.credentials = credentials;
    return self();
  }

  /** Sent with every call, for example {@code Map.of("authorization", "Bearer ...")}. */
  public B headers(Map<String, String> headers) {
    Map<String, String> copy = Map.copyOf(headers);
    return headers(() -> copy);
  }

  /** As {@link #headers(Map)}, asked anew for every call. */
  public B headers(Supplier<Map<String, String>> headers) {
    this.headers = headers;
    return self();
  }

  /**
   * Reads and writes the JSON of values. The default keeps every digit, ignores properties that a class does not
   * have, and loads the Jackson modules on the class path.
   */
  public B mapper(ObjectMapper mapper) {
    this.mapper = mapper;
    return self();
  }

  abstract B self();

  Connection connect() {
    boolean isSecure = addresses.stream().anyMatch(text -> text.startsWith("https://"));
    if (isSecure && !addresses.stream().allMatch(text -> text.startsWith("https://")))
      throw new IllegalArgumentException("addresses mix https:// and others: " + String.join(", ", addresses));
    List<HostPort> targets = addresses.stream().map(HostPort::parse).toList();
    ChannelCredentials chosen = credentials;
    if (chosen == null) chosen = isSecure ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
    return new Connection(targets, chosen, headers);
  }
}
