import type { MikroORM } from "@mikro-orm/postgresql";
import type { Client } from "pg";
import type { Log } from "../observe/log.ts";
import { migrations } from "./migrations/index.ts";
import { StoreError } from "./store-error.ts";

export const migrationsTable = "pawl_migrations";

/** Any number that nothing else on the database uses. */
const migrationLock = 7_305_011_702;

/**
 * Brings the database to this version's schema: all pending migrations in one transaction.
 *
 * Servers that start together take turns by an advisory lock; the later ones find nothing to do.
 * A database with newer migrations than ours is left alone: the newer server keeps it readable for us.
 *
 * @param client a connection for the lock; not pooled.
 * @returns names of the migrations that ran.
 * @throws StoreError when the role may not create tables.
 */
export async function migrate(orm: MikroORM, client: Client, log: Log): Promise<readonly string[]> {
  if ((await pendingMigrations(client)).length === 0) return [];
  await lock(client, log);
  try {
    const pending = await pendingMigrations(client);
    if (pending.length === 0) return [];
    log.info({ migrations: pending }, "migrating the database");
    const done = await orm.migrator.up();
    return done.map(({ name }) => name);
  } catch (error) {
    throw problemOf(error, client);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [migrationLock]).catch(() => undefined);
  }
}

/** Names of the migrations this version has and the database has not. */
export async function pendingMigrations(client: Client): Promise<readonly string[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    "select to_regclass($1) is not null as exists",
    [migrationsTable],
  );
  const done = new Set<string>();
  if (found[0]?.exists === true) {
    const { rows } = await client.query<{ name: string }>(`select name from ${migrationsTable}`);
    for (const { name } of rows) done.add(name);
  }
  return migrations.map(({ name }) => name).filter((name) => !done.has(name));
}

async function lock(client: Client, log: Log): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>(
    "select pg_try_advisory_lock($1) as locked",
    [migrationLock],
  );
  if (rows[0]?.locked === true) return;
  log.info("another server is migrating the database; waiting for it");
  // A migration may take longer than any other statement.
  await client.query("set statement_timeout = 0; set lock_timeout = 0");
  await client.query("select pg_advisory_lock($1)", [migrationLock]);
}

function problemOf(error: unknown, client: Client): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== "42501") return error;
  return new StoreError(
    `the database needs a migration and user ${client.user} may not make it (${message?.split("\n")[0]?.replace(/^.* - /, "")}); ` +
      "run `pawl migrate` once with a DATABASE_URL whose user may create tables",
    { cause: error },
  );
}
