/**
 * The database's clock, as this process knows it.
 *
 * All due times compare with the database clock; a server's own wall clock decides nothing. The
 * offset is sampled with commits and heartbeats and carried forward by the monotonic clock, so a
 * jump of the machine's clock changes nothing.
 */
export class Clock {
  #databaseMs = Date.now();
  #sampledAtMs = performance.now();
  #lastMs = 0;

  /** Takes a reading of `clock_timestamp()`, in milliseconds. A reading is late by the trip, so the latest estimate wins. */
  sample(databaseMs: number): void {
    const estimate = this.#databaseMs + (performance.now() - this.#sampledAtMs);
    const isClose = Math.abs(databaseMs - estimate) < maxLagMs;
    this.#databaseMs = isClose ? Math.max(databaseMs, estimate - slewMs) : databaseMs;
    this.#sampledAtMs = performance.now();
  }

  /** Milliseconds since the epoch, database time; never goes back. */
  nowMs(): number {
    const now = Math.floor(this.#databaseMs + (performance.now() - this.#sampledAtMs));
    this.#lastMs = Math.max(this.#lastMs, now);
    return this.#lastMs;
  }
}

/** Differences below this are the network's, not the clock's. */
const maxLagMs = 1_000;
/** How far one sample may pull a running estimate back. */
const slewMs = 1;

/** Milliseconds of this process's monotonic clock, for measuring waits. */
export function monotonicMs(): number {
  return performance.now();
}

/** This machine's wall clock in milliseconds since the epoch, for what other machines' clocks are compared with. */
export function wallClockMs(): number {
  return Date.now();
}
