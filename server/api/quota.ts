import { EngineError } from "../engine/errors.ts";

interface QuotaLimits {
  /** What is counted, for the message: `open watches`. */
  readonly what: string;
  readonly perCaller: number;
  readonly total: number;
}

/** Counts what callers hold open and refuses what is too much. */
export class Quota {
  readonly #limits: QuotaLimits;
  readonly #byCaller = new Map<string, number>();
  #total = 0;

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
  }

  /**
   * @returns how to give it back.
   * @throws EngineError ResourceExhausted
   */
  take(caller: string): () => void {
    const held = this.#byCaller.get(caller) ?? 0;
    const { what, perCaller, total } = this.#limits;
    if (held >= perCaller)
      throw exhausted(`this connection has ${held} ${what}; the limit is ${perCaller}`, caller);
    if (this.#total >= total)
      throw exhausted(`the server has ${this.#total} ${what}; the limit is ${total}`, "server");
    this.#byCaller.set(caller, held + 1);
    this.#total += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#total -= 1;
      const left = (this.#byCaller.get(caller) ?? 1) - 1;
      if (left === 0) this.#byCaller.delete(caller);
      else this.#byCaller.set(caller, left);
    };
  }
}

function exhausted(message: string, subject: string): EngineError {
  return new EngineError("ResourceExhausted", message, {
    reason: "QUOTA",
    retryAfterMs: 5_000,
    resource: { type: "connection", name: subject },
  });
}
