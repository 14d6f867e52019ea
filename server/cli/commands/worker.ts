import { Command } from "commander";
import type { WorkerInfo } from "@pawl/sdk";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { dateTime } from "../text/duration.ts";
import { statusStyle } from "../text/status-style.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

/** `pawl worker ...`: what is known about workers. */
export function workerCommand(io: Io): Command {
  return new Command("worker").description("look at the workers").addCommand(workerListCommand(io));
}

function workerListCommand(io: Io): Command {
  return new Command("list")
    .description("list the workers, what they serve and how busy they are")
    .addHelpText(
      "after",
      "\nExamples:\n  $ pawl worker list\n  $ pawl worker list --json | jq -r .identity",
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workers = await withClient(options, (client) => all(client.listWorkers()));
      if (options.json === true) {
        for (const worker of workers) io.json(worker);
      } else if (workers.length === 0) {
        io.note("no workers");
      } else {
        io.line(workerTable(workers, io));
      }
    });
}

function workerTable(workers: readonly WorkerInfo[], io: Io): string {
  const rows = workers.map((worker) => [
    worker.identity === "" ? worker.workerId : worker.identity,
    { text: worker.status, paint: (text: string) => io.paint(statusStyle(worker.status), text) },
    busyOf(worker),
    dateTime(worker.connectTime),
    worker.runtime,
    worker.pools.flatMap(({ resources }) => resources).join(" "),
  ]);
  return table(["WORKER", "STATUS", "BUSY", "SINCE", "RUNTIME", "SERVES"], rows, io.width);
}

/** Tasks in progress of the slots there are. */
function busyOf({ pools, running }: WorkerInfo): string {
  const slots = pools.reduce((sum, pool) => sum + pool.slots, 0);
  const busy = Object.values(running).reduce((sum, count) => sum + count, 0);
  return `${busy}/${slots}`;
}
