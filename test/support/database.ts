import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier } from "pg";
import { inject } from "vitest";
import { silentLog } from "../../server/observe/log.ts";
import { openStore } from "../../server/store/open-store.ts";
import type { Store } from "../../server/store/open-store.ts";
import type { DatabaseServer } from "./global-setup.ts";

export interface TestDatabase {
  /** A database of its own, migrated and empty. */
  readonly url: string;
  readonly name: string;
  /** Drops it, whoever is connected. */
  drop(): Promise<void>;
}

/** A fresh database: a copy of the run's template, or, with `migrated` false, an empty one. */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const { adminUrl, template } = await databaseServer();
  const name = `${template}_${randomBytes(5).toString("hex")}`;
  const from = migrated ? template : "template0";
  await onServer(
    adminUrl,
    `create database ${escapeIdentifier(name)} template ${escapeIdentifier(from)}`,
  );
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    drop: () =>
      onServer(adminUrl, `drop database if exists ${escapeIdentifier(name)} with (force)`),
  };
}

/** An open store on a fresh database; `close` ends the store and drops the database. */
export async function createTestStore(): Promise<Store> {
  const database = await createTestDatabase();
  const config = {
    databaseUrl: database.url,
    isEphemeral: false,
    allowUnsafeDatabase: true,
    databasePoolMax: 4,
  };
  const store = await openStore(config, silentLog);
  return {
    ...store,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}

async function databaseServer(): Promise<DatabaseServer> {
  const response = await fetch(inject("databaseServerUrl"));
  const body = await response.text();
  if (!response.ok) throw new Error(`no database for the tests: ${body}`);
  return JSON.parse(body) as DatabaseServer;
}

async function onServer(adminUrl: string, statement: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
