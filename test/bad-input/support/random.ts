/** Chance that can be had again: the same seed makes the same choices (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** The text with one to four things wrong. */
  mutated(text: string): string {
    let result = text;
    for (let times = 1 + this.below(4); times > 0; times -= 1) {
      const at = this.below(result.length + 1);
      const upTo = at + this.below(8);
      const piece = this.of(pieces);
      result = this.of([
        () => result.slice(0, at) + piece + result.slice(at),
        () => result.slice(0, at) + result.slice(upTo),
        () => result.slice(0, at) + piece + result.slice(upTo),
        () => result.slice(0, at) + result.slice(at, upTo) + result.slice(at),
      ])();
    }
    return result;
  }
}

const pieces = [
  ...Array.from("{}[]\",:\\'#&*!|>%@`-0.$ \n\t\0"),
  "null",
  "true",
  "1e400",
  "-0",
  "NaN",
  "\\u0000",
  "\\ud800",
  "__proto__",
  "constructor",
  "States.ALL",
  "$$.",
  "$..*",
  "[?(@.a)]",
  "States.Format(",
  "&a ",
  "*a",
  "<<: ",
  "\ufeff",
  "\u202e",
  "😀",
];
