import type pg from "pg";
import type { Failure } from "../../asl/index.ts";
import { leftRunning, settleMapRun, unsettledMapRuns } from "../../store/sql/map-run-children.ts";

export interface SettlerOptions {
  readonly sql: pg.Pool;
  readonly stopExecution: (executionId: string, failure: Failure) => Promise<unknown>;
  readonly onError: (error: unknown, message: string) => void;
}

const lookMs = 5_000;

/**
 * Stops the children of Map Runs that have failed or were given up. Every server does: the one that
 * carried the run out may be gone.
 */
export class MapRunSettler {
  readonly #options: SettlerOptions;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isStopped = false;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lookLater(lookMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** A run may just have ended. */
  soon(): void {
    if (!this.#isLooking) this.#lookLater(100);
  }

  #lookLater(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#isLooking = true;
      this.#look()
        .catch((error: unknown) => {
          if (!this.#isStopped) this.#options.onError(error, "could not settle Map Runs");
        })
        .finally(() => {
          this.#isLooking = false;
          this.#lookLater(lookMs);
        });
    }, ms);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { sql } = this.#options;
    for (const id of await unsettledMapRuns(sql)) {
      while (!this.#isStopped && (await this.#stopSome(id)));
      if (!this.#isStopped) await settleMapRun(sql, id);
    }
  }

  /** @returns whether there was any. */
  async #stopSome(mapRunId: string): Promise<boolean> {
    const { sql, stopExecution } = this.#options;
    const running = await leftRunning(sql, mapRunId);
    // One that has just ended by itself is as good as stopped.
    await Promise.allSettled(running.map((id) => stopExecution(id, {})));
    return running.length > 0;
  }
}
