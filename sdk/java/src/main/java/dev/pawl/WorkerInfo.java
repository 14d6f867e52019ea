package dev.pawl;

import dev.pawl.v1.RuntimeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One worker's session as the server sees it.
 *
 * @param workerId of the worker's process
 * @param identity {@code pid@host}
 * @param sessionId of the stream
 * @param serverId the server that holds the stream
 * @param status where it stands
 * @param pools what it serves
 * @param running tasks in progress per pool
 * @param connectTime when the stream was opened
 * @param lastSeenTime when it last showed life
 * @param runtime for example {@code pawl-sdk 0.1.0, Java 17.0.2, Linux}
 * @param buildId version of the worker's code
 * @param labels as the worker gave them
 * @param remoteAddress where it connects from
 */
public record WorkerInfo(
    String workerId,
    String identity,
    String sessionId,
    String serverId,
    Status status,
    List<Pool> pools,
    Map<String, Integer> running,
    @Nullable Instant connectTime,
    @Nullable Instant lastSeenTime,
    String runtime,
    String buildId,
    Map<String, String> labels,
    String remoteAddress) {

  /** Where a worker's session stands. */
  public enum Status {
    /** Newer than this SDK. */
    UNSPECIFIED,
    /** Its stream is open. */
    CONNECTED,
    /** It asked for no more tasks. */
    DRAINING,
    /** Its stream broke and the server waits for it to come back. */
    LOST,
    /** Left, or lost for too long. */
    GONE
  }

  /** Resources that share slots. */
  public record Pool(String name, List<String> resources, int slots) {}

  static WorkerInfo of(dev.pawl.v1.WorkerInfo message) {
    List<Pool> pools = message.getPoolsList().stream()
        .map(pool -> new Pool(pool.getName(), List.copyOf(pool.getResourcesList()), pool.getSlots()))
        .toList();
    return new WorkerInfo(
        message.getWorkerId(),
        message.getIdentity(),
        message.getSessionId(),
        message.getServerId(),
        Enums.of(Status.class, message.getStatus(), "WORKER_STATUS_"),
        pools,
        Map.copyOf(message.getRunningMap()),
        message.hasConnectTime() ? Times.instantOf(message.getConnectTime()) : null,
        message.hasLastSeenTime() ? Times.instantOf(message.getLastSeenTime()) : null,
        runtimeText(message.getRuntime()),
        message.getBuildId(),
        Map.copyOf(message.getLabelsMap()),
        message.getRemoteAddress());
  }

  private static String runtimeText(RuntimeInfo runtime) {
    return Stream.of(
            runtime.getSdkName() + " " + runtime.getSdkVersion(),
            runtime.getLanguage() + " " + runtime.getLanguageVersion(),
            runtime.getOs())
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
  }
}
