import { Command } from "commander";
import type { MapRun } from "@pawl/sdk";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { limitOf, percentageOf } from "../option-values.ts";
import { dateTime } from "../text/duration.ts";
import { shown } from "../text/plain.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

interface UpdateOptions extends GlobalOptions {
  readonly maxConcurrency?: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
}

/** `pawl map-run`: the runs of distributed Map states. */
export function mapRunCommand(io: Io): Command {
  return new Command("map-run")
    .description("show, list and change the runs of distributed Map states")
    .addCommand(getCommand(io))
    .addCommand(listCommand(io))
    .addCommand(updateCommand(io));
}

function getCommand(io: Io): Command {
  return new Command("get")
    .description("show how far a map run is")
    .argument("<map-run>", "id or ARN")
    .addHelpText("after", "\nExamples:\n  $ pawl map-run get 4e1f3c9a-5b0d-4b3e-9a53-d1d2c0a4b6f7")
    .action(async (reference: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      print(io, options, await withClient(options, (client) => client.getMapRun(reference)));
    });
}

function listCommand(io: Io): Command {
  return new Command("list")
    .description("list the map runs of an execution, newest first")
    .argument("<execution>", "id, ARN, or MACHINE/NAME")
    .addHelpText("after", "\nExamples:\n  $ pawl map-run list orders/nightly-7")
    .action(async (execution: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const runs = await withClient(options, (client) => all(client.listMapRuns(execution)));
      if (options.json === true) {
        for (const run of runs) io.json(run);
        return;
      }
      if (runs.length === 0) return io.note("no map runs");
      const rows = runs.map(({ id, status, startTime }) => [id, status, dateTime(startTime)]);
      io.line(table(["ID", "STATUS", "STARTED"], rows, io.width));
    });
}

function updateCommand(io: Io): Command {
  return new Command("update")
    .description("change the limits of a map run that goes on")
    .argument("<map-run>", "id or ARN")
    .option("--max-concurrency <count>", "executions at a time; 0: the server's own bound", limitOf)
    .option("--tolerated-failure-count <count>", "items that may fail", limitOf)
    .option("--tolerated-failure-percentage <share>", "of all items, 0 to 100", percentageOf)
    .addHelpText("after", "\nExamples:\n  $ pawl map-run update RUN --max-concurrency 100")
    .action(async (reference: string, _options, command: Command) => {
      const options = command.optsWithGlobals<UpdateOptions>();
      const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = options;
      const run = await withClient(options, (client) =>
        client.updateMapRun(reference, {
          ...(maxConcurrency !== undefined && { maxConcurrency }),
          ...(toleratedFailureCount !== undefined && { toleratedFailureCount }),
          ...(toleratedFailurePercentage !== undefined && { toleratedFailurePercentage }),
        }),
      );
      print(io, options, run);
    });
}

function print(io: Io, { json }: GlobalOptions, run: MapRun): void {
  if (json === true) return io.json(run);
  const { id, status, maxConcurrency, itemCounts } = run;
  io.line(shown`${id} is ${status}`);
  io.line(
    shown`at a time: ${maxConcurrency === 0 ? "as many as the server allows" : String(maxConcurrency)}`,
  );
  io.line(
    shown`tolerated: ${String(run.toleratedFailureCount)} items, ${String(run.toleratedFailurePercentage)} %`,
  );
  if (itemCounts === undefined) return;
  const { succeeded, failed, timedOut, aborted, running, pending, total } = itemCounts;
  const parts = { succeeded, failed, "timed out": timedOut, aborted, running, pending };
  const told = Object.entries(parts).filter(([, count]) => count > 0);
  const counts = told.map(([name, count]) => `${count} ${name}`).join(", ");
  io.line(shown`${String(total)} items${counts === "" ? "" : `: ${counts}`}`);
}
