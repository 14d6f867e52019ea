import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** How long a process may take to leave before it is killed. */
const leaveMsMax = 8_000;

/**
 * The processes of a demo: a server and workers, each on its own. They do not share the terminal's
 * Ctrl-C: the demo hears it and ends them in order, workers first.
 */
export class Processes {
  readonly #children: ChildProcess[] = [];
  #stopping: Promise<void> | undefined;

  /** Starts `pawl dev` with a database that is gone afterwards. @returns its URL, once it is ready */
  async startServer(): Promise<string> {
    const pawl = fileURLToPath(new URL("../../bin/pawl.mjs", import.meta.url));
    const command = [process.execPath, pawl, "dev", "--ephemeral", "--port", "0", "--json"];
    const child = this.#start(command, "inherit");
    const lines = createInterface({ input: child.stdout! });
    const ready = new Promise<string>((resolve) => lines.once("line", resolve));
    const ended = new Promise<never>((_, reject) => {
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(new Error(`the server ended with code ${code} before it was ready`)),
      );
    });
    ended.catch(() => undefined);
    const { url } = JSON.parse(await Promise.race([ready, ended])) as { url: string };
    return url;
  }

  /**
   * Starts a worker. What it logs is shown only if it ends before it is told to.
   *
   * @param command the program and its arguments
   * @returns a promise that rejects then, and is pending otherwise
   */
  startWorker(command: readonly string[]): Promise<never> {
    const child = this.#start(command, "pipe");
    const log = text(child.stderr!);
    const ended = once(child, "exit").then(
      ([code, signal]) => String(signal ?? `status ${code}`),
      String,
    );
    const failed = ended.then(async (how): Promise<never> => {
      if (this.#stopping !== undefined) return new Promise<never>(() => undefined);
      throw new Error(`a worker ended with ${how}: ${command.join(" ")}\n${await log}`);
    });
    failed.catch(() => undefined);
    return failed;
  }

  /** Ends all: the youngest first, so that workers can say goodbye to the server. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    const [server, ...workers] = this.#children;
    await Promise.all(workers.map(leave));
    if (server !== undefined) await leave(server);
  }

  #start([program, ...args]: readonly string[], stderr: "pipe" | "inherit"): ChildProcess {
    const child = spawn(program!, args, {
      stdio: ["ignore", "pipe", stderr],
      detached: true,
    });
    this.#children.push(child);
    return child;
  }
}

async function leave(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), leaveMsMax);
  await gone;
  clearTimeout(timer);
}
