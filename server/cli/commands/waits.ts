import { Command, Option } from "commander";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countOf, pagesFor } from "../option-values.ts";
import { dateTime } from "../text/duration.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

interface WaitsOptions extends GlobalOptions {
  readonly key?: string;
  readonly limit: number;
}

/** `pawl waits`: who waits for a message. */
export function waitsCommand(io: Io): Command {
  return new Command("waits")
    .description("list the states that wait for a message, longest first")
    .argument("[machine]", "only executions of this state machine")
    .option("-k, --key <key>", "only waits for this CorrelationKey")
    .addOption(
      new Option("-n, --limit <count>", "at most this many").default(50).argParser(countOf),
    )
    .addHelpText("after", examples)
    .action(async (machine: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<WaitsOptions>();
      const { key, limit } = options;
      const waits = await withClient(options, (client) =>
        all(
          client.listMessageWaits({
            ...(machine !== undefined && { stateMachine: machine }),
            ...(key !== undefined && { correlationKey: key }),
            ...pagesFor(limit),
          }),
        ),
      );
      if (options.json === true) {
        for (const wait of waits) io.json(wait);
        return;
      }
      if (waits.length === 0) return io.note("nobody waits for a message");
      const rows = waits.map((wait) => [
        wait.correlationKey,
        JSON.stringify(wait.correlationValue),
        dateTime(wait.since),
        wait.timeoutTime === undefined ? "never" : dateTime(wait.timeoutTime),
        wait.statePath,
        wait.execution,
      ]);
      io.line(table(["KEY", "VALUE", "SINCE", "TIMES OUT", "STATE", "EXECUTION"], rows, io.width));
    });
}

const examples = `
Examples:
  $ pawl waits
  $ pawl waits orders --key orderId --json | jq -r .correlationValue`;
