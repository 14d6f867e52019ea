import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { StoreError } from "../store-error.ts";

/** Whom PostgreSQL runs as. It refuses root, so a root server starts it as the OS user `postgres`. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const accountName = "postgres";

/**
 * The account for the embedded PostgreSQL; undefined: our own (we are not root, or this is Windows).
 *
 * @throws StoreError when we are root and there is neither a user `postgres` nor a way to create one.
 */
export async function embeddedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp();
  if (known !== undefined) return known;
  try {
    await promisify(execFile)("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      accountName,
    ]);
  } catch (error) {
    throw new StoreError(
      `the embedded PostgreSQL does not run as root, there is no OS user ${accountName} and none could be created; ` +
        "run Pawl as another user, create that one, or set DATABASE_URL",
      { cause: error },
    );
  }
  const created = await lookUp();
  if (created === undefined)
    throw new StoreError(`the OS user ${accountName} was created but is not in /etc/passwd`);
  return created;
}

async function lookUp(): Promise<Account | undefined> {
  const passwd = await readFile("/etc/passwd", "utf8");
  const fields = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === accountName);
  return fields === undefined ? undefined : { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** The first folder on the way to `path` (itself included) that the account may not enter; undefined: it can. */
export async function firstClosedFolder(
  path: string,
  account: Account | undefined,
): Promise<string | undefined> {
  if (account === undefined) return undefined;
  const folders = [resolve(path)];
  while (dirname(folders[0]!) !== folders[0]) folders.unshift(dirname(folders[0]!));
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined) return undefined;
    const { mode, uid, gid } = found;
    const canEnter =
      uid === account.uid ? mode & 0o100 : gid === account.gid ? mode & 0o010 : mode & 0o001;
    if (!canEnter) return folder;
  }
  return undefined;
}
