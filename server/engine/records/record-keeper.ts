import type pg from "pg";
import {
  archivedRecords,
  expiredExecutions,
  removable,
  removeExecutions,
} from "../../store/sql/remove-executions.ts";
import { rollUpHours } from "../../store/sql/roll-up.ts";
import { archive } from "./archive.ts";

export interface RecordKeeperOptions {
  readonly sql: pg.Pool;
  /** Where what is removed goes first; absent: nowhere. */
  readonly archiveDirectory: string | undefined;
  readonly onError: (error: unknown, message: string) => void;
}

const lookMs = 60_000;
/** Executions removed at once, children of their Map Runs not counted. */
const batchMax = 200;

/** Rolls up statistics and removes what its machine's retention no longer keeps. Every server does, one at a time. */
export class RecordKeeper {
  readonly #options: RecordKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: RecordKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lookLater();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Does all there is to do now. */
  async look(): Promise<void> {
    const { sql } = this.#options;
    while (!this.#isStopped && (await rollUpHours(sql)));
    while (!this.#isStopped && (await this.#removeSome()));
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.look()
        .catch((error: unknown) => {
          if (!this.#isStopped) this.#options.onError(error, "could not tidy up records");
        })
        .finally(() => this.#lookLater());
    }, lookMs);
    this.#timer.unref();
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
