import { Command, Option } from "commander";
import type { BatchInput, Client } from "@pawl/sdk";
import { printBatch } from "../batch/batch-text.ts";
import { followBatch } from "../batch/follow-batch.ts";
import { readItems } from "../batch/read-items.ts";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { labelsOf, limitOf, percentageOf } from "../option-values.ts";
import { withClient } from "../with-client.ts";

interface BatchStartOptions extends GlobalOptions {
  readonly items?: string;
  readonly filter?: string;
  readonly stop?: boolean;
  readonly redrive?: boolean;
  readonly name?: string;
  readonly prefix?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly concurrency?: number;
  readonly microBatch?: number;
  readonly stopOnError?: boolean;
  readonly failAt?: number;
  readonly pauseAt?: number;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** `pawl batch start`: many executions from a file, or something done to many executions. */
export function batchStartCommand(io: Io): Command {
  return new Command("start")
    .description("start an execution for each item of a file; or stop or redrive many executions")
    .argument("[machine]", "name or ARN; MACHINE:7 is a version, MACHINE:live an alias")
    .option("-i, --items <file>", "inputs: .json (an array), .jsonl, .csv, or - for JSON lines")
    .option("--filter <filter>", "with --stop or --redrive: which executions")
    .addOption(new Option("--stop", "stop the executions").conflicts("redrive"))
    .option("--redrive", "redrive the executions")
    .option("-n, --name <name>", "of the batch; unique while it is open")
    .option(
      "-p, --prefix <prefix>",
      "executions are PREFIX-0, ...; once under a prefix, none starts twice",
    )
    .addOption(
      new Option("-l, --label <key=value>", "of every execution; may be repeated").argParser(
        labelsOf,
      ),
    )
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
    .option("--dry-run", "with --filter: count the executions, do nothing")
    .option("-w, --watch", "show its progress until it has ended")
    .addHelpText("after", examples)
    .action(async (machine: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<BatchStartOptions>();
      const { json, dryRun = false, watch } = options;
      const input = inputOf(machine, options, io);
      await withClient(options, async (client: Client) => {
        const batch = await client.createBatch(input, { dryRun });
        if (dryRun) {
          if (json === true) io.json(batch);
          else io.line(`${batch.counts.total} executions`);
        } else if (watch === true) await followBatch(client, batch.id, { io, json });
        else printBatch(io, json, batch);
      });
    });
}

function inputOf(machine: string | undefined, options: BatchStartOptions, io: Io): BatchInput {
  const { items, filter, stop, redrive, prefix, label } = options;
  const settings = settingsOf(options);
  if (stop === true || redrive === true) {
    if (filter === undefined || machine !== undefined || items !== undefined)
      throw usage("--stop and --redrive take --filter, and no machine and no items");
    const executions = { filter };
    return stop === true
      ? { ...settings, stop: {}, executions }
      : { ...settings, redrive: {}, executions };
  }
  if (machine === undefined || items === undefined || filter !== undefined)
    throw usage("name a machine and --items; or --filter with --stop or --redrive");
  return {
    ...settings,
    stateMachine: machine,
    inputs: readItems(items, io.streams),
    ...(prefix !== undefined && { namePrefix: prefix }),
    ...(label !== undefined && { labels: label }),
  };
}

function settingsOf(options: BatchStartOptions): Pick<BatchInput, "name" | "maxConcurrency"> {
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

function usage(text: string): CliError {
  return new CliError(exitCode.usage, text);
}

const examples = `
Examples:
  $ pawl batch start orders --items orders.csv --concurrency 50 --watch
  $ pawl batch start orders --items orders.jsonl --prefix nightly-2026-11-23
  $ pawl batch start --stop --filter 'state_machine = "orders" AND status = RUNNING' --dry-run
  $ pawl batch start --redrive --filter 'state_machine = "orders" AND status = FAILED' --watch`;
