package dev.pawl;

import java.time.Duration;

/** How to watch an execution. */
public final class WatchOptions {
  String resumeToken = "";
  long afterEventId;
  PayloadView payloads = PayloadView.NONE;
  boolean snapshotsOnly;
  Duration silenceMax = Duration.ofSeconds(45);

  /** Continues after the update that carried this token. */
  public WatchOptions resumeToken(String resumeToken) {
    this.resumeToken = resumeToken;
    return this;
  }

  /** Instead of a token: replays the history after this event. */
  public WatchOptions afterEventId(long afterEventId) {
    this.afterEventId = afterEventId;
    return this;
  }

  /** How much of the JSON documents to send; default NONE. */
  public WatchOptions payloads(PayloadView payloads) {
    this.payloads = payloads;
    return this;
  }

  /** Only snapshots of the execution, at most two a second and the last one at once. */
  public WatchOptions snapshotsOnly() {
    this.snapshotsOnly = true;
    return this;
  }

  /** A stream silent for so long is given up and resumed; the server speaks every 15 s. Default 45 s. */
  public WatchOptions silenceMax(Duration silenceMax) {
    this.silenceMax = silenceMax;
    return this;
  }
}
