import { spawn } from "node:child_process";
import { once } from "node:events";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { readConfig } from "../../server/config.ts";
import type { Config } from "../../server/config.ts";
import { silentLog } from "../../server/observe/log.ts";
import { migrations } from "../../server/store/migrations/index.ts";
import { openStore } from "../../server/store/open-store.ts";
import type { Store } from "../../server/store/open-store.ts";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";

const opened: Store[] = [];
const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  for (const database of databases.splice(0)) await database.drop();
});

async function newDatabase(options?: { migrated: boolean }): Promise<TestDatabase> {
  const made = await createTestDatabase(options);
  databases.push(made);
  return made;
}

async function open(databaseUrl: string, overrides: Partial<Config> = {}): Promise<Store> {
  const store = await openStore(readConfig({ databaseUrl, ...overrides }, {}), silentLog);
  opened.push(store);
  return store;
}

test("three servers that start at once on an empty database migrate it once", async () => {
  const { url } = await newDatabase({ migrated: false });
  const stores = await Promise.all([open(url), open(url), open(url)]);
  const { rows } = await stores[0].pool.query("select name from pawl_migrations order by id");
  expect(rows.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
  const keys = new Set(stores.map(({ tokenKey }) => tokenKey.toString("hex")));
  expect(keys.size).toBe(1);
  expect(stores[0].tokenKey).toHaveLength(32);
});

test("two databases have two token keys", async () => {
  const one = await open((await newDatabase({ migrated: false })).url);
  const other = await open((await newDatabase({ migrated: false })).url);
  expect(one.tokenKey.equals(other.tokenKey)).toBe(false);
});

test("pooled and dedicated connections have the same limits and read columns alike", async () => {
  const store = await open((await newDatabase()).url);
  const dedicated = await store.newConnection();
  const statement = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
    current_setting('idle_in_transaction_session_timeout') as idle, current_setting('application_name') as name,
    '2026-01-02 03:04:05.678+00'::timestamptz as at, 9007199254740993::bigint as large, 1.5::float8 as fraction`;
  const [pooled, alone] = await Promise.all([
    store.pool.query(statement),
    dedicated.query(statement),
  ]);
  await dedicated.end();
  expect(pooled.rows[0]).toMatchObject({
    statement: "30s",
    lock: "10s",
    idle: "30s",
    name: "pawl",
    large: "9007199254740993",
    fraction: 1.5,
  });
  expect(pooled.rows[0].at).toBeTypeOf("string");
  expect(alone.rows[0]).toEqual(pooled.rows[0]);
});

test("a connection the database ends does not end the process, and the pool goes on", async () => {
  const store = await open((await newDatabase()).url);
  await store.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = 'pawl'",
  );
  await expect(store.pool.query("select pg_terminate_backend(pg_backend_pid())")).rejects.toThrow(
    /terminat/,
  );
  expect((await store.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("a migrated database opens for a role that may not create tables; an empty one is refused with the way out", async () => {
  const { url, name } = await newDatabase({ migrated: false });
  const role = `${name}_reader`;
  await onDatabase(url, `create role ${role} login password 'quiet-canary'`);
  const asRole = new URL(url);
  asRole.username = role;
  asRole.password = "quiet-canary";
  try {
    await expect(open(asRole.href)).rejects.toThrow(
      /needs a migration and user \w+ may not make it .*`pawl migrate`/,
    );
    await open(url);
    await onDatabase(
      url,
      `grant select, insert, update, delete on all tables in schema public to ${role}`,
    );
    const store = await open(asRole.href);
    expect((await store.pool.query("select current_user as name")).rows).toEqual([{ name: role }]);
    await store.close();
    opened.pop();
  } finally {
    await onDatabase(url, `drop owned by ${role}; drop role ${role}`);
  }
});

test.each([
  {
    name: "nobody listens",
    change: (url: URL) => (url.port = "1"),
    says: /can not be reached: connection refused$/,
  },
  {
    name: "no such host",
    change: (url: URL) => (url.hostname = "no-such-host.invalid"),
    says: /there is no such host$/,
  },
  {
    name: "no such database",
    change: (url: URL) => (url.pathname = "/nowhere"),
    says: /has no database nowhere$/,
  },
])("$name: one line without the password", async ({ change, says }) => {
  const { url } = await newDatabase();
  const wrong = new URL(url);
  wrong.password ||= "canary";
  change(wrong);
  const error = await openStore(readConfig({ databaseUrl: wrong.href }, {}), silentLog).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "StoreError" });
  const { message } = error as Error;
  expect(message).toMatch(says);
  expect(message).not.toContain("\n");
  expect(message).not.toContain(wrong.password);
});

test("fsync off is refused, and accepted when told", async () => {
  const node = process.execPath;
  const script = `
    const { startEmbeddedPostgres } = await import("./server/store/embedded-postgres.ts");
    const { silentLog } = await import("./server/observe/log.ts");
    const embedded = await startEmbeddedPostgres({ isEphemeral: true, settings: { fsync: "off" } }, silentLog);
    console.log(embedded.connectionString);
    await new Promise(() => setInterval(() => undefined, 1000));`;
  const child = spawn(node, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const url = line.toString().trim();
    await expect(open(url)).rejects.toThrow(
      /runs with fsync off .* PAWL_ALLOW_UNSAFE_DATABASE=true/,
    );
    const store = await open(url, { allowUnsafeDatabase: true });
    expect(store.embedded).toBeUndefined();
    await store.close();
    opened.pop();
  } finally {
    child.kill("SIGKILL");
  }
});

async function onDatabase(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
