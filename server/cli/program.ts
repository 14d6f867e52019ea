import { Command } from "commander";
import { aliasCommand } from "./commands/alias.ts";
import { applyCommand } from "./commands/apply.ts";
import { chainCommand } from "./commands/chain.ts";
import { countCommand } from "./commands/count.ts";
import { deleteCommand } from "./commands/delete.ts";
import { batchCommand } from "./commands/batch.ts";
import { devCommand } from "./commands/dev.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { graphCommand } from "./commands/graph.ts";
import { healthCommand } from "./commands/health.ts";
import { historyCommand } from "./commands/history.ts";
import { importSeedCommand } from "./commands/import-seed.ts";
import { linksCommand } from "./commands/links.ts";
import { listCommand } from "./commands/list.ts";
import { mapRunCommand } from "./commands/map-run.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { pauseCommand, resumeCommand } from "./commands/pause.ts";
import { publishCommand } from "./commands/publish.ts";
import { redriveCommand } from "./commands/redrive.ts";
import { runCommand } from "./commands/run.ts";
import { sendCommand } from "./commands/send.ts";
import { serveCommand } from "./commands/serve.ts";
import { startCommand } from "./commands/start.ts";
import { statsCommand } from "./commands/stats.ts";
import { stopCommand } from "./commands/stop.ts";
import { testCommand } from "./commands/test.ts";
import { taskCommand } from "./commands/task.ts";
import { testStateCommand } from "./commands/test-state.ts";
import { validateCommand } from "./commands/validate.ts";
import { versionCommand } from "./commands/version.ts";
import { versionsCommand } from "./commands/versions.ts";
import { waitsCommand } from "./commands/waits.ts";
import { watchCommand } from "./commands/watch.ts";
import { workerCommand } from "./commands/worker.ts";
import { globalOptions } from "./global-options.ts";
import { productVersion } from "./product-version.ts";
import type { Io } from "./io.ts";

/** The `pawl` command line: one subcommand for each file in `commands/`. */
export function program(io: Io): Command {
  const pawl = new Command("pawl")
    .description(
      "Durable state machines: the Amazon States Language on your own PostgreSQL, with workers in any language.",
    )
    .version(productVersion(), "-V, --version", "print the version")
    .usage("COMMAND [options]")
    .addHelpText("after", overview);
  for (const option of globalOptions()) pawl.addOption(option);

  pawl.commandsGroup("Server:");
  for (const command of [
    devCommand(io),
    serveCommand(io),
    migrateCommand(io),
    healthCommand(io),
    doctorCommand(io),
  ]) {
    pawl.addCommand(command);
  }
  pawl.commandsGroup("State machines:");
  for (const command of [
    runCommand(io),
    validateCommand(io),
    testCommand(io),
    testStateCommand(io),
    graphCommand(io),
    applyCommand(io),
    publishCommand(io),
    versionsCommand(io),
    aliasCommand(io),
    importSeedCommand(io),
  ]) {
    pawl.addCommand(command);
  }
  pawl.commandsGroup("Executions:");
  for (const command of [
    startCommand(io),
    chainCommand(io),
    watchCommand(io),
    linksCommand(io),
    listCommand(io),
    countCommand(io),
    statsCommand(io),
    historyCommand(io),
    stopCommand(io),
    pauseCommand(io),
    resumeCommand(io),
    deleteCommand(io),
    redriveCommand(io),
    sendCommand(io),
    waitsCommand(io),
    taskCommand(io),
    mapRunCommand(io),
    batchCommand(io),
  ]) {
    pawl.addCommand(command);
  }
  pawl.commandsGroup("More:");
  for (const command of [workerCommand(io), versionCommand(io)]) pawl.addCommand(command);

  for (const command of commandsOf(pawl)) prepare(command, io);
  return pawl;
}

/** What holds for every command: errors are thrown, help goes where results go, options of all are shown. */
function prepare(command: Command, io: Io): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.streams.stdout.write(text),
      writeErr: (text) => io.streams.stderr.write(text),
      outputError: () => undefined, // said by report-error.ts, once and in our words
      getOutHelpWidth: () => Math.min(io.width, 100),
    })
    .configureHelp({ showGlobalOptions: command.parent !== null })
    .helpCommand(false)
    .helpOption("-h, --help", "print this help");
}

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

const overview = `
Try it:
  $ pawl dev                                        a server with its own database in ./.pawl
  $ pawl run order.yaml --input '{"id": 7}' --worker order-worker.ts

Exit codes: 0 done; 1 it failed; 2 wrong usage; 3 no server; 4 not found; 5 refused; 6 still running.
\`pawl COMMAND --help\` shows examples.`;
