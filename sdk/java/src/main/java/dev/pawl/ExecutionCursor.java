package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.ExecutionServiceGrpc;
import dev.pawl.v1.WatchExecutionRequest;
import dev.pawl.v1.WatchExecutionResponse;
import org.jspecify.annotations.Nullable;

/** Where a watch of an execution stands: what to ask for next, and what was seen. */
final class ExecutionCursor {
  private final String execution;
  private final WatchOptions options;
  private final ObjectMapper mapper;
  private String resumeToken;
  private long lastEventId;

  private ExecutionCursor(String execution, WatchOptions options, ObjectMapper mapper) {
    this.execution = execution;
    this.options = options;
    this.mapper = mapper;
    this.resumeToken = options.resumeToken;
    this.lastEventId = options.afterEventId;
  }

  static Watch<ExecutionUpdate> watch(
      Connection connection, String execution, WatchOptions options, ObjectMapper mapper) {
    ExecutionCursor cursor = new ExecutionCursor(execution, options, mapper);
    ResumedStream<WatchExecutionResponse> stream = new ResumedStream<>(
        connection,
        () -> new ServerStream<>(connection, ExecutionServiceGrpc.getWatchExecutionMethod(), cursor.request()),
        WatchExecutionResponse::getTerminal,
        options.silenceMax);
    return new Watch<>(() -> cursor.next(stream), stream::close);
  }

  private WatchExecutionRequest request() {
    return WatchExecutionRequest.newBuilder()
        .setExecution(execution)
        .setResumeToken(resumeToken)
        .setAfterEventId(resumeToken.isEmpty() ? lastEventId : 0)
        .setPayloadView(options.payloads.message())
        .setSnapshotsOnly(options.snapshotsOnly)
        .build();
  }

  private @Nullable ExecutionUpdate next(ResumedStream<WatchExecutionResponse> stream) {
    for (WatchExecutionResponse response = stream.next(); response != null; response = stream.next()) {
      ExecutionUpdate update = advance(response);
      if (update != null) return update;
    }
    return null;
  }

  /** The update in a response, unless it is a keepalive or an event seen before. */
  private @Nullable ExecutionUpdate advance(WatchExecutionResponse response) {
    if (!response.getResumeToken().isEmpty()) resumeToken = response.getResumeToken();
    boolean isTerminal = response.getTerminal();
    if (response.hasSnapshot())
      return new ExecutionUpdate.Snapshot(Execution.of(response.getSnapshot(), mapper), isTerminal, resumeToken);
    if (!response.hasEvent()) return null;
    ExecutionEvent event = ExecutionEvent.of(response.getEvent(), mapper);
    if (event.id() <= lastEventId && !isTerminal) return null;
    lastEventId = event.id();
    return new ExecutionUpdate.Event(event, isTerminal, resumeToken);
  }
}
