import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { StoreError } from "../store-error.ts";
import { defaultDataDirs } from "./folder.ts";
import { embeddedUrl } from "./init-cluster.ts";

/**
 * URL of the embedded PostgreSQL that a server on this machine runs.
 *
 * @param dataDir its data folder; absent: where one is by default.
 * @returns undefined when none has run there, or it was stopped.
 * @throws StoreError when the folder may not be read.
 */
export async function runningDatabase(dataDir: string | undefined): Promise<string | undefined> {
  const paths = dataDir === undefined ? defaultDataDirs() : [resolve(dataDir)];
  for (const path of paths) {
    // PostgreSQL's own: the fourth line is its port. It removes the file when it stops.
    const process = await content(join(path, "cluster", "postmaster.pid"));
    const password = await content(join(path, "password"));
    const port = Number(process?.split("\n")[3]);
    if (password !== undefined && port > 0) return embeddedUrl(password.trim(), port);
  }
  return undefined;
}

async function content(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StoreError(`${path} can not be read: ${(error as Error).message}`, { cause: error });
  }
}
