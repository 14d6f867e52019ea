/** Something to be done at a time. */
export interface Timed {
  /** Milliseconds of `performance.now()`; Infinity: nothing to do. */
  readonly dueAt: number;
  onDue(now: number): void;
}

/** `setTimeout` fires at once beyond 2^31 - 1 ms. */
const sleepMsMax = 60 * 60 * 1000;

/** One timer for all tasks: heartbeats and deadlines of thousands cost one wake-up at the earliest. */
export class TaskClock {
  readonly #timed = new Set<Timed>();
  #timer: NodeJS.Timeout | undefined;
  #wakeAt = Infinity;

  /** Call again whenever `dueAt` came nearer. */
  watch(timed: Timed): void {
    if (timed.dueAt === Infinity) return;
    this.#timed.add(timed);
    this.#wake(timed.dueAt);
  }

  forget(timed: Timed): void {
    this.#timed.delete(timed);
  }

  stop(): void {
    this.#timed.clear();
    clearTimeout(this.#timer);
    this.#wakeAt = Infinity;
  }

  #wake(at: number): void {
    if (at >= this.#wakeAt) return;
    clearTimeout(this.#timer);
    this.#wakeAt = at;
    const waitMs = Math.min(Math.max(at - performance.now(), 0), sleepMsMax);
    this.#timer = setTimeout(() => this.#tick(), waitMs);
  }

  #tick(): void {
    this.#wakeAt = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const timed of this.#timed) {
      if (timed.dueAt <= now) timed.onDue(now);
      if (timed.dueAt === Infinity) this.#timed.delete(timed);
      next = Math.min(next, timed.dueAt);
    }
    if (next !== Infinity) this.#wake(next);
  }
}
