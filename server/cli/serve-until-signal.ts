import { constants } from "node:os";
import type { Log } from "../observe/log.ts";
import type { RunningServer } from "../main.ts";

/**
 * Starts a server and keeps it running until the process is told to end.
 *
 * The first SIGTERM or SIGINT (or SIGHUP, when the terminal goes away) drains and resolves; a second one
 * ends the process at once with 128 + its number. An error that nobody caught ends the process with 1:
 * what was acknowledged is committed, so a new process goes on where this one stopped.
 */
export async function serveUntilSignal(
  start: () => Promise<RunningServer>,
  log: Log,
): Promise<void> {
  endOnStrayErrors(log);
  const signalled = firstSignal();
  const server = await start();
  const signal = await signalled;
  log.info({ signal }, "draining");
  await server.close();
  log.info("stopped");
}

/** Resolves with the first signal; from then on the next one ends the process. */
export function firstSignal(): Promise<NodeJS.Signals> {
  let received: NodeJS.Signals | undefined;
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (received !== undefined) process.exit(signalExitCode(signal));
        received = signal;
        resolve(signal);
      });
    }
  });
}

/** What a process that a signal ended answers to the shell: 130 for SIGINT, 143 for SIGTERM. */
export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

function endOnStrayErrors(log: Log): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, `${event}: ending the process; nothing acknowledged is lost`);
      process.exit(1);
    });
  }
}
