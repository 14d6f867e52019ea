import type pg from "pg";
import type { ExecutionAttempt } from "../store/sql/begun-at.ts";
import { abandonedExecutions, forgetClosedAwaited } from "../store/sql/awaited-executions.ts";
import { leftRunning, settleMapRun, unsettledMapRuns } from "../store/sql/map-run-children.ts";
import { Sweep } from "./sweep.ts";

export interface AbandonedChildrenOptions {
  readonly sql: pg.Pool;
  readonly stopAttempt: (attempt: ExecutionAttempt) => Promise<unknown>;
  readonly onError: (error: unknown, message: string) => void;
}

const lookMs = 5_000;
/** What a run's end leaves is said before its turn is committed: by then it is. */
const committedMs = 100;

/**
 * Stops executions that were begun for something that is over: children of Map Runs that have failed or
 * were given up, and those that a withdrawn `.sync` task waited for. Every server does: the one that
 * began them may be gone.
 */
export class AbandonedChildren {
  readonly #options: AbandonedChildrenOptions;
  readonly #sweep: Sweep;

  constructor(options: AbandonedChildrenOptions) {
    this.#options = options;
    this.#sweep = new Sweep({
      look: () => this.#look(),
      everyMs: lookMs,
      soonMs: committedMs,
      onError: (error) => options.onError(error, "could not look for abandoned executions"),
    });
  }

  start(): void {
    this.#sweep.start();
  }

  stop(): void {
    this.#sweep.stop();
  }

  /** A run may just have ended. */
  soon(): void {
    this.#sweep.soon();
  }

  async #look(): Promise<void> {
    const { sql } = this.#options;
    for (const id of await unsettledMapRuns(sql)) {
      while (!this.#sweep.isStopped && (await this.#stop(await leftRunning(sql, id))));
      if (!this.#sweep.isStopped) await settleMapRun(sql, id);
    }
    while (!this.#sweep.isStopped && (await this.#stop(await abandonedExecutions(sql))));
    await forgetClosedAwaited(sql);
  }

  /** @returns whether there was any. */
  async #stop(running: readonly ExecutionAttempt[]): Promise<boolean> {
    // One that has just ended by itself is as good as stopped.
    await Promise.allSettled(running.map((attempt) => this.#options.stopAttempt(attempt)));
    return running.length > 0;
  }
}
