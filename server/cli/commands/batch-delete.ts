import { Command } from "commander";
import { createBatch, settingsOf, withSettings, type SettingsOptions } from "../batch/settings.ts";
import type { Io } from "../io.ts";

interface BatchDeleteOptions extends SettingsOptions {
  readonly filter: string;
}

/** `pawl batch delete`: executions that have closed, with their history. */
export function batchDeleteCommand(io: Io): Command {
  const remove = new Command("delete")
    .description("delete many executions that have closed, with their history")
    .requiredOption("--filter <filter>", "which executions; those that run are skipped");
  return withSettings(remove)
    .addHelpText("after", examples)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<BatchDeleteOptions>();
      const executions = { filter: options.filter };
      await createBatch(io, options, { ...settingsOf(options), delete: {}, executions });
    });
}

const examples = `
Examples:
  $ pawl batch delete --filter 'state_machine = "orders" AND end_time < "2026-01-01T00:00:00Z"' --dry-run
  $ pawl batch delete --filter 'state_machine = "orders" AND status = FAILED' --watch`;
