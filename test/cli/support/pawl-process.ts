import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline";

const bin = join(import.meta.dirname, "../../../bin/pawl.mjs");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After so long it is ended; default 120,000 ms. */
  readonly livesMsMax?: number;
}

/** Runs `pawl` in a process of its own, to its end. */
export async function pawl(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  const child = spawnPawl(args, options);
  child.stdin.end(options.stdin ?? "");
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

export interface PawlServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Everything on standard output so far. */
  readonly lines: readonly string[];
  kill(signal: NodeJS.Signals): boolean;
  /** As if its reader had gone. */
  closeStdout(): void;
  /** Sends a signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `pawl dev` or `pawl serve` and resolves when it is ready. */
export async function startPawl(
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<PawlServer> {
  const child = spawnPawl([...args, "--json"], options);
  const ended = once(child, "close") as Promise<[number | null]>;
  const errors = text(child.stderr);
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on("line", (line) => lines.push(line));
  const first = await Promise.race([once(reader, "line"), ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`pawl ended before it was ready: ${await errors}`);
  const { url, port, pid } = JSON.parse(String(first[0])) as Ready;
  const kill = (signal: NodeJS.Signals): boolean => child.kill(signal);
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    kill(signal);
    return (await ended)[0];
  };
  return { url, port, pid, lines, kill, stop, closeStdout: () => child.stdout.destroy() };
}

interface Ready {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
}

function spawnPawl(
  args: readonly string[],
  { cwd, env, livesMsMax = 120_000 }: ProcessOptions,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [bin, ...args], {
    cwd,
    // No test leaves a process behind, not even one that fails.
    timeout: livesMsMax,
    env: { ...process.env, NO_COLOR: "1", DATABASE_URL: "", ...env },
  });
}
