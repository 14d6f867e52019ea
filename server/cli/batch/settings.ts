/** What all commands that create a batch have in common. */
import type { Command } from "commander";
import type { BatchInput, BatchSettings } from "@pawl/sdk";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { limitOf, percentageOf } from "../option-values.ts";
import { withClient } from "../with-client.ts";
import { printBatch } from "./batch-text.ts";
import { followBatch } from "./follow-batch.ts";

export interface SettingsOptions extends GlobalOptions {
  readonly name?: string;
  readonly concurrency?: number;
  readonly microBatch?: number;
  readonly stopOnError?: boolean;
  readonly failAt?: number;
  readonly pauseAt?: number;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** Gives a command the options that say how its batch goes about it. */
export function withSettings(command: Command): Command {
  return command
    .option("-n, --name <name>", "of the batch; unique while it is open")
    .option("-c, --concurrency <count>", "items at a time (default: 100)", limitOf)
    .option("--stop-on-error", "end at the first item that fails")
    .option(
      "--fail-at <percentage>",
      "FAILED when so many of the last 500 items failed",
      percentageOf,
    )
    .option(
      "--pause-at <percentage>",
      "PAUSED when so many of the last 5 micro-batches failed",
      percentageOf,
    )
    .option("--micro-batch <count>", "items of a micro-batch (default: 1000)", limitOf)
    .option("--dry-run", "check and count the items, do nothing")
    .option("-w, --watch", "show its progress until it has ended");
}

export function settingsOf(options: SettingsOptions): BatchSettings {
  const { name, concurrency, microBatch, stopOnError, failAt, pauseAt } = options;
  return {
    ...(name !== undefined && { name }),
    ...(concurrency !== undefined && { maxConcurrency: concurrency }),
    ...(microBatch !== undefined && { microBatchSize: microBatch }),
    ...(stopOnError !== undefined && { stopOnError }),
    ...((failAt !== undefined || pauseAt !== undefined) && {
      failurePolicy: { severeRate: (failAt ?? 100) / 100, softRate: (pauseAt ?? 100) / 100 },
    }),
  };
}

/** Creates a batch, and shows it as the options ask for. */
export async function createBatch(
  io: Io,
  options: SettingsOptions,
  input: BatchInput,
): Promise<void> {
  const { json, dryRun = false, watch = false } = options;
  await withClient(options, async (client) => {
    const batch = await client.createBatch(input, { dryRun });
    if (dryRun && json !== true) io.line(`${batch.counts.total} executions`);
    else if (watch && !dryRun) await followBatch(client, batch.id, { io, json });
    else printBatch(io, json, batch);
  });
}
