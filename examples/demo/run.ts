/**
 * The demo: 3,201 film records with all their dirt go through a state machine, in a server and two worker
 * processes that speak gRPC. Ends by itself; `--keep` leaves the server running to look around.
 */
import { readFile, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { Client } from "@pawl/sdk";
import type { Execution } from "@pawl/sdk";
import { play } from "./play.ts";
import type { Stage } from "./play.ts";
import { Progress } from "./progress.ts";
import { resultsText } from "./results.ts";
import type { Job, Report } from "./tasks.ts";

const here = dirname(fileURLToPath(import.meta.url));
const dataFolder = fileURLToPath(new URL("../data/", import.meta.resolve("vega-datasets")));

const job: Job = {
  file: join(dataFolder, "movies.json"),
  folder: join(here, "output"),
  chunkSize: 100,
};

const isKept = process.argv.includes("--keep");

await play(run);

async function run({ display, processes, interrupted, whileWanted }: Stage): Promise<void> {
  await rm(job.folder, { recursive: true, force: true });
  display.say("starting a server with a PostgreSQL of its own");
  const url = await whileWanted(processes.startServer());
  display.say(`server at ${url}; starting two workers`);
  for (const identity of ["worker-1", "worker-2"])
    void processes.startWorker([process.execPath, join(here, "worker.ts"), url, identity]);
  using client = new Client({ address: url });
  const definition = await readFile(join(here, "movies.yaml"), "utf8");
  const { stateMachine } = await client.applyStateMachine({ name: "movies", definition });
  const { execution } = await client.startExecution({
    stateMachine: stateMachine.name,
    input: job,
  });
  display.say(`execution ${execution.id} of "movies" on ${relative(process.cwd(), job.file)}`);
  const closed = await follow(client, execution.id, { display, interrupted });
  if (closed.status !== "SUCCEEDED") {
    throw new Error(
      `the execution ${closed.status}: ${closed.error?.error} ${closed.error?.cause}`,
    );
  }
  process.stdout.write(`\n${resultsText(closed.output as unknown as Report)}\n`);
  process.stdout.write(`\n${whereNext(url, closed)}\n`);
  if (isKept) {
    await whileWanted(new Promise<never>(() => undefined)).catch(() => undefined);
    process.exitCode = 0;
  }
}

/** Shows each step until the execution has closed. */
async function follow(
  client: Client,
  execution: string,
  { display, interrupted }: Pick<Stage, "display" | "interrupted">,
): Promise<Execution> {
  const progress = new Progress();
  const redraw = setInterval(() => display.draw(progress.lines), 100);
  try {
    // after event 1, ExecutionStarted: what has happened before the watch began comes too
    const watch = { afterEventId: 1, signal: interrupted, payloads: "TRUNCATED" } as const;
    for await (const update of client.watchExecution(execution, watch)) {
      if (update.type !== "event") continue;
      const line = progress.take(update.event);
      if (line !== undefined) display.say(line);
      display.draw(progress.lines);
    }
  } finally {
    clearInterval(redraw);
    display.clear();
  }
  display.say(progress.summary);
  return client.getExecution(execution);
}

function whereNext(url: string, { id, eventCount }: Execution): string {
  const command = (text: string, meaning: string): string =>
    `  ${text.padEnd(44)}  ${styleText("dim", meaning)}`;
  const file = relative(process.cwd(), join(job.folder, "report.json"));
  const lines = isKept
    ? [
        command(`npx pawl history ${id} -a ${url}`, `its ${eventCount} events`),
        command(`npx pawl list -a ${url}`, "executions"),
        command(`npx pawl worker list -a ${url}`, "the two workers"),
        "  The server runs until Ctrl-C.",
      ]
    : [
        command(`less ${file}`, "the report that the last state wrote"),
        command("less examples/demo/movies.yaml", "the state machine"),
        command(
          "npm run demo -- --keep",
          `leaves the server running: look at the ${eventCount} events`,
        ),
        command("npx pawl run examples/order/order.yaml \\", "a smaller one, with your own input"),
        "      --worker examples/order/worker.ts --input @examples/order/order.json",
      ];
  return [styleText("bold", "Look further"), ...lines].join("\n");
}
