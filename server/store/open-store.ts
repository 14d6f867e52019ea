import { Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
import type { Client, Pool } from "pg";
import type { Config } from "../config.ts";
import type { Log } from "../observe/log.ts";
import { checkServer } from "./check-server.ts";
import { connect, connectionSettings } from "./connect.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import type { EmbeddedPostgres } from "./embedded-postgres.ts";
import { entities } from "./entities/index.ts";
import { migrate, migrationsTable } from "./migrate.ts";
import { migrations } from "./migrations/index.ts";

/** An open, migrated database. */
export interface Store {
  /**
   * MikroORM's own pool, for the hot statements. Columns as MikroORM wants them: bigint, numeric and
   * all times come as text; ask for `extract(epoch from at) * 1000` as float8 where a number is wanted.
   */
  readonly pool: Pool;
  readonly orm: MikroORM;
  /** Holds the password: never to be logged. */
  readonly connectionString: string;
  /** A dedicated connection (commit lanes, LISTEN) with the pool's settings; its owner ends it. */
  newConnection(): Promise<Client>;
  /** Signs task and page tokens; the same for all servers of the database. */
  readonly tokenKey: Buffer;
  /** Present when the server runs its own PostgreSQL. */
  readonly embedded?: EmbeddedPostgres;
  /** Ends the pool and an embedded PostgreSQL. Dedicated connections are their owners' to end first. */
  close(): Promise<void>;
}

type StoreConfig = Pick<
  Config,
  "databaseUrl" | "dataDir" | "isEphemeral" | "allowUnsafeDatabase" | "databasePoolMax"
>;

/**
 * Opens the database of the configuration, or an embedded one, and migrates it.
 *
 * @throws StoreError with one line for the operator.
 */
export async function openStore(config: StoreConfig, log: Log): Promise<Store> {
  const embedded = config.databaseUrl === undefined ? await startEmbedded(config, log) : undefined;
  try {
    const connectionString = embedded?.connectionString ?? config.databaseUrl!;
    const first = await connect({ connectionString });
    try {
      await checkServer(first, config.allowUnsafeDatabase);
      return await opened(first, {
        connectionString,
        poolMax: config.databasePoolMax,
        log,
        embedded,
      });
    } finally {
      await first.end().catch(() => undefined);
    }
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

function startEmbedded(config: StoreConfig, log: Log): Promise<EmbeddedPostgres> {
  const { dataDir, isEphemeral } = config;
  return startEmbeddedPostgres({ isEphemeral, ...(dataDir !== undefined && { dataDir }) }, log);
}

interface Opening {
  readonly connectionString: string;
  readonly poolMax: number;
  readonly log: Log;
  readonly embedded: EmbeddedPostgres | undefined;
}

async function opened(first: Client, opening: Opening): Promise<Store> {
  const { connectionString, log, embedded } = opening;
  const orm = await openOrm(first, opening);
  try {
    await migrate(orm, first, log);
    const pool: Pool = await orm.em.getConnection().getNativeClient();
    // The pool parses columns as MikroORM wants them; a dedicated connection does the same.
    const { types } = pool.options;
    return {
      pool,
      orm,
      connectionString,
      newConnection: () => connect({ connectionString, ...(types !== undefined && { types }) }),
      tokenKey: await readTokenKey(first),
      ...(embedded !== undefined && { embedded }),
      close: async () => {
        await orm.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await orm.close();
    throw error;
  }
}

function openOrm(first: Client, { connectionString, poolMax, log }: Opening): Promise<MikroORM> {
  return MikroORM.init({
    entities: [...entities],
    dbName: first.database ?? "postgres",
    driverOptions: {
      ...connectionSettings,
      connectionString,
      max: poolMax,
      idleTimeoutMillis: 60_000,
    },
    extensions: [Migrator],
    migrations: {
      migrationsList: [...migrations],
      tableName: migrationsTable,
      // Dropping foreign key checks takes a superuser, and there are none.
      disableForeignKeys: false,
      snapshot: false,
    },
    colors: false,
    logger: (message) => log.debug(message),
  });
}

async function readTokenKey(client: Client): Promise<Buffer> {
  const { rows } = await client.query<{ value: string }>(
    "select value from settings where key = 'token_key'",
  );
  return Buffer.from(rows[0]!.value, "hex");
}
