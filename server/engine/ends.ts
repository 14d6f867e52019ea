import type { Execution } from "./engine.ts";
import { EngineError } from "./errors.ts";
import type { Updates } from "./updates.ts";

export interface EndsOptions {
  readonly updates: Updates<Execution>;
  /** Whether this server turns the execution, so that its end will be heard. */
  readonly isResident: (executionId: string) => boolean;
  readonly describe: (executionId: string) => Promise<Execution>;
  /** Those of the executions that no longer run. */
  readonly closedOf: (executionIds: readonly string[]) => Promise<readonly string[]>;
  readonly hasPeers: () => boolean;
}

/** Looks at the database this often for executions that another server turns; alone, rarely: a safety net. */
const lookMsWithPeers = 200;
const lookMsAlone = 2_000;

/**
 * Waits for executions to end. Thousands wait at a time: ends are heard in memory, and one sweep for
 * all of them looks up those that this server does not turn.
 */
export class Ends {
  readonly #options: EndsOptions;
  readonly #waiting = new Set<Waiting>();
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: EndsOptions) {
    this.#options = options;
  }

  /** Resolves with the closed execution, or as it is when `signal` aborts. */
  wait(executionId: string, signal: AbortSignal): Promise<Execution> {
    return new Promise((resolve, reject) => {
      const finish = (result: () => void): void => {
        if (!this.#waiting.delete(waiting)) return;
        unsubscribe();
        signal.removeEventListener("abort", abort);
        result();
      };
      const abort = (): void => finish(() => resolve(this.#options.describe(executionId)));
      const waiting: Waiting = {
        executionId,
        closed: (execution) => finish(() => resolve(execution)),
        failed: (error) => finish(() => reject(error)),
      };
      const unsubscribe = this.#options.updates.subscribe(
        executionId,
        ({ closed }) => closed !== undefined && waiting.closed(closed),
      );
      this.#waiting.add(waiting);
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
      else if (!this.#options.isResident(executionId)) void this.#look(waiting);
      this.#sweepLater();
    });
  }

  async #look(waiting: Waiting): Promise<void> {
    try {
      const execution = await this.#options.describe(waiting.executionId);
      if (execution.status !== "RUNNING") waiting.closed(execution);
    } catch (error) {
      // That there is no such execution is an answer; that the database is away is none yet.
      if (error instanceof EngineError) waiting.failed(error);
    }
  }

  #sweepLater(): void {
    if (this.#sweep !== undefined || this.#waiting.size === 0) return;
    const ms = this.#options.hasPeers() ? lookMsWithPeers : lookMsAlone;
    this.#sweep = setTimeout(() => {
      void this.#lookForEnds().finally(() => {
        this.#sweep = undefined;
        this.#sweepLater();
      });
    }, ms);
    this.#sweep.unref();
  }

  async #lookForEnds(): Promise<void> {
    const away = [...this.#waiting].filter(
      ({ executionId }) => !this.#options.isResident(executionId),
    );
    if (away.length === 0) return;
    const ids = away.map(({ executionId }) => executionId);
    // The database is away: the next sweep looks again.
    const closed = new Set(await this.#options.closedOf(ids).catch(() => []));
    const ended = away.filter(({ executionId }) => closed.has(executionId));
    await Promise.all(ended.map((waiting) => this.#look(waiting)));
  }
}

interface Waiting {
  readonly executionId: string;
  readonly closed: (execution: Execution) => void;
  readonly failed: (error: unknown) => void;
}
