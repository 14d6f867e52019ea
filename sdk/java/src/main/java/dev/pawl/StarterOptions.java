package dev.pawl;

/** How starts are pipelined. */
public final class StarterOptions {
  int maxInFlight = 1_000;
  boolean follow = true;

  /** Starts without an answer at one time; beyond it the next one waits. Default 1,000. */
  public StarterOptions maxInFlight(int maxInFlight) {
    this.maxInFlight = maxInFlight;
    return this;
  }

  /** Let the server report each end too, for {@link Started#result}. Default true. */
  public StarterOptions follow(boolean follow) {
    this.follow = follow;
    return this;
  }
}
