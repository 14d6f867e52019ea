import { Command, Option } from "commander";
import type { Client, Execution, ExecutionStatus, StateMachine } from "@pawl/sdk";
import { executionJson } from "../execution-json.ts";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countOf, labelsOf, pagesFor } from "../option-values.ts";
import { dateTime, duration } from "../text/duration.ts";
import { statusStyle } from "../text/status-style.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

interface ListOptions extends GlobalOptions {
  readonly machines?: boolean;
  readonly status?: ExecutionStatus;
  readonly label?: Readonly<Record<string, string>>;
  readonly limit: number;
}

/** `pawl list`: executions, newest first; or state machines. */
export function listCommand(io: Io): Command {
  return new Command("list")
    .description("list executions, newest first, or state machines")
    .argument(
      "[machine]",
      "only executions of this state machine, MACHINE:VERSION or MACHINE:ALIAS",
    )
    .addOption(new Option("-s, --status <status>", "only with this status").choices(statuses))
    .addOption(
      new Option("-l, --label <key=value>", "only with this label; may be repeated").argParser(
        labelsOf,
      ),
    )
    .addOption(
      new Option("-n, --limit <count>", "at most this many").default(50).argParser(countOf),
    )
    .addOption(
      new Option("--machines", "state machines instead of executions").conflicts([
        "status",
        "label",
      ]),
    )
    .addHelpText("after", examples)
    .action(async (machine: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
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
  const { machine, status, label, limit } = options;
  const query = {
    ...(machine !== undefined && { stateMachine: machine }),
    ...(status !== undefined && { status }),
    ...(label !== undefined && { labels: label }),
    ...pagesFor(limit),
  };
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

const statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;

const examples = `
Examples:
  $ pawl list
  $ pawl list orders --status FAILED --limit 10
  $ pawl list --label tenant=acme --json | jq -r .id
  $ pawl list --machines`;
