import type { HistoryEvent } from "../asl/index.ts";

/** What a watcher hears from a commit. */
export interface Update<Closed> {
  readonly events: readonly HistoryEvent[];
  /** The execution as it ended, if it did. */
  readonly closed?: Closed;
}

export type Listener<Closed> = (update: Update<Closed>) => void;

/** Tells who follows an execution what was committed. In memory; the record is the truth behind it. */
export class Updates<Closed> {
  readonly #listeners = new Map<string, Set<Listener<Closed>>>();

  /** @param update built only if somebody listens. */
  publish(executionId: string, update: () => Update<Closed>): void {
    const listeners = this.#listeners.get(executionId);
    if (listeners === undefined) return;
    const news = update();
    for (const listener of listeners) listener(news);
  }

  /** @returns how to stop. */
  subscribe(executionId: string, listener: Listener<Closed>): () => void {
    let listeners = this.#listeners.get(executionId);
    if (listeners === undefined) {
      listeners = new Set();
      this.#listeners.set(executionId, listeners);
    }
    const group = listeners;
    group.add(listener);
    return () => {
      group.delete(listener);
      if (group.size === 0 && this.#listeners.get(executionId) === group)
        this.#listeners.delete(executionId);
    };
  }
}
