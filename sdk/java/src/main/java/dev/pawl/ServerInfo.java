package dev.pawl;

import java.util.List;
import java.util.Map;

/**
 * Facts about a server.
 *
 * @param version semantic version
 * @param commit the source it was built from; empty when unknown
 * @param capabilities names of optional features that work there
 * @param limits for example {@code max_payload_bytes}
 * @param isDevelopment started with {@code pawl dev}
 * @param uiUrl where the dashboard is; empty without one
 */
public record ServerInfo(
    String version,
    String commit,
    List<String> capabilities,
    Map<String, Long> limits,
    boolean isDevelopment,
    String uiUrl) {

  static ServerInfo of(dev.pawl.v1.GetServerInfoResponse message) {
    return new ServerInfo(
        message.getVersion(),
        message.getCommit(),
        List.copyOf(message.getCapabilitiesList()),
        Map.copyOf(message.getLimitsMap()),
        message.getDevMode(),
        message.getUiUrl());
  }
}
