import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The SDKs there are, by the folder of their driver; the table's columns in this order. */
export const sdks = ["typescript", "python", "go", "java"] as const;

export type Sdk = (typeof sdks)[number];

export const languageOf: Readonly<Record<Sdk, string>> = {
  typescript: "TypeScript",
  python: "Python",
  go: "Go",
  java: "Java",
};

/** A driver that is built, or why there is none. */
export type FoundDriver = UsableDriver | MissingDriver;

export interface UsableDriver {
  readonly name: Sdk;
  /** For people, with the version: `go version go1.26.1 linux/amd64`. */
  readonly toolchain: string;
  readonly folder: string;
  readonly run: readonly string[];
}

export interface MissingDriver {
  readonly name: Sdk;
  readonly missing: string;
}

/** What driver.json says; commands run in its folder. */
interface DriverFile {
  /** Fails where the language is not installed. */
  readonly toolchain: readonly string[];
  readonly build: readonly (readonly string[])[];
  readonly run: readonly string[];
}

const root = join(import.meta.dirname, "../../..");
const drivers = join(root, "test/parity/drivers");

/** Node.js 24 comes with the repository. */
export function driverEnvironment(): NodeJS.ProcessEnv {
  const path = [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  return { ...process.env, PATH: path };
}

/**
 * Builds the driver of an SDK whose language is installed.
 *
 * @throws Error with the compiler's output when it can not be built
 */
export function buildDriver(name: Sdk): FoundDriver {
  const found = findToolchain(name);
  if ("missing" in found) return { name, ...found };
  const folder = join(drivers, name);
  const { build, run } = driverFile(name);
  for (const step of build) {
    const built = command(step, folder);
    if (!built.isOk) {
      const what = `the driver of ${languageOf[name]} can not be built: ${step.join(" ")}`;
      throw new Error(`${what}\n${built.output}`);
    }
  }
  return { name, toolchain: found.toolchain, folder, run };
}

/** What says that the language of an SDK is installed here, or why the SDK can not be tested. */
export function findToolchain(
  name: Sdk,
): { readonly toolchain: string } | { readonly missing: string } {
  if (!existsSync(join(drivers, name, "driver.json"))) return { missing: "it has no driver" };
  const version = command(driverFile(name).toolchain, join(drivers, name));
  if (!version.isOk) return { missing: `${languageOf[name]} is not installed` };
  return { toolchain: version.output.split("\n")[0]! };
}

function driverFile(name: Sdk): DriverFile {
  return JSON.parse(readFileSync(join(drivers, name, "driver.json"), "utf8")) as DriverFile;
}

function command(
  [program, ...args]: readonly string[],
  cwd: string,
): { readonly isOk: boolean; readonly output: string } {
  const result = spawnSync(program!, args, { cwd, env: driverEnvironment(), encoding: "utf8" });
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`;
  return { isOk: result.status === 0, output: output.trim() };
}
