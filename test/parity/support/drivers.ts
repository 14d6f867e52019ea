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

/** Node.js 24 comes with the repository. */
export function driverEnvironment(): NodeJS.ProcessEnv {
  const path = [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  return { ...process.env, PATH: path };
}

/**
 * Builds the drivers of the SDKs whose language is installed.
 *
 * @throws Error with the compiler's output when a driver can not be built
 */
export function buildDrivers(names: readonly Sdk[] = sdks): readonly FoundDriver[] {
  return names.map(buildDriver);
}

function buildDriver(name: Sdk): FoundDriver {
  const folder = join(root, "test/parity/drivers", name);
  const file = join(folder, "driver.json");
  if (!existsSync(file)) return { name, missing: "it has no driver" };
  const { toolchain, build, run } = JSON.parse(readFileSync(file, "utf8")) as DriverFile;
  const version = command(toolchain, folder);
  if (!version.isOk) return { name, missing: `${languageOf[name]} is not installed` };
  for (const step of build) {
    const built = command(step, folder);
    if (!built.isOk)
      throw new Error(
        `the driver of ${languageOf[name]} can not be built: ${step.join(" ")}\n${built.output}`,
      );
  }
  return { name, toolchain: version.output.split("\n")[0]!, folder, run };
}

function command(
  [program, ...args]: readonly string[],
  cwd: string,
): { readonly isOk: boolean; readonly output: string } {
  const result = spawnSync(program!, args, { cwd, env: driverEnvironment(), encoding: "utf8" });
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`;
  return { isOk: result.status === 0, output: output.trim() };
}
