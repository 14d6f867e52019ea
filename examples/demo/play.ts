import { constants } from "node:os";
import { Processes } from "./processes.ts";
import { Display } from "./progress.ts";

/** What a demo is played on. */
export interface Stage {
  readonly display: Display;
  readonly processes: Processes;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** The promise, unless the demo is interrupted first. */
  readonly whileWanted: <Value>(promise: Promise<Value>) => Promise<Value>;
}

/** Plays a demo and ends its processes. The exit status is 1 when it failed, and the signal's when it was interrupted. */
export async function play(run: (stage: Stage) => Promise<void>): Promise<void> {
  const display = new Display();
  const processes = new Processes();
  const { signal: interrupted, whileWanted } = interruption();
  try {
    await run({ display, processes, interrupted, whileWanted });
  } catch (error) {
    display.clear();
    if (!interrupted.aborted) {
      process.exitCode = 1;
      process.stderr.write(
        `the demo failed: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  } finally {
    await processes.stop();
  }
}

function interruption(): { signal: AbortSignal; whileWanted: Stage["whileWanted"] } {
  const controller = new AbortController();
  const { signal } = controller;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      process.exitCode = 128 + constants.signals[name];
      controller.abort();
    });
  }
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
  });
  aborted.catch(() => undefined);
  return { signal, whileWanted: (promise) => Promise.race([promise, aborted]) };
}
