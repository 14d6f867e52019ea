const windowMs = 60_000;
const slotMs = 1_000;

/** How often something happens, over the last minute. */
export class Rate {
  /** Counts by second. */
  #slots: { readonly second: number; count: number }[] = [];
  readonly #sinceMs: number;

  /** @param sinceMs from when on it may happen. */
  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs;
  }

  add(nowMs: number): void {
    const second = Math.floor(nowMs / slotMs);
    const last = this.#slots.at(-1);
    if (last?.second === second) last.count += 1;
    else this.#slots.push({ second, count: 1 });
  }

  /** Over the time since it may happen, while that is less than a minute. */
  perSecond(nowMs: number): number {
    const from = Math.floor((nowMs - windowMs) / slotMs);
    this.#slots = this.#slots.filter(({ second }) => second > from);
    const count = this.#slots.reduce((sum, slot) => sum + slot.count, 0);
    const spanMs = Math.min(windowMs, Math.max(slotMs, nowMs - this.#sinceMs));
    return count / (spanMs / 1_000);
  }
}
