import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    python: Python;
  }
}

/** Where the AWS CLI and boto3 are, or why they could not be had. */
export type Python = { readonly bin: string } | { readonly missing: string };

const run = promisify(execFile);
const top = join(import.meta.dirname, "..", "..", "..");
const requirements = join(import.meta.dirname, "..", "requirements.txt");

/**
 * Installs the AWS CLI and boto3 into a virtual environment of the tests' own, once for each list of
 * versions. Without python3 or a package index the tests that need them say so; on CI that is an error.
 */
export default async function setup(project: TestProject): Promise<void> {
  try {
    project.provide("python", { bin: await environment() });
  } catch (error) {
    if (process.env["CI"] === "true") throw error;
    const missing = `the AWS CLI and boto3 can not be installed: ${(error as Error).message}`;
    console.warn(`\n${missing}\ntheir tests are left out\n`);
    project.provide("python", { missing });
  }
}

async function environment(): Promise<string> {
  const digest = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const folder = join(top, "node_modules", ".cache", `aws-clients-${digest.slice(0, 16)}`);
  const bin = join(folder, "bin");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return bin;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("python3", ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  await run(join(bin, "pip"), ["install", ...quiet, "--requirement", requirements]);
  await writeFile(complete, "");
  return bin;
}
