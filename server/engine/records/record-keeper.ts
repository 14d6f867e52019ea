import type pg from "pg";
import {
  archivedRecords,
  expiredExecutions,
  removable,
  removeExecutions,
} from "../../store/sql/remove-executions.ts";
import { removeBatchItems } from "../../store/sql/remove-batches.ts";
import { rollUp } from "../../store/sql/roll-up.ts";
import { Sweep } from "../sweep.ts";
import { archive } from "./archive.ts";

export interface RecordKeeperOptions {
  readonly sql: pg.Pool;
  /** Where what is removed goes first; absent: nowhere. */
  readonly archiveDirectory: string | undefined;
  /** 0: batches are kept for ever. */
  readonly batchRetentionSeconds: number;
  readonly onError: (error: unknown, message: string) => void;
}

const lookMs = 60_000;
/** Executions removed at once, children of their Map Runs not counted. */
const batchMax = 200;

/** Rolls up statistics and removes what its machine's retention no longer keeps. Every server does, one at a time. */
export class RecordKeeper {
  readonly #options: RecordKeeperOptions;
  readonly #sweep: Sweep;

  constructor(options: RecordKeeperOptions) {
    this.#options = options;
    this.#sweep = new Sweep({
      look: () => this.look(),
      everyMs: lookMs,
      onError: (error) => options.onError(error, "could not tidy up records"),
    });
  }

  start(): void {
    this.#sweep.start();
  }

  stop(): void {
    this.#sweep.stop();
  }

  /** Does all there is to do now. */
  async look(): Promise<void> {
    const { sql, batchRetentionSeconds } = this.#options;
    while (!this.#sweep.isStopped && (await this.#removeSome()));
    if (batchRetentionSeconds > 0)
      while (!this.#sweep.isStopped && (await removeBatchItems(sql, batchRetentionSeconds)));
    // After the removals: until it is rolled up again, what they have changed is counted one by one.
    await rollUp(sql, () => this.#sweep.isStopped);
  }

  /** @returns whether there was any. */
  async #removeSome(): Promise<boolean> {
    const { sql, archiveDirectory } = this.#options;
    const expired = await expiredExecutions(sql, batchMax);
    if (expired.length === 0) return false;
    const ids = await removable(sql, expired);
    if (archiveDirectory !== undefined)
      await archive(archiveDirectory, await archivedRecords(sql, ids));
    return (await removeExecutions(sql, ids)) > 0;
  }
}
