import { Command, Option } from "commander";
import type { Client, Execution, StateMachine } from "@pawl/sdk";
import { executionFilterOf, filterOptionNames, withFilters } from "../execution-filters.ts";
import type { FilterOptions } from "../execution-filters.ts";
import { executionJson } from "../execution-json.ts";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countOf, pagesFor } from "../option-values.ts";
import { dateTime, duration } from "../text/duration.ts";
import { statusStyle } from "../text/status-style.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

interface ListOptions extends GlobalOptions, FilterOptions {
  readonly machines?: boolean;
  readonly limit: number;
}

/** `pawl list`: executions, newest first; or state machines. */
export function listCommand(io: Io): Command {
  const command = new Command("list")
    .description("list executions, newest first, or state machines")
    .argument(
      "[machine]",
      "only executions of this state machine, MACHINE:VERSION or MACHINE:ALIAS",
    )
    .addOption(
      new Option("-n, --limit <count>", "at most this many").default(50).argParser(countOf),
    )
    .addOption(
      new Option("--machines", "state machines instead of executions").conflicts(filterOptionNames),
    );
  return withFilters(command)
    .addHelpText("after", examples)
    .action(async (machine: string | undefined, _options, self: Command) => {
      const options = self.optsWithGlobals<ListOptions>();
      await withClient(options, (client) =>
        options.machines === true
          ? listMachines(client, io, options)
          : listExecutions(client, io, { ...options, machine }),
      );
    });
}

async function listExecutions(
  client: Client,
  io: Io,
  options: ListOptions & { machine: string | undefined },
): Promise<void> {
  const { machine, limit } = options;
  const query = { ...executionFilterOf(machine, options), ...pagesFor(limit) };
  const executions = await all(client.listExecutions(query));
  if (options.json === true) {
    for (const execution of executions) io.json(executionJson(execution));
    return;
  }
  if (executions.length === 0) return io.note("no executions");
  const rows = executions.map((execution) => [
    execution.stateMachine,
    execution.name,
    {
      text: execution.status,
      paint: (text: string) => io.paint(statusStyle(execution.status), text),
    },
    dateTime(execution.startTime),
    tookOf(execution),
    execution.id,
  ]);
  io.line(table(["MACHINE", "NAME", "STATUS", "STARTED", "TOOK", "ID"], rows, io.width));
  if (executions.length === limit)
    io.note(io.paintNote("dim", `the newest ${limit}; more with --limit`));
}

async function listMachines(client: Client, io: Io, options: ListOptions): Promise<void> {
  const machines = await all(client.listStateMachines(pagesFor(options.limit)));
  if (options.json === true) {
    for (const machine of machines) io.json(machineJson(machine));
    return;
  }
  if (machines.length === 0) return io.note("no state machines; make one with `pawl apply FILE`");
  const rows = machines.map((machine) => [
    machine.name,
    machine.type,
    dateTime(machine.updateTime ?? machine.createTime),
    machine.revisionId.slice(0, 13),
    machine.description,
  ]);
  io.line(table(["NAME", "TYPE", "UPDATED", "REVISION", "DESCRIPTION"], rows, io.width));
}

function machineJson({
  name,
  arn,
  type,
  revisionId,
  description,
  labels,
  state,
  createTime,
  updateTime,
}: StateMachine): object {
  return { name, arn, type, revisionId, description, labels, state, createTime, updateTime };
}

function tookOf({ startTime, endTime }: Execution): string {
  return startTime === undefined || endTime === undefined
    ? ""
    : duration(endTime.getTime() - startTime.getTime());
}

const examples = `
Examples:
  $ pawl list
  $ pawl list orders --status FAILED --limit 10
  $ pawl list --error Payment.Declined --after 2026-11-01 --name 'nightly-*'
  $ pawl list --label tenant=acme --json | jq -r .id
  $ pawl list --machines`;
