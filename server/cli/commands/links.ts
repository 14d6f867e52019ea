import { Command, Option } from "commander";
import type { ExecutionLinkFilter, ExecutionStatus } from "@pawl/sdk";
import { all } from "../all.ts";
import { statuses, timeOf } from "../execution-filters.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countLimitOf, pagesFor } from "../option-values.ts";
import { printCount } from "../text/count.ts";
import { dateTime } from "../text/duration.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

interface LinksOptions extends GlobalOptions {
  readonly from?: string;
  readonly to?: string;
  readonly state?: string;
  readonly transformer?: string;
  readonly target?: string;
  readonly status?: ExecutionStatus;
  readonly after?: Date;
  readonly before?: Date;
  readonly count?: boolean;
  readonly limit?: number;
}

/** `pawl links`: which execution's output became which one's input. */
export function linksCommand(io: Io): Command {
  return new Command("links")
    .description("list which execution was started from which one's output, newest first")
    .argument("[source]", "only from this execution: id, ARN or MACHINE/NAME")
    .option("--from <machine>", "only from executions of this state machine")
    .option("--to <machine>", "only to executions of this state machine")
    .option("--target <execution>", "only the link to this execution")
    .option("-s, --state <name>", "only from this state's output")
    .option("-t, --transformer <text>", "only by this expression or worker-served name")
    .addOption(
      new Option("--status <status>", "only from executions that have this status now").choices(
        statuses,
      ),
    )
    .addOption(new Option("--after <time>", "only links made after this time").argParser(timeOf))
    .addOption(new Option("--before <time>", "only links made before this time").argParser(timeOf))
    .option("-c, --count", "only say how many there are")
    .addOption(
      new Option(
        "-n, --limit <count>",
        "at most this many (default: 50); where --count stops",
      ).argParser(countLimitOf),
    )
    .addHelpText("after", examples)
    .action(async (source: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<LinksOptions>();
      const filter = filterOf(source, options);
      if (options.count === true) return countLinks(io, options, filter);
      const query = { ...filter, ...pagesFor(options.limit ?? 50) };
      const links = await withClient(options, (client) => all(client.listExecutionLinks(query)));
      if (options.json === true) {
        for (const link of links) io.json(link);
        return;
      }
      if (links.length === 0) return io.note("no links");
      const rows = links.map((link) => [
        link.createTime === undefined ? "" : dateTime(link.createTime),
        link.sourceStateMachine,
        link.sourceExecution,
        link.sourceState,
        link.transformer,
        link.targetStateMachine,
        link.targetExecution,
      ]);
      const head = ["CREATED", "FROM", "SOURCE", "STATE", "TRANSFORMER", "TO", "TARGET"];
      io.line(table(head, rows, io.width));
    });
}

async function countLinks(
  io: Io,
  options: LinksOptions,
  filter: ExecutionLinkFilter,
): Promise<void> {
  const { limit } = options;
  const counted = await withClient(options, (client) =>
    client.countExecutionLinks({ ...filter, ...(limit !== undefined && { limit }) }),
  );
  printCount(io, options, counted);
}

function filterOf(
  source: string | undefined,
  { from, to, state, transformer, target, status, after, before }: LinksOptions,
): ExecutionLinkFilter {
  return {
    ...(source !== undefined && { sourceExecution: source }),
    ...(from !== undefined && { sourceStateMachine: from }),
    ...(to !== undefined && { targetStateMachine: to }),
    ...(target !== undefined && { targetExecution: target }),
    ...(state !== undefined && { sourceState: state }),
    ...(transformer !== undefined && { transformer }),
    ...(status !== undefined && { sourceStatus: status }),
    ...(after !== undefined && { createdAfter: after }),
    ...(before !== undefined && { createdBefore: before }),
  };
}

const examples = `
Examples:
  $ pawl links orders/order-7
  $ pawl links --from orders --to invoices --json | jq -r .targetExecution
  $ pawl links --from orders --status FAILED --count`;
