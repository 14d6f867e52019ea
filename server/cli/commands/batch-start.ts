import { Command, Option } from "commander";
import type { BatchInput } from "@pawl/sdk";
import { readItems } from "../batch/read-items.ts";
import { createBatch, settingsOf, withSettings, type SettingsOptions } from "../batch/settings.ts";
import { chainTransformerOf } from "../chain-transformer.ts";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { labelsOf } from "../option-values.ts";

interface BatchStartOptions extends SettingsOptions {
  readonly items?: string;
  readonly sourceFilter?: string;
  readonly state?: string;
  readonly jsonata?: string;
  readonly transformer?: string;
  readonly wait?: boolean;
  readonly unique?: boolean;
  readonly filter?: string;
  readonly stop?: boolean;
  readonly redrive?: boolean;
  readonly prefix?: string;
  readonly label?: Readonly<Record<string, string>>;
}

/** `pawl batch start`: many executions from a file or from others' outputs, or something done to many. */
export function batchStartCommand(io: Io): Command {
  const start = new Command("start")
    .description(
      "start many executions, from a file or from others' outputs; or stop or redrive many",
    )
    .argument("[machine]", "name or ARN; MACHINE:7 is a version, MACHINE:live an alias")
    .option("-i, --items <file>", "inputs: .json (an array), .jsonl, .csv, or - for JSON lines")
    .option(
      "-p, --prefix <prefix>",
      "executions are PREFIX-0, ...; once under a prefix, none starts twice",
    )
    .addOption(
      new Option("-l, --label <key=value>", "of every execution; may be repeated").argParser(
        labelsOf,
      ),
    );
  for (const option of [...chainOptions, ...filterOptions]) start.addOption(option);
  return withSettings(start)
    .addHelpText("after", examples)
    .action(async (machine: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<BatchStartOptions>();
      await createBatch(io, options, await inputOf(machine, options, io));
    });
}

const chainOptions = [
  new Option(
    "--source-filter <filter>",
    "start one for each execution that it finds, with that one's output as input",
  ),
  new Option("-s, --state <name>", "with --source-filter: take the last output of this state"),
  new Option(
    "-t, --jsonata <expression>",
    "with --source-filter: make the input of the output, $states.input; @file reads the expression",
  ).conflicts("transformer"),
  new Option("--transformer <resource>", "let the workers that serve this name make the input"),
  new Option("--wait", "with --source-filter: start when the sources that still run close"),
  new Option("-u, --unique", "at most once for this source, state, transformer and machine"),
];

const filterOptions = [
  new Option("--filter <filter>", "with --stop or --redrive: which executions"),
  new Option("--stop", "stop the executions").conflicts("redrive"),
  new Option("--redrive", "redrive the executions"),
];

async function inputOf(
  machine: string | undefined,
  options: BatchStartOptions,
  io: Io,
): Promise<BatchInput> {
  const { stop = false, redrive = false, sourceFilter } = options;
  if (stop || redrive) return overFilter(machine, options);
  if (sourceFilter !== undefined) return overSources(machine, sourceFilter, options, io);
  const { items, filter, prefix, label } = options;
  if (machine === undefined || items === undefined || filter !== undefined)
    throw usage(
      "name a machine and --items or --source-filter; or --filter with --stop or --redrive",
    );
  if (chainOptions.some((option) => option.attributeName() in options))
    throw usage("--state, --jsonata, --transformer, --wait and --unique take --source-filter");
  return {
    ...settingsOf(options),
    stateMachine: machine,
    inputs: readItems(items, io.streams),
    ...(prefix !== undefined && { namePrefix: prefix }),
    ...(label !== undefined && { labels: label }),
  };
}

function overFilter(
  machine: string | undefined,
  { stop, filter, items, sourceFilter, ...options }: BatchStartOptions,
): BatchInput {
  const isOther = machine !== undefined || items !== undefined || sourceFilter !== undefined;
  if (filter === undefined || isOther)
    throw usage("--stop and --redrive take --filter, and no machine and no items");
  const settings = { ...settingsOf(options), executions: { filter } };
  return stop === true ? { ...settings, stop: {} } : { ...settings, redrive: {} };
}

async function overSources(
  machine: string | undefined,
  filter: string,
  options: BatchStartOptions,
  io: Io,
): Promise<BatchInput> {
  const { items, state, prefix, label, wait = false, unique = false } = options;
  if (
    machine === undefined ||
    items !== undefined ||
    options.filter !== undefined ||
    label !== undefined
  )
    throw usage("--source-filter takes a machine, and no --items, --filter or --label");
  const transformer = await chainTransformerOf(options, io);
  const chain = {
    stateMachine: machine,
    waitForSource: wait,
    unique,
    ...(prefix !== undefined && { namePrefix: prefix }),
    ...(state !== undefined && { state }),
    ...(transformer !== undefined && { transformer }),
  };
  return { ...settingsOf(options), chain, executions: { filter } };
}

function usage(text: string): CliError {
  return new CliError(exitCode.usage, text);
}

const examples = `
Examples:
  $ pawl batch start orders --items orders.csv --concurrency 50 --watch
  $ pawl batch start orders --items orders.jsonl --prefix nightly-2026-11-23
  $ pawl batch start invoices --source-filter 'state_machine = "orders" AND status = SUCCEEDED' \\
      --state Price --jsonata '{"total": $states.input.sum}' --unique --watch
  $ pawl batch start --stop --filter 'state_machine = "orders" AND status = RUNNING' --dry-run
  $ pawl batch start --redrive --filter 'state_machine = "orders" AND status = FAILED' --watch`;
