import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Worker } from "@pawl/sdk";
import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";
import { shown } from "./text/plain.ts";

/** What a worker module exports as default: it is given a worker and registers its tasks. */
export type RegisterTasks = (worker: Worker) => void | Promise<void>;

/**
 * Loads worker modules, JavaScript or TypeScript.
 *
 * @throws CliError usage when a module can not be loaded or has no function as its default export.
 */
export async function loadWorkers(paths: readonly string[]): Promise<readonly RegisterTasks[]> {
  const loaded: RegisterTasks[] = [];
  for (const path of paths) loaded.push(registerTasksOf(path, await load(path)));
  return loaded;
}

async function load(path: string): Promise<unknown> {
  try {
    return ((await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }).default;
  } catch (error) {
    throw new CliError(
      exitCode.usage,
      shown`can not load the worker ${path}: ${error instanceof Error ? error.message : String(error)}`,
      {
        reason: "WORKER_UNLOADABLE",
      },
    );
  }
}

function registerTasksOf(path: string, exported: unknown): RegisterTasks {
  if (typeof exported === "function") return exported as RegisterTasks;
  throw new CliError(
    exitCode.usage,
    shown`the worker ${path} has no function as its default export`,
    {
      reason: "WORKER_UNLOADABLE",
      next: 'Write: export default (worker) => { worker.task("name", async (input) => output); }',
    },
  );
}
