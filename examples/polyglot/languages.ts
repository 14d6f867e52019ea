import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { driverEnvironment } from "../../test/parity/support/drivers.ts";
import type { Sdk } from "../../test/parity/support/drivers.ts";

/** A language whose worker is built before it runs. */
export interface BuiltLanguage {
  readonly name: Sdk;
  /** The task that it serves. */
  readonly task: string;
  /** @returns its worker's program and first arguments; address and identity follow */
  readonly build: (signal: AbortSignal) => Promise<readonly string[]>;
}

const here = import.meta.dirname;
const root = join(here, "../..");
const built = join(root, "node_modules/.cache/polyglot");

/** All but TypeScript, which needs no building. */
export const builtLanguages: readonly BuiltLanguage[] = [
  {
    name: "python",
    task: "words",
    // The environment that the SDK's own tests use, made once.
    async build(signal) {
      const bin = await run(["bash", "-c", "source sdk/python/tools/venv.sh && sdk_venv"], signal);
      return [join(bin.trim(), "python"), join(here, "python/worker.py")];
    },
  },
  {
    name: "go",
    task: "seal",
    async build(signal) {
      const program = join(built, "go-worker");
      await run(["go", "build", "-C", join(here, "go"), "-o", program, "."], signal);
      return [program];
    },
  },
  {
    name: "java",
    task: "prime",
    async build(signal) {
      const sdk = join(root, "sdk/java");
      const classPath = [`${sdk}/target/classes`, `${sdk}/target/dependency/*`].join(":");
      const goals = ["compile", "dependency:copy-dependencies"];
      await run(["mvn", "-q", "-B", "-ntp", "-f", join(sdk, "pom.xml"), ...goals], signal);
      const classes = join(built, "java");
      const source = join(here, "java/PolyglotWorker.java");
      await run(["javac", "-d", classes, "-cp", classPath, source], signal);
      return ["java", "-cp", `${classes}:${classPath}`, "PolyglotWorker"];
    },
  },
];

/** @returns what it put out @throws Error with what it said when it failed */
async function run(command: readonly string[], signal: AbortSignal): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program!, args, { cwd: root, env: driverEnvironment(), signal });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`${command.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}
