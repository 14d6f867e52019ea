// Running other programs from our scripts.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The repository's top folder. */
export const root = join(import.meta.dirname, "..");

const path = [
  join(root, "node_modules/.bin"),
  join(root, "tools/node_modules/.bin"),
  process.env.PATH,
].join(delimiter);

/**
 * Runs a program of ours, or of the system, in the repository's top folder.
 *
 * @param options.isQuiet keep its output for the result instead of showing it.
 */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, PATH: path, ...options.env },
    stdio: options.isQuiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  if (result.error !== undefined) return { isOk: false, output: result.error.message };
  return { isOk: result.status === 0, output: `${result.stdout ?? ""}${result.stderr ?? ""}` };
}

/** Installs what tools/package.json names, where it is missing or another version. */
export function installTools() {
  const { dependencies } = JSON.parse(readFileSync(join(root, "tools/package.json"), "utf8"));
  const isInstalled = Object.entries(dependencies).every(([name, version]) => {
    const file = join(root, "tools/node_modules", name, "package.json");
    return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === version;
  });
  if (isInstalled) return;
  console.log("installing tools/ ...");
  // No lock: npm leaves packages of other platforms out of it, and then `npm ci` refuses it.
  const installed = run("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund"], {
    cwd: join(root, "tools"),
  });
  if (!installed.isOk) {
    console.error(`tools/ could not be installed ${installed.output}`.trim());
    process.exit(1);
  }
}
