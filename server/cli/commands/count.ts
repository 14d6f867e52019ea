import { Command, Option } from "commander";
import { executionFilterOf, withFilters, type FilterOptions } from "../execution-filters.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countLimitOf } from "../option-values.ts";
import { printCount } from "../text/count.ts";
import { withClient } from "../with-client.ts";

interface CountOptions extends GlobalOptions, FilterOptions {
  readonly limit?: number;
}

/** `pawl count`: how many executions there are. */
export function countCommand(io: Io): Command {
  const command = new Command("count")
    .description("count executions")
    .argument(
      "[machine]",
      "only executions of this state machine, MACHINE:VERSION or MACHINE:ALIAS",
    )
    .addOption(
      new Option(
        "-n, --limit <count>",
        "where counting one by one stops (default: 50000, by links 10000)",
      ).argParser(countLimitOf),
    );
  return withFilters(command)
    .addHelpText("after", examples)
    .action(async (machine: string | undefined, _options, self: Command) => {
      const options = self.optsWithGlobals<CountOptions>();
      const counted = await withClient(options, (client) =>
        client.countExecutions({
          ...executionFilterOf(machine, options),
          ...(options.limit !== undefined && { limit: options.limit }),
        }),
      );
      printCount(io, options, counted);
    });
}

const examples = `
Counts by machine, status, error and start are always exact. With other filters counting stops at --limit.

Examples:
  $ pawl count orders --status FAILED
  $ pawl count --error Payment.Declined --after 2026-11-01`;
