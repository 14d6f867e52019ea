package dev.pawl;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server address. */
record HostPort(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:(https?)://)?(\\[[0-9a-fA-F:.%]+]|[^\\[\\]/:?#\\s]+)(?::(\\d{1,5}))?/?");

  /** @throws IllegalArgumentException unless it is host:port, IPv6 hosts in brackets; with a scheme the port may be absent */
  static HostPort parse(String address) {
    Matcher matcher = FORM.matcher(address);
    if (!matcher.matches() || (matcher.group(1) == null && matcher.group(3) == null))
      throw new IllegalArgumentException("address \"" + address + "\" is not host:port");
    String port = matcher.group(3);
    int schemePort = "https".equals(matcher.group(1)) ? 443 : 80;
    return new HostPort(matcher.group(2), port == null ? schemePort : Integer.parseInt(port));
  }

  /** An IP address stays what it is; a name may lead elsewhere tomorrow. */
  boolean isName() {
    return !host.startsWith("[") && !host.matches("[0-9.]+");
  }

  /**
   * Each address that the name leads to.
   *
   * @throws UnknownHostException when it leads nowhere
   */
  List<InetSocketAddress> resolve() throws UnknownHostException {
    return Stream.of(InetAddress.getAllByName(host)).map(found -> new InetSocketAddress(found, port)).toList();
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
