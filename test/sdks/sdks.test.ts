import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  driverEnvironment,
  findToolchain,
  languageOf,
  sdks,
  type Sdk,
} from "../parity/support/drivers.ts";

const root = join(import.meta.dirname, "../..");
// Those of the TypeScript SDK are in test/sdk.
const others = sdks.filter((name) => name !== "typescript");

test.each(others.map((name) => [languageOf[name], name] as const))(
  "the %s SDK passes its own tests, where its language is installed",
  async (language, name) => {
    const missing = whyNotTested(name);
    if (missing !== undefined) console.warn(`\nNOT TESTED: the ${language} SDK: ${missing}\n`);
    const failure = missing === undefined ? await failureOf(`sdk/${name}/tools/test.sh`) : "";
    expect(failure).toBe("");
  },
);

function whyNotTested(name: Sdk): string | undefined {
  const found = findToolchain(name);
  if ("missing" in found) return found.missing;
  return existsSync(join(root, `sdk/${name}/tools/test.sh`)) ? undefined : "it has no tests";
}

/** @returns what a script that failed has said; empty when it did not. */
async function failureOf(script: string): Promise<string> {
  const child = spawn("bash", [script], { cwd: root, env: driverEnvironment() });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => output.push(data));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code === 0) return "";
  return `${script} ended with ${signal ?? code}\n${Buffer.concat(output).toString()}`;
}
