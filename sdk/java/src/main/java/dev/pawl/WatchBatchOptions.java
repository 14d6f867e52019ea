package dev.pawl;

import dev.pawl.v1.WatchBatchRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How to watch a batch. */
public final class WatchBatchOptions {
  private boolean items;
  private boolean fromStart;
  private String resumeToken = "";
  private @Nullable Duration minInterval;
  private Duration silenceMax = Duration.ofSeconds(45);

  /** Also every item that begins (RUNNING) and every item that is done. */
  public WatchBatchOptions items() {
    items = true;
    return this;
  }

  /** Items from the first one on, not from now on. */
  public WatchBatchOptions fromStart() {
    fromStart = true;
    return this;
  }

  /** Continues after the update that carried this token. */
  public WatchBatchOptions resumeToken(String resumeToken) {
    this.resumeToken = resumeToken;
    return this;
  }

  /** Least time between two looks; default 500 ms. */
  public WatchBatchOptions minInterval(Duration minInterval) {
    this.minInterval = minInterval;
    return this;
  }

  /** A stream silent for so long is given up and resumed. Default 45 s. */
  public WatchBatchOptions silenceMax(Duration silenceMax) {
    this.silenceMax = silenceMax;
    return this;
  }

  String resumeToken() {
    return resumeToken;
  }

  Duration silenceMax() {
    return silenceMax;
  }

  WatchBatchRequest message(String batch, String resumeToken) {
    WatchBatchRequest.Builder request = WatchBatchRequest.newBuilder()
        .setBatch(batch)
        .setResumeToken(resumeToken)
        .setIncludeItems(items)
        .setFromStart(fromStart);
    if (minInterval != null) request.setMinInterval(Times.protoOf(minInterval));
    return request.build();
  }
}
