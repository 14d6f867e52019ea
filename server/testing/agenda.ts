import type { Event } from "../asl/index.ts";

interface Entry {
  readonly atMs: number;
  readonly event: Event;
}

/** What is to happen and when: the earliest first, and of two at the same time the one planned first. */
export class Agenda {
  readonly #entries: Entry[] = [];

  plan(atMs: number, event: Event): void {
    let from = 0;
    let to = this.#entries.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#entries[middle]?.atMs ?? Infinity) > atMs) to = middle;
      else from = middle + 1;
    }
    this.#entries.splice(from, 0, { atMs, event });
  }

  next(): Entry | undefined {
    return this.#entries.shift();
  }

  withdraw(isGone: (event: Event) => boolean): void {
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i];
      if (entry !== undefined && isGone(entry.event)) this.#entries.splice(i, 1);
    }
  }
}
