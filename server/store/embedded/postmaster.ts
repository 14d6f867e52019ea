import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { open, readFile, stat, truncate } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../store-error.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import type { Folder } from "./folder.ts";

/** A running PostgreSQL that we started. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends all its sessions and writes everything out; at most a few seconds, then the hard way. */
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  readonly binaries: Binaries;
  readonly folder: Folder;
  readonly account: Account | undefined;
  readonly settings: Readonly<Record<string, string>>;
  /** Absent: any free one. */
  readonly port?: number;
}

/** The pipe whose end tells the watcher that we are gone. */
const lifelineFd = 3;
const startMsMax = 60_000;
const stopMsMax = 10_000;

/**
 * Starts PostgreSQL and resolves when it takes connections.
 *
 * It is a session of its own, so that Ctrl-C reaches only us and we can drain first. A watcher holds the
 * other end of a pipe from us: when we end without stopping it, even by kill -9, the watcher stops it
 * (and removes an ephemeral folder). So no server is left behind.
 *
 * @throws StoreError with the last line of its log.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  await stopOrphan(options.folder);
  for (let attempt = 0; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return await startOn(port, options);
    } catch (error) {
      // Somebody took the port between our look and PostgreSQL's bind.
      const isTaken =
        error instanceof StoreError &&
        error.message.includes("could not create any TCP/IP sockets");
      if (!isTaken || attempt === 4) throw error;
      if (options.port !== undefined) await sleep(200);
    }
  }
}

async function startOn(port: number, options: PostmasterOptions): Promise<Postmaster> {
  const { folder } = options;
  await trimLog(folder.logFile);
  const logFrom = (await stat(folder.logFile).catch(() => undefined))?.size ?? 0;
  const child = await spawnPostgres(port, options);
  // Not its standard input, which Node closes before it says that the child has ended.
  const lifeline = child.stdio[lifelineFd] as Socket;
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      hasEnded = true;
      // A line, not the end of the pipe: the watcher goes without stopping anything.
      lifeline.end("ended\n");
      resolve();
    });
    child.once("error", () => resolve());
  });
  lifeline.on("error", () => undefined);
  const deadline = performance.now() + startMsMax;
  while (!(await isReady(folder, child.pid))) {
    if (hasEnded || child.pid === undefined || performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new StoreError(
        `the embedded PostgreSQL did not start: ${await lastProblem(folder.logFile, logFrom)}`,
      );
    }
    await Promise.race([ended, sleep(5)]);
  }
  child.unref();
  lifeline.unref();
  return { pid: child.pid!, port, ended, stop: () => stop(child, ended) };
}

/**
 * The shell of the watcher; `$1` the cluster, `$2` the folder to remove or nothing, then the command.
 * PostgreSQL removes postmaster.pid when it has ended; a process id alone would still name a zombie.
 */
const watcher = `
cluster=$1; folder=$2; shift 2
( ( trap '' INT TERM HUP
    if read -r line; then exit 0; fi
    pid=$$
    kill -INT "$pid" 2>/dev/null
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      if [ ! -e "$cluster/postmaster.pid" ]; then pid=; break; fi
      sleep 0.1
      if [ "$i" -gt 10 ]; then sleep 1; fi
    done
    if [ -n "$pid" ]; then kill -QUIT "$pid" 2>/dev/null; sleep 1; fi
    if [ -n "$folder" ]; then rm -rf "$folder"; fi
  ) <&3 3<&- >/dev/null 2>&1 & )
exec "$@" </dev/null 3<&-
`;

const searchPath = "/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin";

async function spawnPostgres(port: number, options: PostmasterOptions): Promise<ChildProcess> {
  const { binaries, folder, account, settings } = options;
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = [binaries.postgres, "-D", folder.cluster, "-p", String(port), ...flags];
  const log = await open(folder.logFile, "a", 0o600);
  try {
    const spawnOptions = {
      ...account,
      cwd: folder.path,
      detached: true,
      stdio: ["ignore", log.fd, log.fd, "pipe"] as ["ignore", number, number, "pipe"],
      env: { PATH: searchPath, LC_ALL: "C", TZ: "UTC" },
    };
    if (process.platform === "win32") return spawn(command[0]!, command.slice(1), spawnOptions);
    const remove = folder.isEphemeral ? folder.path : "";
    return spawn(
      "/bin/sh",
      ["-c", watcher, "pawl-watcher", folder.cluster, remove, ...command],
      spawnOptions,
    );
  } finally {
    await log.close();
  }
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.ref();
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGINT");
    const inTime = await Promise.race([
      ended.then(() => true),
      sleep(stopMsMax, false, { ref: false }),
    ]);
    if (!inTime) child.kill("SIGQUIT");
  }
  await ended;
}

/** Line 8 of postmaster.pid is its status; it is rewritten in place. */
async function isReady(folder: Folder, pid: number | undefined): Promise<boolean> {
  const lines = await postmasterLines(folder);
  return lines !== undefined && Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}

async function postmasterLines(folder: Folder): Promise<string[] | undefined> {
  const text = await readFile(join(folder.cluster, "postmaster.pid"), "utf8").catch(
    () => undefined,
  );
  return text?.split("\n");
}

/**
 * Stops a PostgreSQL that a killed server left on this folder. We hold the folder's lock, so nobody
 * else uses it. A postmaster.pid whose process is gone is PostgreSQL's own to clear.
 */
async function stopOrphan(folder: Folder): Promise<void> {
  const lines = await postmasterLines(folder);
  const pid = Number(lines?.[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !(await isPostgres(pid, folder))) return;
  for (const [signal, waitMs] of [
    ["SIGINT", stopMsMax],
    ["SIGQUIT", stopMsMax],
    ["SIGKILL", 2_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      await sleep(10);
      if (!(await isPostgres(pid, folder))) return;
    }
  }
}

/** By its command line where there is /proc, so that a reused process id is not taken for it. */
async function isPostgres(pid: number, folder: Folder): Promise<boolean> {
  if (process.platform === "linux") {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return command.split("\0").includes(folder.cluster);
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const logBytesMax = 16 * 1024 * 1024;

async function trimLog(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > logBytesMax) await truncate(logFile, 0);
}

async function lastProblem(logFile: string, from: number): Promise<string> {
  const log = await readFile(logFile).catch(() => Buffer.alloc(0));
  const lines = log.subarray(from).toString("utf8").trim().split("\n");
  const problem = lines.findLast((line) => /(FATAL|PANIC|ERROR):/.test(line)) ?? lines.at(-1) ?? "";
  const text = problem.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, "").trim();
  return `${text === "" ? "it said nothing" : text} (log: ${logFile})`;
}
