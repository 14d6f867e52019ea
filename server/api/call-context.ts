/** What a handler knows about the call it answers, whichever protocol carried it. */
export interface CallContext {
  /** `package.Service/Method`. */
  readonly method: string;
  /** Aborted when the caller is gone, its deadline has passed, or the call is over. */
  readonly signal: AbortSignal;
  /** `address:port` of the connection. */
  readonly peer: string;
  /** A request header (metadata), first value. */
  header(name: string): string | undefined;
  /** Milliseconds left of the caller's deadline; undefined without one. */
  timeoutMs(): number | undefined;
}

/**
 * The server's wish to be left alone: streams that would otherwise run for ever end themselves with
 * UNAVAILABLE when it begins.
 */
export class Draining {
  readonly #listeners = new Set<() => void>();
  #isDraining = false;

  get isDraining(): boolean {
    return this.#isDraining;
  }

  begin(): void {
    this.#isDraining = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** @returns how to stop listening. */
  onBegin(listener: () => void): () => void {
    if (this.#isDraining) queueMicrotask(listener);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
