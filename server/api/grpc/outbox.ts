import type { DuplexCall } from "./duplex-call.ts";

/**
 * Joins what is to be sent in one turn of the event loop: `flush` is called once for any number of
 * `mark`s, and not while the caller is slow to read.
 */
export class Outbox<In, Out> {
  readonly #call: DuplexCall<In, Out>;
  readonly #flush: () => void;
  #isMarked = false;
  #isBlocked = false;

  /** @param flush sends what is ready through {@link send} until that returns false. */
  constructor(call: DuplexCall<In, Out>, flush: () => void) {
    this.#call = call;
    this.#flush = flush;
    call.onDrain(() => {
      this.#isBlocked = false;
      this.flushNow();
    });
  }

  /** Something is ready to be sent. */
  mark(): void {
    if (this.#isMarked || this.#isBlocked) return;
    this.#isMarked = true;
    setImmediate(this.#run);
  }

  /** @returns false when the caller is slow to read: stop, `flush` will be called again. */
  send(message: Out): boolean {
    if (this.#call.send(message)) return true;
    this.#isBlocked = true;
    return false;
  }

  flushNow(): void {
    this.#isMarked = false;
    if (!this.#isBlocked && !this.#call.isOver) this.#flush();
  }

  readonly #run = (): void => {
    if (this.#isMarked) this.flushNow();
  };
}
