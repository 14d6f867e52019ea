import { Command, Option } from "commander";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { requiredDatabase } from "../required-database.ts";
import { startFailure } from "../start-failure.ts";

interface MigrateOptions extends GlobalOptions {
  readonly databaseUrl?: string;
  readonly dryRun?: boolean;
}

/** `pawl migrate`: the tables, apart from any server, for databases where servers may not make them. */
export function migrateCommand(io: Io): Command {
  return new Command("migrate")
    .description("make or update the tables of a database")
    .addOption(new Option("--database-url <url>", "PostgreSQL 15 or later").env("DATABASE_URL"))
    .option("--dry-run", "say what would be done")
    .addHelpText("after", examples)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<MigrateOptions>();
      const databaseUrl = requiredDatabase(
        options.databaseUrl,
        "pawl migrate",
        "Set DATABASE_URL=postgres://user:password@host:5432/database",
      );
      const done = await migrateDatabase(databaseUrl, options.dryRun ?? false);
      if (options.json === true) io.json({ migrations: done, dryRun: options.dryRun ?? false });
      else if (done.length === 0) io.line("the database is up to date");
      else io.line(`${options.dryRun === true ? "would run" : "ran"} ${done.join(", ")}`);
    });
}

/** @returns names of the migrations that were, or would be, run. */
async function migrateDatabase(databaseUrl: string, isDryRun: boolean): Promise<readonly string[]> {
  const [{ readConfig }, { createLog }, { connect }, { pendingMigrations }, { openStore }] =
    await Promise.all([
      import("../../config.ts"),
      import("../../observe/log.ts"),
      import("../../store/connect.ts"),
      import("../../store/migrate.ts"),
      import("../../store/open-store.ts"),
    ]);
  const config = readConfig({ databaseUrl });
  try {
    const client = await connect({ connectionString: databaseUrl });
    const pending = await pendingMigrations(client).finally(() => client.end());
    if (pending.length > 0 && !isDryRun) {
      const store = await openStore(config, createLog(config.logLevel));
      await store.close();
    }
    return pending;
  } catch (error) {
    throw startFailure(error, config, "the database was not migrated");
  }
}

const examples = `
Servers do the same at their start, one at a time. Migrations only go forward; running ones again does nothing.

Examples:
  $ DATABASE_URL=postgres://owner:secret@db:5432/pawl pawl migrate
  $ pawl migrate --database-url postgres:///pawl --dry-run`;
