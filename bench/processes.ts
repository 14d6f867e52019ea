import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const root = new URL("..", import.meta.url).pathname;

/** A child that prints one JSON line when it is ready. */
export async function startServer(
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, ["bin/pawl.mjs", "serve", "--port", "0", "--json"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: databaseUrl, PAWL_LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  return { child, address: new URL(url).host };
}

export function startWorker(address: string): ChildProcess {
  return spawn(process.execPath, ["bench/worker.ts", address], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Runs a script to its end; its JSON lines. */
export async function runScript<Figures>(
  script: string,
  argument: unknown,
  options: { readonly cwd?: string } = {},
): Promise<readonly Figures[]> {
  const child = spawn(process.execPath, ["--no-warnings", script, JSON.stringify(argument)], {
    cwd: options.cwd ?? root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Figures[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) lines.push(JSON.parse(line) as Figures);
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return lines;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await once(child, "exit");
  clearTimeout(timer);
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => {
      throw new Error("the server did not start");
    }),
  ])) as [string];
  return line;
}
