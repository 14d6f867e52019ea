import { execFile } from "node:child_process";
import { chown, mkdtemp, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { StoreError } from "../store-error.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import type { Folder } from "./folder.ts";

const embeddedUser = "pawl";

/** Of the one database that an embedded PostgreSQL has. */
export function embeddedUrl(password: string, port: number): string {
  return `postgresql://${embeddedUser}:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * Makes the cluster unless the folder has one. Made beside and renamed when complete, so that a
 * server killed meanwhile leaves nothing that looks like a cluster.
 */
export async function initCluster(
  binaries: Binaries,
  folder: Folder,
  account: Account | undefined,
  password: string,
): Promise<void> {
  if ((await stat(folder.cluster).catch(() => undefined)) !== undefined) return;
  const unfinished = await mkdtemp(join(folder.path, "cluster-"));
  const passwordFile = join(unfinished, "..", `initial-password-${process.pid}`);
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account !== undefined) {
      await chown(unfinished, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    const flags = [
      `--pgdata=${unfinished}`,
      `--username=${embeddedUser}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-instructions",
      ...(folder.isEphemeral ? ["--no-sync"] : []),
    ];
    const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
    await promisify(execFile)(binaries.initdb, flags, {
      ...account,
      cwd: folder.path,
      env: environment,
    });
    await rename(unfinished, folder.cluster);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const { stderr = "" } = error as { readonly stderr?: string };
    const said = stderr.trim().split("\n");
    const problem = said.find((line) => line.includes("error:")) ?? said.at(-1) ?? "";
    const why = problem === "" ? (error as Error).message : problem;
    throw new StoreError(
      `the embedded PostgreSQL could not be initialised in ${folder.path}: ${why}`,
      { cause: error },
    );
  } finally {
    await unlink(passwordFile).catch(() => undefined);
  }
}
