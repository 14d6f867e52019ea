import type pg from "pg";
import { claimBatches } from "../../store/sql/batch-runs.ts";
import { isDatabaseAway } from "../database-away.ts";
import { Sweep } from "../sweep.ts";
import type { DoItemOptions } from "./do-item.ts";
import { BatchRun } from "./run-batch.ts";

export interface BatchRunsOptions extends Pick<DoItemOptions, "executions" | "onError"> {
  readonly sql: pg.Pool;
  readonly serverId: string;
}

/** How often to look for batches that nobody carries out. */
const lookMs = 2_000;

/** The batches that this server carries out. Whichever server finds one that no living server has takes it up. */
export class BatchRuns {
  readonly #options: BatchRunsOptions;
  readonly #runs = new Map<string, BatchRun>();
  readonly #stopped = new AbortController();
  readonly #sweep: Sweep;

  constructor(options: BatchRunsOptions) {
    this.#options = options;
    this.#sweep = new Sweep({
      look: () => this.#look(),
      everyMs: lookMs,
      onError: (error) => this.#failed(error, "could not look for batches"),
    });
  }

  start(): void {
    this.#sweep.start();
  }

  /** Begins nothing more. What is under way is taken up by another server, or the next one. */
  stop(): void {
    this.#stopped.abort();
    this.#sweep.stop();
  }

  /** A batch was created here, or something was done to one. */
  soon(batchId: string): void {
    const run = this.#runs.get(batchId);
    if (run !== undefined) run.soon();
    else this.#sweep.soon();
  }

  /** Batches may have lost their owner. */
  lookSoon(): void {
    this.#sweep.soon();
  }

  async #look(): Promise<void> {
    const { sql, serverId } = this.#options;
    const running = [...this.#runs.keys()];
    for (const batch of await claimBatches(sql, { serverId, running })) {
      const { signal } = this.#stopped;
      const left = new AbortController();
      const run = new BatchRun(batch, {
        ...this.#options,
        signal: AbortSignal.any([signal, left.signal]),
      });
      this.#runs.set(batch.id, run);
      run
        .run()
        // What was not written is found again by whoever takes the batch up.
        .catch((error: unknown) => this.#failed(error, `batch ${batch.id} is taken up again`))
        .finally(() => {
          left.abort();
          this.#runs.delete(batch.id);
        });
    }
  }

  #failed(error: unknown, message: string): void {
    if (!this.#stopped.signal.aborted && !isDatabaseAway(error))
      this.#options.onError(error, message);
  }
}
