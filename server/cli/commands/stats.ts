import { Command, Option } from "commander";
import type { StatisticsRow } from "@pawl/sdk";
import { executionFilterOf, withFilters, type FilterOptions } from "../execution-filters.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { collected, spanOf } from "../option-values.ts";
import { dateTime, duration } from "../text/duration.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

interface StatsOptions extends GlobalOptions, FilterOptions {
  readonly by?: readonly string[];
  readonly bucket?: number;
}

/** `pawl stats`: how many executions, and how long they took. */
export function statsCommand(io: Io): Command {
  const command = new Command("stats")
    .description("count executions and how long they took, in groups and over time")
    .argument(
      "[machine]",
      "only executions of this state machine, MACHINE:VERSION or MACHINE:ALIAS",
    )
    .addOption(
      new Option(
        "-b, --by <key>",
        "a row for each status, machine, error, state, or label KEY (labels.KEY); may be repeated",
      ).argParser(collected),
    )
    .addOption(
      new Option(
        "--bucket <span>",
        "a row for each such span of starts, for example 1h or 1d",
      ).argParser(spanOf),
    );
  return withFilters(command)
    .addHelpText("after", examples)
    .action(async (machine: string | undefined, _options, self: Command) => {
      const options = self.optsWithGlobals<StatsOptions>();
      const { by = [], bucket } = options;
      const groupBy = by.map((key) => keys[key] ?? key);
      const rows = await withClient(options, (client) =>
        client.getExecutionStatistics({
          ...executionFilterOf(machine, options),
          groupBy,
          ...(bucket !== undefined && { bucketMs: bucket }),
        }),
      );
      if (options.json === true) for (const row of rows) io.json(row);
      else if (rows.length === 0) io.note("no executions");
      else io.line(tableOf(rows, { by, groupBy, hasBuckets: bucket !== undefined }, io));
    });
}

const figures = ["COUNT", "MIN", "AVG", "P50", "P95", "P99", "MAX", "FIRST", "LAST"];

/** Short names of what can be grouped by. */
const keys: Readonly<Record<string, string>> = {
  machine: "state_machine",
  error: "error.error",
  state: "state_name",
};

function tableOf(
  rows: readonly StatisticsRow[],
  shape: {
    readonly by: readonly string[];
    readonly groupBy: readonly string[];
    readonly hasBuckets: boolean;
  },
  io: Io,
): string {
  const titles = [
    ...(shape.hasBuckets ? ["FROM"] : []),
    ...shape.by.map((key) => key.toUpperCase()),
    ...figures,
  ];
  const lines = rows.map((row) => [
    ...(shape.hasBuckets ? [dateTime(row.bucketStart)] : []),
    ...shape.groupBy.map((key) => row.group[key] || "-"),
    String(row.count),
    ...[row.minMs, row.avgMs, row.p50Ms, row.p95Ms, row.p99Ms, row.maxMs].map((ms) =>
      ms === undefined ? "-" : duration(ms),
    ),
    dateTime(row.firstStartTime),
    dateTime(row.lastStartTime),
  ]);
  return table(titles, lines, io.width);
}

const examples = `
Durations are those of closed executions, from start to end; percentiles are within 2.6 %.
With --by state they are those of visits to states that were left, read from the histories of at most 5000 executions.

Examples:
  $ pawl stats orders --by status
  $ pawl stats orders --by state --after 2026-11-20
  $ pawl stats --by machine --by error --status FAILED
  $ pawl stats orders --bucket 1d --after 2026-11-01 --json`;
