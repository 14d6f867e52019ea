import { Command, Option } from "commander";
import type { ChainSource } from "@pawl/sdk";
import { chainTransformerOf } from "../chain-transformer.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { labelsOf } from "../option-values.ts";
import { tellStarted } from "../tell-started.ts";
import { withClient } from "../with-client.ts";

interface ChainOptions extends GlobalOptions {
  readonly state?: string;
  readonly transform?: string;
  readonly transformer?: string;
  readonly wait?: boolean;
  readonly unique?: boolean;
  readonly name?: string;
  readonly label?: Readonly<Record<string, string>>;
}

/** `pawl chain`: starts an execution from what another one has put out. */
export function chainCommand(io: Io): Command {
  return new Command("chain")
    .description("start an execution with another one's output as its input")
    .argument("<source>", "the execution that is taken from: id, ARN or MACHINE/NAME")
    .argument("<machine>", "what to start: name or ARN, with a version or alias")
    .option("-s, --state <name>", "take the last output of this state instead")
    .addOption(
      new Option(
        "-t, --transform <jsonata>",
        "make the input of the output, $states.input; @file reads the expression",
      ).conflicts("transformer"),
    )
    .option("--transformer <resource>", "let the workers that serve this name make the input")
    .option("-w, --wait", "if the source still runs, start when it closes")
    .option("-u, --unique", "at most once for this source, state, transformer and machine")
    .option("-n, --name <name>", "name of the execution (default: a random one)")
    .addOption(
      new Option("-l, --label <key=value>", "label to find it by; may be repeated").argParser(
        labelsOf,
      ),
    )
    .addHelpText("after", examples)
    .action(async (source: string, machine: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ChainOptions>();
      const chain = await chainOf(source, options, io);
      const started = await withClient(options, (client) =>
        client.startExecution({
          stateMachine: machine,
          chain,
          ...(options.name !== undefined && { name: options.name }),
          ...(options.label !== undefined && { labels: options.label }),
        }),
      );
      tellStarted(started, io, options.json ?? false);
    });
}

async function chainOf(execution: string, options: ChainOptions, io: Io): Promise<ChainSource> {
  const { state, wait = false, unique = false } = options;
  const transformer = await chainTransformerOf({ ...options, jsonata: options.transform }, io);
  return {
    execution,
    waitForSource: wait,
    unique,
    ...(state !== undefined && { state }),
    ...(transformer !== undefined && { transformer }),
  };
}

const examples = `
Examples:
  $ pawl chain orders/order-7 invoices
  $ pawl chain orders/order-7 invoices --state Price --transform '{"total": $states.input.sum}'
  $ pawl chain orders/order-7 invoices --transform @invoice.jsonata --unique
  $ pawl chain orders/order-8 invoices --wait --transformer to-invoice`;
