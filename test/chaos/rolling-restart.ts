/**
 * Rolling restart: SIGTERM to one server after the other, each back before the next goes, under load by
 * clients that retry as the SDK does. Nobody may notice.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster } from "./cluster.ts";
import { SteadyLoad } from "./steady-load.ts";

export interface RollingOptions {
  /** How often every server is restarted. */
  readonly rounds: number;
  readonly servers: number;
  readonly onProgress: (line: string) => void;
}

export interface RollingResult {
  readonly ended: number;
  readonly tasks: number;
  /** The longest time from SIGTERM to the end of the process. */
  readonly drainMsMax: number;
  /** Errors that reached a caller, and tasks that were done twice. None: nobody has noticed. */
  readonly problems: readonly string[];
}

const quietMs = 1_000;

export async function runRollingRestart(options: RollingOptions): Promise<RollingResult> {
  const cluster = new Cluster();
  try {
    await cluster.start({ servers: options.servers, workers: 0 });
    const load = new SteadyLoad(cluster.addresses);
    await load.begin();
    const drains: number[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      for (let server = 0; server < options.servers; server += 1) {
        await sleep(quietMs);
        const drainMs = await cluster.restartServer(server);
        drains.push(drainMs);
        options.onProgress(
          `round ${round}/${options.rounds}: server ${server} drained in ${Math.round(drainMs)} ms; ${load.samples.length} ended, ${load.errors.length} errors`,
        );
      }
    }
    await load.finish();
    const twice = [...load.runs].filter(([, count]) => count > 1);
    return {
      ended: load.samples.length,
      tasks: load.runs.size,
      drainMsMax: Math.max(...drains),
      problems: [...load.errors, ...twice.map(([task, count]) => `${task} ran ${count} times`)],
    };
  } finally {
    await cluster.stop();
  }
}
