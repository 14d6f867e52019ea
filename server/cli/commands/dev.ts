import { Command, Option } from "commander";
import type { Config } from "../../config.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { portOf } from "../option-values.ts";
import { serve } from "../serve.ts";

interface DevOptions extends GlobalOptions {
  readonly host?: string;
  readonly port?: number;
  readonly dataDir?: string;
  readonly ephemeral?: boolean;
}

/** `pawl dev`: a server for one person, with a PostgreSQL of its own. */
export function devCommand(io: Io): Command {
  return new Command("dev")
    .description("start a server with its own database, for development and tests")
    .addOption(
      new Option(
        "-p, --port <number>",
        "port to listen on, 0 for any free one (default: PAWL_PORT or 7300)",
      ).argParser(portOf),
    )
    .addOption(
      new Option("--host <address>", "address to listen on (default: PAWL_HOST or 127.0.0.1)"),
    )
    .addOption(
      new Option(
        "--data-dir <folder>",
        "where its database keeps its files (default: PAWL_DATA_DIR or .pawl)",
      ).conflicts(["ephemeral"]),
    )
    .addOption(new Option("--ephemeral", "keep nothing: its database is removed at the end"))
    .addHelpText("after", examples)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<DevOptions>();
      await serve(io, options, {
        isDevelopment: true,
        logLevel: options.logLevel ?? "warn",
        ...databaseOf(options),
        ...(options.host !== undefined && { host: options.host }),
        ...(options.port !== undefined && { port: options.port }),
      });
      io.exitCode = exitCode.ok;
    });
}

/** Who names a folder or wants nothing kept means a database of its own, whatever DATABASE_URL says. */
function databaseOf({ dataDir, ephemeral }: DevOptions): Partial<Config> {
  if (ephemeral === true) return { databaseUrl: "", isEphemeral: true };
  return dataDir === undefined ? {} : { databaseUrl: "", isEphemeral: false, dataDir };
}

const examples = `
With DATABASE_URL set, and neither --ephemeral nor --data-dir, that PostgreSQL is used.
One line on standard output says when it is ready and where; the log goes to standard error.
SIGTERM and Ctrl-C let running turns finish, a second one ends it at once.

Examples:
  $ pawl dev                                keeps its data in ./.pawl
  $ pawl dev --ephemeral --port 0           for tests: nothing is kept, any free port
  $ pawl dev --ephemeral --port 0 --json    {"url":"http://127.0.0.1:41873","port":41873,"pid":4242}`;
