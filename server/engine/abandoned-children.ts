import type pg from "pg";
import type { Failure } from "../asl/index.ts";
import { abandonedExecutions, forgetClosedAwaited } from "../store/sql/awaited-executions.ts";
import { leftRunning, settleMapRun, unsettledMapRuns } from "../store/sql/map-run-children.ts";

export interface AbandonedChildrenOptions {
  readonly sql: pg.Pool;
  readonly stopExecution: (executionId: string, failure: Failure) => Promise<unknown>;
  readonly onError: (error: unknown, message: string) => void;
}

const lookMs = 5_000;

/**
 * Stops executions that were begun for something that is over: children of Map Runs that have failed or
 * were given up, and those that a withdrawn `.sync` task waited for. Every server does: the one that
 * began them may be gone.
 */
export class AbandonedChildren {
  readonly #options: AbandonedChildrenOptions;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isStopped = false;

  constructor(options: AbandonedChildrenOptions) {
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
          if (!this.#isStopped)
            this.#options.onError(error, "could not look for abandoned executions");
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
      while (!this.#isStopped && (await this.#stop(await leftRunning(sql, id))));
      if (!this.#isStopped) await settleMapRun(sql, id);
    }
    while (!this.#isStopped && (await this.#stop(await abandonedExecutions(sql))));
    await forgetClosedAwaited(sql);
  }

  /** @returns whether there was any. */
  async #stop(running: readonly string[]): Promise<boolean> {
    const { stopExecution } = this.#options;
    // One that has just ended by itself is as good as stopped.
    await Promise.allSettled(running.map((id) => stopExecution(id, {})));
    return running.length > 0;
  }
}
