import { Command, Option } from "commander";
import type { Client, StartedExecution } from "@pawl/sdk";
import { follow } from "../follow.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { labelsOf, spanOf } from "../option-values.ts";
import { reportOutcome } from "../outcome.ts";
import { readInput } from "../read-input.ts";
import { Screen } from "../screen.ts";
import { tellStarted } from "../tell-started.ts";
import { waitForEnd } from "../wait-for-end.ts";
import { withClient } from "../with-client.ts";

interface StartOptions extends GlobalOptions {
  readonly input?: string;
  readonly name?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly wait?: boolean;
  readonly watch?: boolean;
  readonly timeout?: number;
}

/** `pawl start`: a new execution on a server, and on wish its end. */
export function startCommand(io: Io): Command {
  return new Command("start")
    .description("start an execution of a state machine")
    .argument("<machine>", "name or ARN; MACHINE:7 is a version, MACHINE:live an alias")
    .addOption(
      new Option("-i, --input <json>", "JSON, @file, or - for standard input (default: {})"),
    )
    .addOption(
      new Option(
        "-n, --name <name>",
        "name of the execution (default: a random one); starting it again is safe",
      ),
    )
    .addOption(
      new Option("-l, --label <key=value>", "label to find it by; may be repeated").argParser(
        labelsOf,
      ),
    )
    .option("-w, --wait", "wait for the end and print the output")
    .option("--watch", "as --wait, and show what happens meanwhile")
    .addOption(
      new Option(
        "--timeout <span>",
        "wait no longer than this, for example 90s; the execution goes on",
      ).argParser(spanOf),
    )
    .addHelpText("after", examples)
    .action(async (machine: string, _options, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      const input =
        options.input === undefined ? undefined : await readInput(options.input, io.streams);
      await withClient(options, async (client) => {
        const started = await client.startExecution({
          stateMachine: machine,
          ...(options.name !== undefined && { name: options.name }),
          ...(input !== undefined && { inputText: input }),
          ...(options.label !== undefined && { labels: options.label }),
        });
        if (options.wait === true || options.watch === true)
          await end(client, started, io, options);
        else tellStarted(started, io, options.json ?? false);
      });
    });
}

async function end(
  client: Client,
  { execution }: StartedExecution,
  io: Io,
  options: StartOptions,
): Promise<void> {
  const signal = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout);
  const bounded = signal === undefined ? {} : { signal };
  const closed =
    options.watch === true
      ? await follow(client, execution.id, { screen: new Screen(io.streams.stderr), ...bounded })
      : await waitForEnd(client, execution.id, signal);
  io.exitCode = reportOutcome(closed, io, options.json ?? false);
}

const examples = `
The same name and input again is the same execution while that runs.

Examples:
  $ pawl start orders --input '{"orderId": 7}' --name order-7
  $ pawl start orders --input @order.json --wait > result.json
  $ cat order.json | pawl start orders --input - --watch
  $ pawl start orders --wait --timeout 5m --json`;
