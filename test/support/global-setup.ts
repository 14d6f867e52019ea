import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, escapeIdentifier } from "pg";
import type { TestProject } from "vitest/node";
import { silentLog } from "../../server/observe/log.ts";
import { startEmbeddedPostgres } from "../../server/store/embedded-postgres.ts";
import type { EmbeddedPostgres } from "../../server/store/embedded-postgres.ts";
import { openStore } from "../../server/store/open-store.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where `createTestDatabase` asks for the run's database server. */
    databaseServerUrl: string;
  }
}

/** What `createTestDatabase` is told. */
export interface DatabaseServer {
  /** Of a database that always exists. */
  readonly adminUrl: string;
  /** A migrated database nobody is connected to. */
  readonly template: string;
}

/**
 * One PostgreSQL for the whole test run, started when the first test file asks for it: embedded, or the
 * one in DATABASE_URL. It is gone afterwards, whatever happened to the tests; if this process is killed,
 * the embedded one stops by itself.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<Started> | undefined;
  const door = createServer((_request, response) => {
    starting ??= start();
    starting.then(
      ({ server }) => response.end(JSON.stringify(server)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  project.provide("databaseServerUrl", `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  return async () => {
    door.closeAllConnections();
    door.close();
    const started = await starting?.catch(() => undefined);
    await started?.stop();
  };
}

interface Started {
  readonly server: DatabaseServer;
  stop(): Promise<void>;
}

async function start(): Promise<Started> {
  const given = process.env["DATABASE_URL"];
  const embedded = given === undefined || given === "" ? await startEmbedded() : undefined;
  const adminUrl = embedded?.connectionString ?? given!;
  const template = `pawl_test_${process.pid}`;
  try {
    await makeTemplate(adminUrl, template);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  const stop = async (): Promise<void> => {
    if (embedded === undefined) await dropDatabases(adminUrl, template);
    await embedded?.stop();
  };
  return { server: { adminUrl, template }, stop };
}

function startEmbedded(): Promise<EmbeddedPostgres> {
  // Test files run side by side and each may run several servers.
  const settings = { max_connections: "300", shared_buffers: "128MB", max_wal_size: "1GB" };
  return startEmbeddedPostgres({ isEphemeral: true, settings }, silentLog);
}

async function makeTemplate(adminUrl: string, template: string): Promise<void> {
  await withAdmin(adminUrl, (admin) =>
    admin.query(`create database ${escapeIdentifier(template)}`),
  );
  const databaseUrl = new URL(adminUrl);
  databaseUrl.pathname = `/${template}`;
  const config = {
    databaseUrl: databaseUrl.href,
    isEphemeral: false,
    allowUnsafeDatabase: true,
    databasePoolMax: 2,
  };
  const store = await openStore(config, silentLog);
  await store.close();
}

/** The template and whatever a failed test left behind. */
async function dropDatabases(adminUrl: string, prefix: string): Promise<void> {
  await withAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      "select datname from pg_database where starts_with(datname, $1)",
      [prefix],
    );
    for (const { datname } of rows) {
      await admin.query(`drop database if exists ${escapeIdentifier(datname)} with (force)`);
    }
  });
}

async function withAdmin<Result>(
  adminUrl: string,
  work: (admin: Client) => Promise<Result>,
): Promise<Result> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
