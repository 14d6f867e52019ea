import { Client, silentLog, stderrLog, Worker, type Log } from "@pawl/sdk";
import { Command, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import { follow } from "../follow.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { loadWorkers, type RegisterTasks } from "../load-workers.ts";
import { collected, spanOf } from "../option-values.ts";
import { reportOutcome } from "../outcome.ts";
import { nameOf, readDefinition, type DefinitionFile } from "../read-definition.ts";
import { readInput } from "../read-input.ts";
import { Screen } from "../screen.ts";
import { firstSignal, signalExitCode } from "../serve-until-signal.ts";
import { startFailure } from "../start-failure.ts";
import { diagnosticLine } from "../text/diagnostic-line.ts";
import type { RunningServer } from "../../main.ts";

interface RunOptions extends GlobalOptions {
  readonly input?: string;
  readonly worker?: readonly string[];
  readonly timeout?: number;
}

/** What a run is made of, read and loaded before anything starts. */
interface Job {
  readonly name: string;
  readonly file: DefinitionFile;
  readonly input: string | undefined;
  readonly workers: readonly RegisterTasks[];
}

/** `pawl run`: one execution from a file, with a server and workers that live as long as it does. */
export function runCommand(io: Io): Command {
  return new Command("run")
    .description(
      "run a definition once, with a server and workers of its own, and print the output",
    )
    .argument("<file>", "JSON or YAML; - is standard input")
    .addOption(
      new Option("-i, --input <json>", "JSON, @file, or - for standard input (default: {})"),
    )
    .addOption(
      new Option(
        "-w, --worker <module>",
        "module whose default export registers tasks; may be repeated",
      ).argParser(collected),
    )
    .addOption(
      new Option("--timeout <span>", "give up after this time, for example 90s").argParser(spanOf),
    )
    .addHelpText("after", examples)
    .action(async (path: string, _options, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      if (path === "-" && options.input === "-")
        throw new CliError(
          exitCode.usage,
          "standard input can be the definition or the input, not both",
        );
      const job: Job = {
        name: path === "-" ? "run" : nameOf(path),
        file: await readDefinition(path, io.streams),
        input: options.input === undefined ? undefined : await readInput(options.input, io.streams),
        workers: await loadWorkers(options.worker ?? []),
      };
      const interrupted = abortedBySignal();
      const server = await startEphemeral(options);
      try {
        await runOn(server, job, { io, options, interrupted });
      } finally {
        await server.close();
      }
    });
}

interface Setting {
  readonly io: Io;
  readonly options: RunOptions;
  /** Aborts with the signal that ends the process. */
  readonly interrupted: AbortSignal;
}

async function runOn(
  { url }: RunningServer,
  job: Job,
  { io, options, interrupted }: Setting,
): Promise<void> {
  const client = new Client({ address: url });
  const worker = new Worker({ address: url, log: workerLog });
  try {
    await apply(client, job, io);
    if (job.workers.length > 0) {
      for (const register of job.workers) await register(worker);
      await worker.start();
    }
    const { execution } = await client.startExecution({
      stateMachine: job.name,
      ...(job.input !== undefined && { inputText: job.input }),
    });

    const timeout = options.timeout === undefined ? [] : [AbortSignal.timeout(options.timeout)];
    const screen = new Screen(io.streams.stderr);
    const closed = await follow(client, execution.id, {
      screen,
      signal: AbortSignal.any([interrupted, ...timeout]),
    });
    io.exitCode = reportOutcome(closed, io, options.json ?? false);
    if (interrupted.aborted) io.exitCode = signalExitCode(interrupted.reason as NodeJS.Signals);
  } finally {
    await worker.close({ graceMs: 0 });
    client.close();
  }
}

/** What a worker has to say about itself, without its coming and going. */
const workerLog: Log = {
  ...silentLog,
  warn: (message, fields) => stderrLog.warn(message, fields),
  error: (message, fields) => stderrLog.error(message, fields),
};

function abortedBySignal(): AbortSignal {
  const controller = new AbortController();
  void (async () => controller.abort(await firstSignal()))();
  return controller.signal;
}

async function startEphemeral({ logLevel = "error" }: RunOptions): Promise<RunningServer> {
  const [{ readConfig }, { createLog }, { startServer }] = await Promise.all([
    import("../../config.ts"),
    import("../../observe/log.ts"),
    import("../../main.ts"),
  ]);
  const config = readConfig({
    databaseUrl: "",
    isEphemeral: true,
    host: "127.0.0.1",
    port: 0,
    isDevelopment: true,
    logLevel,
  });
  return startServer(config, createLog(logLevel)).catch((error: unknown) => {
    throw startFailure(error, config);
  });
}

/** @throws CliError failed, after every finding was shown, when the definition has errors. */
async function apply(client: Client, { name, file }: Job, io: Io): Promise<void> {
  const format = file.format === undefined ? {} : { format: file.format };
  const { valid, diagnostics } = await client.validateDefinition(file.text, format);
  for (const diagnostic of diagnostics)
    io.note(diagnosticLine(file.path, { ...diagnostic, pointer: diagnostic.location }));
  if (!valid)
    throw new CliError(exitCode.failed, "the definition has errors; nothing was run", {
      reason: "INVALID_DEFINITION",
    });
  await client.applyStateMachine({ name, definition: file.text, ...format });
}

const examples = `
The worker module registers its tasks on the worker it is given:
  export default (worker) => {
    worker.task("process:order", async (order) => ({ ...order, total: 42 }));
  };

What happens goes to standard error, the output to standard output. Nothing is kept.
Exit codes: 0 it succeeded; 1 it did not; 2 wrong usage; 6 it was still running after --timeout.

Examples:
  $ pawl run hello.json
  $ pawl run orders.yaml --input '{"orderId": 7}' --worker order-worker.ts
  $ pawl run orders.yaml --input @order.json --worker a.ts --worker b.ts --timeout 1m --json`;
