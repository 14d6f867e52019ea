package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.BatchServiceGrpc;
import dev.pawl.v1.WatchBatchResponse;
import org.jspecify.annotations.Nullable;

/** Where a watch of a batch stands. */
final class BatchCursor {
  private final ObjectMapper mapper;
  private String resumeToken;

  private BatchCursor(String resumeToken, ObjectMapper mapper) {
    this.resumeToken = resumeToken;
    this.mapper = mapper;
  }

  static Watch<BatchUpdate> watch(
      Connection connection, String batch, WatchBatchOptions options, ObjectMapper mapper) {
    BatchCursor cursor = new BatchCursor(options.resumeToken(), mapper);
    ResumedStream<WatchBatchResponse> stream = new ResumedStream<>(
        connection,
        () -> new ServerStream<>(
            connection, BatchServiceGrpc.getWatchBatchMethod(), options.message(batch, cursor.resumeToken)),
        WatchBatchResponse::getTerminal,
        options.silenceMax());
    return new Watch<>(() -> cursor.next(stream), stream::close);
  }

  private @Nullable BatchUpdate next(ResumedStream<WatchBatchResponse> stream) {
    for (WatchBatchResponse response = stream.next(); response != null; response = stream.next()) {
      if (!response.getResumeToken().isEmpty()) resumeToken = response.getResumeToken();
      if (response.hasProgress())
        return new BatchUpdate.Progress(Batch.of(response.getProgress()), response.getTerminal(), resumeToken);
      if (response.hasItem())
        return new BatchUpdate.Item(BatchItem.of(response.getItem(), mapper), response.getTerminal(), resumeToken);
    }
    return null;
  }
}
