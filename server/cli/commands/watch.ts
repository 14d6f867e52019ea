import { Command, Option } from "commander";
import type { Client } from "@pawl/sdk";
import { eventJson, executionJson } from "../execution-json.ts";
import type { ExitCode } from "../exit-code.ts";
import { eventsOf, follow } from "../follow.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { spanOf } from "../option-values.ts";
import { exitCodeOf, reportOutcome } from "../outcome.ts";
import { Screen } from "../screen.ts";
import { withClient } from "../with-client.ts";

interface WatchOptions extends GlobalOptions {
  readonly timeout?: number;
}

/** `pawl watch`: what an execution did, does, and how it ends. */
export function watchCommand(io: Io): Command {
  return new Command("watch")
    .description("show an execution from its start until it ends")
    .argument("<execution>", "id, ARN, or MACHINE/NAME")
    .addOption(
      new Option("--timeout <span>", "watch no longer than this, for example 90s").argParser(
        spanOf,
      ),
    )
    .addHelpText("after", examples)
    .action(async (reference: string, _options, command: Command) => {
      const options = command.optsWithGlobals<WatchOptions>();
      const signal =
        options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout);
      io.exitCode = await withClient(options, async (client) => {
        // A watch waits long for a server that is not there; this call does not.
        const { id } = await client.getExecution(reference);
        if (options.json === true) return printEvents(client, id, io, signal);
        const bounded = signal === undefined ? {} : { signal };
        const closed = await follow(client, id, {
          screen: new Screen(io.streams.stderr),
          ...bounded,
        });
        return reportOutcome(closed, io, false);
      });
    });
}

/** One JSON line for each event, the execution in the last one. */
async function printEvents(
  client: Client,
  id: string,
  io: Io,
  signal: AbortSignal | undefined,
): Promise<ExitCode> {
  try {
    for await (const event of eventsOf(client, id, signal, "FULL"))
      io.json({ event: eventJson(event) });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  const execution = await client.getExecution(id);
  io.json({ execution: executionJson(execution) });
  return exitCodeOf(execution);
}

const examples = `
What happens goes to standard error, the output to standard output. A broken connection is resumed.
Exit codes: 0 it succeeded; 1 it did not; 6 it was still running after --timeout.

Examples:
  $ pawl watch orders/order-7
  $ pawl watch orders/order-7 --timeout 30s
  $ pawl watch orders/order-7 --json | jq -c .event.awsType`;
