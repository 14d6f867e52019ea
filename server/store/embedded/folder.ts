import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { StoreError } from "../store-error.ts";
import { firstClosedFolder } from "./account.ts";
import type { Account } from "./account.ts";

/** Where an embedded PostgreSQL lives: `cluster/` (its own), `postgresql.log`, `password`, `pawl.lock`. */
export interface Folder {
  readonly path: string;
  readonly cluster: string;
  readonly logFile: string;
  readonly passwordFile: string;
  readonly isEphemeral: boolean;
  /** Lets another server have the folder; an ephemeral one is removed. */
  release(): Promise<void>;
}

/**
 * Opens the folder for this process alone.
 *
 * @param dataDir absent: `.pawl` in the working folder, or one under /var/lib/pawl where we are root and
 *   the account can not enter the working folder.
 * @throws StoreError when another live server has it, or when the account can not enter it.
 */
export async function openFolder(
  dataDir: string | undefined,
  isEphemeral: boolean,
  account: Account | undefined,
): Promise<Folder> {
  const path = isEphemeral ? await temporaryFolder(account) : await lastingFolder(dataDir, account);
  const lockFile = join(path, "pawl.lock");
  if (!isEphemeral) await lock(lockFile, path);
  return {
    path,
    cluster: join(path, "cluster"),
    logFile: join(path, "postgresql.log"),
    passwordFile: join(path, "password"),
    isEphemeral,
    release: () =>
      rm(isEphemeral ? path : lockFile, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function temporaryFolder(account: Account | undefined): Promise<string> {
  const base = (await firstClosedFolder(tmpdir(), account)) === undefined ? tmpdir() : "/tmp";
  const path = await mkdtemp(join(base, "pawl-"));
  await giveTo(path, account);
  return path;
}

async function lastingFolder(
  dataDir: string | undefined,
  account: Account | undefined,
): Promise<string> {
  const path = resolve(dataDir ?? (await defaultDataDir(account)));
  try {
    if ((await mkdir(path, { recursive: true, mode: 0o755 })) !== undefined)
      await giveTo(path, account);
  } catch (error) {
    throw new StoreError(`the data folder ${path} can not be made: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const closed = await firstClosedFolder(path, account);
  if (closed === undefined) return path;
  throw new StoreError(
    `the embedded PostgreSQL runs as the OS user postgres, who can not enter ${closed}; ` +
      "choose another data folder with --data-dir or PAWL_DATA_DIR, or do not run Pawl as root",
  );
}

async function defaultDataDir(account: Account | undefined): Promise<string> {
  const [here, apart] = defaultDataDirs();
  return (await firstClosedFolder(here, account)) === undefined ? here : apart;
}

/** Of servers that are started in this working folder: in it, or apart where the account can not enter it. */
export function defaultDataDirs(): readonly [here: string, apart: string] {
  const here = resolve(".pawl");
  const hash = createHash("sha256").update(here).digest("hex").slice(0, 12);
  return [here, join("/var/lib/pawl", hash)];
}

/** The account needs to write its log beside its cluster. */
async function giveTo(path: string, account: Account | undefined): Promise<void> {
  if (account === undefined) return;
  await chmod(path, 0o755);
  await chown(path, account.uid, account.gid);
}

/** The password in the folder; made on first use. Only the owner of the folder can read it. */
export async function folderPassword(folder: Folder): Promise<string> {
  const known = await readFile(folder.passwordFile, "utf8").catch(() => undefined);
  if (known !== undefined && known.trim() !== "") return known.trim();
  const made = randomBytes(24).toString("base64url");
  await writeFile(folder.passwordFile, `${made}\n`, { mode: 0o600 });
  return made;
}

// ---- the lock: our process id and start time, so that a dead owner is known as such --------------

async function lock(lockFile: string, path: string): Promise<void> {
  const mine = `${process.pid} ${await startTime(process.pid)}\n`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await written(lockFile, mine)) return;
    const theirs = await readFile(lockFile, "utf8").catch(() => "");
    if (await isAlive(theirs)) {
      throw new StoreError(
        `the data folder ${path} is in use by another Pawl server (process ${theirs.split(" ")[0]}); ` +
          "stop it, choose another with --data-dir, or let both use one DATABASE_URL",
      );
    }
    await removeStale(lockFile, theirs);
  }
  throw new StoreError(
    `the data folder ${path} could not be locked: another server is starting on it`,
  );
}

async function written(lockFile: string, content: string): Promise<boolean> {
  // link() puts the finished file in place: nobody reads a half-written lock.
  const draft = `${lockFile}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, content);
  try {
    await link(draft, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the lock only if it still says what was judged stale: another server may have been quicker. */
async function removeStale(lockFile: string, content: string): Promise<void> {
  const aside = `${lockFile}.${process.pid}.stale`;
  try {
    await rename(lockFile, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, "utf8")) !== content)
    await link(aside, lockFile).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isAlive(content: string): Promise<boolean> {
  const [pidText, started] = content.trim().split(" ");
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return (await startTime(pid)) === started;
}

/** Clock ticks after boot at which the process started (Linux); elsewhere `-`, so that only the id counts. */
async function startTime(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return line?.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
}
