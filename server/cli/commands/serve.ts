import { Command, Option } from "commander";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { portOf } from "../option-values.ts";
import { requiredDatabase } from "../required-database.ts";
import { serve } from "../serve.ts";

interface ServeOptions extends GlobalOptions {
  readonly host?: string;
  readonly port?: number;
  readonly databaseUrl?: string;
}

/** `pawl serve`: a server on a PostgreSQL that somebody runs. */
export function serveCommand(io: Io): Command {
  return new Command("serve")
    .description("start a server on your PostgreSQL")
    .addOption(new Option("--database-url <url>", "PostgreSQL 15 or later").env("DATABASE_URL"))
    .addOption(
      new Option("-p, --port <number>", "port to listen on (default: PAWL_PORT or 7300)").argParser(
        portOf,
      ),
    )
    .addOption(
      new Option("--host <address>", "address to listen on (default: PAWL_HOST or 127.0.0.1)"),
    )
    .addHelpText("after", examples)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ServeOptions>();
      const databaseUrl = requiredDatabase(
        options.databaseUrl,
        "pawl serve",
        "Set DATABASE_URL=postgres://user:password@host:5432/database, or use `pawl dev`, which brings its own",
      );
      await serve(io, options, {
        databaseUrl,
        logLevel: options.logLevel ?? "info",
        ...(options.port !== undefined && { port: options.port }),
        ...(options.host !== undefined && { host: options.host }),
      });
      io.exitCode = exitCode.ok;
    });
}

const examples = `
Any number of servers may share one database. Tables are made and brought up to date at the start.
SIGTERM drains: workers move to another server, running turns finish.

Examples:
  $ DATABASE_URL=postgres://pawl:secret@db:5432/pawl pawl serve --host 0.0.0.0
  $ pawl serve --database-url postgres:///pawl --port 7400`;
