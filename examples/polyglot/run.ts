/**
 * The polyglot demo: one execution whose steps run in TypeScript, Python, Go and Java workers at once, each a process
 * of its own; this one is the client. The task of a language that is not installed is TypeScript's. Ends by itself.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@pawl/sdk";
import type { Execution, Json, WorkerInfo } from "@pawl/sdk";
import { findToolchain, languageOf } from "../../test/parity/support/drivers.ts";
import { play } from "../demo/play.ts";
import type { Stage } from "../demo/play.ts";
import { builtLanguages } from "./languages.ts";
import { Steps } from "./steps.ts";
import type { Page } from "./typescript/tasks.ts";

/** A worker that can be started. */
interface ReadyWorker {
  readonly language: string;
  /** Its program and arguments. */
  readonly command: (address: string) => readonly string[];
}

const here = import.meta.dirname;

await play(run);

async function run(stage: Stage): Promise<void> {
  const { display, processes, whileWanted } = stage;
  display.say("starting a server with a PostgreSQL of its own");
  const [url, workers] = await whileWanted(
    Promise.all([processes.startServer(), readyWorkers(stage)]),
  );
  const languages = workers.map(({ language }) => language).join(", ");
  display.say(`server at ${url}; starting workers: ${languages}`);
  const lost = workers.map(({ command }) => processes.startWorker(command(url)));
  using client = new Client({ address: url });
  const { status, output, error } = await whileWanted(
    Promise.race([...lost, runExecution(client, workers.length, stage)]),
  );
  if (status !== "SUCCEEDED") {
    throw new Error(`the execution ${status}: ${error?.error} ${error?.cause}`);
  }
  const { lines } = output as unknown as Page;
  process.stdout.write(`\n${lines.join("\n")}\n`);
}

/** Builds the workers of all languages that are here, at the same time; TypeScript's comes first. */
async function readyWorkers({ display, interrupted }: Stage): Promise<readonly ReadyWorker[]> {
  const ownTasks = ["calendar", "page"];
  const building: Promise<ReadyWorker>[] = [];
  for (const { name, task, build } of builtLanguages) {
    const language = languageOf[name];
    const found = findToolchain(name);
    if ("missing" in found) {
      display.say(`${found.missing}: TypeScript serves "${task}" in its place`);
      ownTasks.push(task);
      continue;
    }
    display.say(`building the ${language} worker (${found.toolchain})`);
    building.push(
      build(interrupted).then((program) => {
        display.say(`the ${language} worker is built`);
        return { language, command: (address) => [...program, address, language] };
      }),
    );
  }
  const typescript = languageOf.typescript;
  const program = [process.execPath, join(here, "typescript/worker.ts")];
  return [
    {
      language: typescript,
      command: (address) => [...program, address, typescript, ...ownTasks],
    },
    ...(await Promise.all(building)),
  ];
}

/** Runs the execution and shows each step. @returns the execution once it has closed */
async function runExecution(
  client: Client,
  workersCount: number,
  { display, interrupted: signal }: Stage,
): Promise<Execution> {
  const definition = await readFile(join(here, "quotation.yaml"), "utf8");
  const input = JSON.parse(await readFile(join(here, "quotation.json"), "utf8")) as Json;
  const { stateMachine } = await client.applyStateMachine({ name: "quotation", definition });
  const workers = await connectedWorkers(client, workersCount, signal);
  for (const { identity, runtime } of workers)
    display.say(`the ${identity} worker is connected: ${runtime}`);
  const steps = new Steps(
    new Map(
      workers.flatMap(({ identity, pools }) =>
        pools.flatMap(({ resources }) =>
          resources.map((resource) => [resource, identity] as const),
        ),
      ),
    ),
  );
  const { execution } = await client.startExecution({ stateMachine: stateMachine.name, input });
  display.say(`execution ${execution.id} of "quotation"`);
  // after event 1, ExecutionStarted: what has happened before the watch began comes too
  const watch = { afterEventId: 1, payloads: "FULL", signal } as const;
  for await (const update of client.watchExecution(execution.id, watch)) {
    const line = update.type === "event" ? steps.take(update.event) : undefined;
    if (line !== undefined) display.say(line);
  }
  return client.getExecution(execution.id);
}

/** @returns the workers, once there are that many */
async function connectedWorkers(
  client: Client,
  count: number,
  signal: AbortSignal,
): Promise<readonly WorkerInfo[]> {
  for (;;) {
    const connected: WorkerInfo[] = [];
    for await (const worker of client.listWorkers({ signal })) connected.push(worker);
    if (connected.length >= count) return connected;
    await delay(100, undefined, { signal });
  }
}
