import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, expect, test } from "vitest";
import { connect } from "../../server/store/connect.ts";
import { silentLog } from "../../server/observe/log.ts";
import { startEmbeddedPostgres } from "../../server/store/embedded-postgres.ts";
import type { EmbeddedPostgres } from "../../server/store/embedded-postgres.ts";

const small = { shared_buffers: "16MB" };
const started: EmbeddedPostgres[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const embedded of started.splice(0)) await embedded.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(dataDir?: string): Promise<EmbeddedPostgres> {
  const where = dataDir === undefined ? { isEphemeral: true } : { isEphemeral: false, dataDir };
  const embedded = await startEmbeddedPostgres({ ...where, settings: small }, silentLog);
  started.push(embedded);
  return embedded;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pawl-test-"));
  await chmod(folder, 0o755);
  folders.push(folder);
  return join(folder, "data");
}

/** Initialised once: most tests are about starts, not about initdb. */
let shared: Promise<string> | undefined;
async function sharedFolder(): Promise<string> {
  shared ??= (async () => {
    const dataDir = await newFolder();
    folders.pop();
    await (
      await startEmbeddedPostgres({ isEphemeral: false, dataDir, settings: small }, silentLog)
    ).stop();
    return dataDir;
  })();
  return shared;
}
afterAll(async () => {
  if (shared !== undefined) await rm(join(await shared, ".."), { recursive: true, force: true });
});

async function query(
  embedded: Pick<EmbeddedPostgres, "connectionString">,
  statement: string,
): Promise<object[]> {
  const client = new Client({ connectionString: embedded.connectionString });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** A server process that has the folder open. */
async function inAnotherProcess(
  dataDir: string | undefined,
): Promise<{ connectionString: string; path: string; pid: number; kill(): Promise<void> }> {
  const where =
    dataDir === undefined
      ? "isEphemeral: true"
      : `isEphemeral: false, dataDir: ${JSON.stringify(dataDir)}`;
  const script = `
    const { startEmbeddedPostgres } = await import("./server/store/embedded-postgres.ts");
    const { silentLog } = await import("./server/observe/log.ts");
    const { connectionString, path, pid } = await startEmbeddedPostgres({ ${where}, settings: { shared_buffers: "16MB" } }, silentLog);
    console.log(JSON.stringify({ connectionString, path, pid }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  return { ...(JSON.parse(line) as { connectionString: string; path: string; pid: number }), kill };
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isSo()) return;
    await sleep(50);
  }
  throw new Error("did not come about in 15 s");
}

/** A zombie that nobody has collected yet is over, too. */
async function isOver(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return line === undefined || line.slice(line.lastIndexOf(")") + 2).startsWith("Z");
}

test("an ephemeral one is durable while it lives, and leaves nothing behind", async () => {
  const embedded = await start();
  const settings =
    "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'jit', 'synchronous_commit') order by 1";
  expect(await query(embedded, settings)).toEqual([
    { name: "fsync", setting: "on" },
    { name: "full_page_writes", setting: "on" },
    { name: "jit", setting: "off" },
    { name: "synchronous_commit", setting: "on" },
  ]);
  expect(existsSync(embedded.path)).toBe(true);
  await embedded.stop();
  expect(existsSync(embedded.path)).toBe(false);
  expect(await isOver(embedded.pid)).toBe(true);
});

test("it listens on the loopback address only and wants its password", async () => {
  const embedded = await start();
  expect(await query(embedded, "show listen_addresses")).toEqual([
    { listen_addresses: "127.0.0.1" },
  ]);
  const url = new URL(embedded.connectionString);
  url.password = "canary";
  const error = await connect({ connectionString: url.href }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "StoreError",
    message: `PostgreSQL at 127.0.0.1:${url.port} refused the password of user pawl`,
  });
});

test("a folder keeps its data from one start to the next, and who can read it", async () => {
  const dataDir = await sharedFolder();
  const first = await start(dataDir);
  await query(first, "drop table if exists kept; create table kept as select 42 as answer");
  await first.stop();
  expect(await readdir(dataDir)).not.toContain("pawl.lock");
  expect((await stat(join(dataDir, "password"))).mode & 0o077).toBe(0);
  const second = await start(dataDir);
  expect(await query(second, "select answer from kept")).toEqual([{ answer: 42 }]);
});

test("a folder in use is refused with the process that has it, and is free again afterwards", async () => {
  const dataDir = await sharedFolder();
  const other = await inAnotherProcess(dataDir);
  try {
    await expect(start(dataDir)).rejects.toThrow(
      /^the data folder .* is in use by another Pawl server \(process \d+\); stop it/,
    );
    expect(await query(other, "select 1 as one")).toEqual([{ one: 1 }]);
  } finally {
    await other.kill();
  }
  await start(dataDir);
});

test("of two that start at once on one folder, one gets it", async () => {
  const dataDir = await sharedFolder();
  const results = await Promise.allSettled([start(dataDir), start(dataDir)]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test("after kill -9 of the server its PostgreSQL stops by itself, and the next start has every commit", async () => {
  const dataDir = await sharedFolder();
  const killed = await inAnotherProcess(dataDir);
  await query(killed, "drop table if exists kept; create table kept as select 42 as answer");
  await killed.kill();
  const next = await start(dataDir);
  expect(await query(next, "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(await isOver(killed.pid)).toBe(true);
});

test("a PostgreSQL that even lost its watcher is stopped by the next start", async () => {
  const dataDir = await sharedFolder();
  const killed = await inAnotherProcess(dataDir);
  await query(killed, "drop table if exists kept; create table kept as select 42 as answer");
  // The watcher and the server go in one moment, as when a session is killed; PostgreSQL stays.
  for (const pid of await processesNaming(`pawl-watcher\0${killed.path}`))
    process.kill(pid, "SIGKILL");
  await killed.kill();
  await sleep(300);
  expect(await isOver(killed.pid)).toBe(false);
  const next = await start(dataDir);
  expect(await isOver(killed.pid)).toBe(true);
  expect(await query(next, "select answer from kept")).toEqual([{ answer: 42 }]);
});

test("an ephemeral one goes with a server that was killed", async () => {
  const killed = await inAnotherProcess(undefined);
  expect(existsSync(killed.path)).toBe(true);
  await killed.kill();
  await until(() => !existsSync(killed.path));
  expect(await isOver(killed.pid)).toBe(true);
});

test("a crash of PostgreSQL is repaired on the same port with every commit", async () => {
  const embedded = await start(await sharedFolder());
  await query(embedded, "drop table if exists kept; create table kept as select 42 as answer");
  const { pid } = embedded;
  process.kill(pid, "SIGKILL");
  await until(
    async () =>
      embedded.pid !== pid &&
      (await query(embedded, "select 1").then(
        () => true,
        () => false,
      )),
  );
  expect(await query(embedded, "select answer from kept")).toEqual([{ answer: 42 }]);
});

test("a lock of a process that is gone, whose id another process has now, is no lock", async () => {
  const dataDir = await sharedFolder();
  await writeFile(join(dataDir, "pawl.lock"), `${process.pid} 1\n`);
  const embedded = await start(dataDir);
  expect(await query(embedded, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a data folder that can not be made is refused in one line", async () => {
  const dataDir = await newFolder();
  await writeFile(dataDir, "a file");
  const error = await start(dataDir).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "StoreError",
    message: expect.stringMatching(/^the data folder .* can not be made: /),
  });
});

test.runIf(process.getuid?.() === 0)(
  "as root, a folder that the OS user postgres can not enter is refused with what to do",
  async () => {
    const dataDir = await newFolder();
    await chmod(join(dataDir, ".."), 0o700);
    await expect(start(dataDir)).rejects.toThrow(
      /runs as the OS user postgres, who can not enter .*; choose another data folder with --data-dir/,
    );
  },
);

async function processesNaming(text: string): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) =>
      (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).includes(text) ? [pid] : [],
    ),
  );
  return found.flat();
}
