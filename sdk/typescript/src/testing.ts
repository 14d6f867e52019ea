import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** A Pawl of a test's own. */
export interface TestServer extends AsyncDisposable {
  /** For clients and workers: `127.0.0.1:41873`. */
  readonly address: string;
  /** For browsers, and everything that speaks HTTP. */
  readonly url: string;
  /** Ends it; its database is gone with it. */
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /**
   * The program `pawl` and its first arguments, as text with blanks between them or as a list; default what the
   * environment says in PAWL_COMMAND, else `pawl` on the PATH.
   */
  readonly command?: string | readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take to begin; default 60,000 ms. */
  readonly startTimeoutMs?: number;
}

/** The last characters of its log that an error shows. */
const logCharsMax = 4_000;

/** How long it may take to end before it is killed. */
const stopMsMax = 10_000;

/**
 * Starts `pawl dev` on a free port, with a database that is thrown away.
 *
 * ```ts
 * await using server = await startTestServer();
 * using client = new Client({ address: server.address });
 * ```
 *
 * @throws Error when there is no such program, or when it ends or says nothing before it serves
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const [program, ...args] = commandOf(options.command);
  const child = spawn(program!, [...args, "dev", "--ephemeral", "--port", "0", "--json"], {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const onExit = (): void => void child.kill("SIGKILL");
  process.once("exit", onExit);
  const stop = async (): Promise<void> => {
    process.off("exit", onExit);
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
    await exited;
    clearTimeout(timer);
  };
  try {
    const url = await served(child, program!, options.startTimeoutMs ?? 60_000);
    return { address: new URL(url).host, url, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    if (child.pid !== undefined) await stop();
    throw error;
  }
}

function commandOf(command: TestServerOptions["command"]): readonly string[] {
  const given = command ?? process.env["PAWL_COMMAND"] ?? "pawl";
  return typeof given === "string" ? given.split(" ").filter((word) => word !== "") : given;
}

/** Resolves with the URL, once it serves. */
function served(child: ChildProcess, program: string, timeoutMs: number): Promise<string> {
  let log = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-logCharsMax);
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => reject(new Error(`pawl ${what}\n${log}`.trimEnd()));
    const timer = setTimeout(() => fail(`did not serve within ${timeoutMs} ms`), timeoutMs);
    child.once("close", (code) => fail(`ended with ${code} before it served`));
    child.once("error", () =>
      fail(
        `can not be started: there is no program ${program}; put pawl on the PATH, set PAWL_COMMAND or pass command`,
      ),
    );
    createInterface({ input: child.stdout! }).once("line", (line) => {
      clearTimeout(timer);
      resolve((JSON.parse(line) as { url: string }).url);
    });
  });
}
