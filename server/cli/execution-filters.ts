import { type Command, InvalidArgumentError, Option } from "commander";
import type { ExecutionFilter, ExecutionStatus } from "@pawl/sdk";
import { labelsOf } from "./option-values.ts";

export interface FilterOptions {
  readonly status?: ExecutionStatus;
  readonly name?: string;
  readonly error?: string;
  readonly state?: string;
  readonly after?: Date;
  readonly before?: Date;
  readonly endedAfter?: Date;
  readonly endedBefore?: Date;
  readonly label?: Readonly<Record<string, string>>;
  readonly mapRun?: string;
  readonly filter?: string;
}

/** The names of these options, as commander has them: for what they can not be beside. */
export const filterOptionNames = [
  "status",
  "name",
  "error",
  "state",
  "after",
  "before",
  "endedAfter",
  "endedBefore",
  "label",
  "mapRun",
  "filter",
];

/** Gives a command the options that say which executions it is about. */
export function withFilters(command: Command): Command {
  const options = [
    new Option("-s, --status <status>", "only with this status").choices(statuses),
    new Option("--name <name>", "only with this name; orders-* is every name that begins so"),
    new Option("-e, --error <error>", "only those that ended with this error"),
    new Option("--state <name>", "only open ones that are in this state"),
    new Option("--after <time>", "only those started after this").argParser(timeOf),
    new Option("--before <time>", "only those started before this").argParser(timeOf),
    new Option("--ended-after <time>", "only those ended after this").argParser(timeOf),
    new Option("--ended-before <time>", "only those ended before this").argParser(timeOf),
    new Option("-l, --label <key=value>", "only with this label; may be repeated").argParser(
      labelsOf,
    ),
    new Option("--map-run <id>", "only the children of this Map Run"),
    new Option(
      "-f, --filter <text>",
      "as the API has it, such as 'status = FAILED AND error = \"E\"'",
    ),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

export function executionFilterOf(
  machine: string | undefined,
  options: FilterOptions,
): ExecutionFilter {
  const { status, name, error, state, after, before, endedAfter, endedBefore } = options;
  const { label, mapRun, filter } = options;
  const isPrefix = name?.endsWith("*") ?? false;
  return {
    ...(machine !== undefined && { stateMachine: machine }),
    ...(status !== undefined && { status }),
    ...(name !== undefined && (isPrefix ? { namePrefix: name.slice(0, -1) } : { name })),
    ...(error !== undefined && { error }),
    ...(state !== undefined && { currentState: state }),
    ...(after !== undefined && { startedAfter: after }),
    ...(before !== undefined && { startedBefore: before }),
    ...(endedAfter !== undefined && { endedAfter }),
    ...(endedBefore !== undefined && { endedBefore }),
    ...(label !== undefined && { labels: label }),
    ...(mapRun !== undefined && { mapRun }),
    ...(filter !== undefined && { filter }),
  };
}

/** A moment as JavaScript reads it: 2026-11-23, 2026-11-23T01:02:03Z. */
export function timeOf(text: string): Date {
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError("a time is for example 2026-11-23 or 2026-11-23T01:02:03Z");
}

export const statuses = [
  "RUNNING",
  "PAUSED",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
] as const;
