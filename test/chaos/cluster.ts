import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLog } from "../../server/observe/log.ts";
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "../../server/store/embedded-postgres.ts";
import type { WorkerLog } from "./audit.ts";

const root = new URL("../..", import.meta.url).pathname;

interface Member {
  readonly name: string;
  readonly start: () => ChildProcess;
  child: ChildProcess;
  /** How long it stays away when it ends. */
  downMs: number;
}

/** The parts of a running Pawl as processes of their own, each of which can be killed and comes back. */
export class Cluster {
  readonly #folder = mkdtempSync(join(tmpdir(), "pawl-chaos-"));
  readonly #servers: Member[] = [];
  readonly #workers: Member[] = [];
  readonly addresses: string[] = [];
  #postgres!: EmbeddedPostgres;
  #isEnding = false;

  get databaseUrl(): string {
    return this.#postgres.connectionString;
  }

  async start(sizes: {
    readonly servers: number;
    readonly workers: number;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<void> {
    this.#postgres = await startEmbeddedPostgres({ isEphemeral: true }, silentLog);
    for (let index = 0; index < sizes.servers; index += 1) {
      const port = await freePort();
      this.addresses.push(`127.0.0.1:${port}`);
      const start = (): ChildProcess =>
        this.#spawn(["bin/pawl.mjs", "serve", "--port", String(port), "--json"], {
          DATABASE_URL: this.databaseUrl,
          ...sizes.env,
        });
      const member = { name: `server ${index}`, start, child: start(), downMs: reviveMs };
      this.#servers.push(member);
      await once(createInterface({ input: member.child.stdout! }), "line");
      this.#revive(member);
    }
    for (let index = 0; index < sizes.workers; index += 1) {
      const log = this.#workerLog(index);
      const start = (): ChildProcess =>
        this.#spawn(["test/chaos/worker.ts", this.addresses.join(","), log], {});
      const member = { name: `worker ${index}`, start, child: start(), downMs: reviveMs };
      this.#workers.push(member);
      this.#revive(member);
    }
  }

  /** kill -9. It is started again after `downMs`. */
  killServer(index: number, downMs = reviveMs): string {
    const member = this.#servers[index % this.#servers.length]!;
    member.downMs = downMs;
    return kill(member, "SIGKILL");
  }

  /** SIGTERM: a graceful end, and a new one. */
  drainServer(index: number): string {
    return kill(this.#servers[index % this.#servers.length]!, "SIGTERM");
  }

  /** kill -9, and again so much after its successor was started. */
  killStartingServer(index: number, afterMs: number): string {
    const killed = this.killServer(index);
    setTimeout(() => this.killServer(index), reviveMs + afterMs);
    return `${killed}, again ${Math.round(afterMs)} ms into its start`;
  }

  /** SIGTERM, and kill -9 in the middle of what follows. */
  killDrainingServer(index: number, afterMs: number): string {
    const drained = this.drainServer(index);
    setTimeout(() => this.killServer(index), afterMs);
    return `${drained}, SIGKILL after ${Math.round(afterMs)} ms`;
  }

  /** SIGSTOP, and SIGCONT: the others take it for dead, and it comes back with all that it had in mind. */
  freezeServer(index: number, forMs: number): string {
    const { name, child } = this.#servers[index % this.#servers.length]!;
    child.kill("SIGSTOP");
    setTimeout(() => child.kill("SIGCONT"), forMs);
    return `${name}, frozen for ${Math.round(forMs)} ms`;
  }

  /** SIGTERM, and resolves when the new process takes work. @returns how long the old one took to end. */
  async restartServer(index: number): Promise<number> {
    const { child } = this.#servers[index]!;
    const began = performance.now();
    this.drainServer(index);
    await once(child, "exit");
    const drainMs = performance.now() - began;
    await this.serverReady(index);
    return drainMs;
  }

  /** Resolves when the server takes work. */
  async serverReady(index: number): Promise<void> {
    const url = `http://${this.addresses[index]}/readyz`;
    while (
      !(await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await sleep(20);
  }

  killWorker(index: number): string {
    return kill(this.#workers[index % this.#workers.length]!, "SIGKILL");
  }

  /** What `pg_ctl stop -m immediate` does: no checkpoint, no goodbye; crash recovery at the next start, which follows. */
  killPostgres(): string {
    try {
      process.kill(this.#postgres.pid, "SIGQUIT");
      return "PostgreSQL, immediate";
    } catch {
      return "PostgreSQL, which was down already";
    }
  }

  /** Everything the workers have written down, lives and deaths together. A line cut off by a kill is no line. */
  workerLog(): WorkerLog {
    const runs = new Map<string, string>();
    const recorded = new Set<string>();
    for (const index of this.#workers.keys()) {
      const file = this.#workerLog(index);
      if (!existsSync(file)) continue;
      for (const line of readFileSync(file, "utf8").split("\n")) {
        if (!line.startsWith("{") || !line.endsWith("}")) continue;
        const { run, told, token } = JSON.parse(line) as {
          run?: string;
          told?: string;
          token: string;
        };
        if (run !== undefined) runs.set(run, token);
        else if (told === "RECORDED") recorded.add(token);
      }
    }
    return { runs, recorded };
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    for (const { child } of [...this.#workers, ...this.#servers]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await this.#postgres.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #workerLog(index: number): string {
    return join(this.#folder, `worker-${index}.jsonl`);
  }

  #spawn(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    return spawn(process.execPath, ["--no-warnings", ...args], {
      cwd: root,
      env: { ...process.env, PAWL_LOG_LEVEL: "fatal", PAWL_RECONNECT_GRACE_MS: "3000", ...env },
      stdio: ["ignore", "pipe", process.env["CHAOS_VERBOSE"] === undefined ? "ignore" : "inherit"],
    });
  }

  /** As a supervisor would. */
  #revive(member: Member): void {
    member.child.stdout?.resume();
    member.child.on("exit", () => {
      if (this.#isEnding) return;
      setTimeout(() => {
        if (this.#isEnding) return;
        member.child = member.start();
        this.#revive(member);
      }, member.downMs);
    });
  }
}

const reviveMs = 200;

function kill(member: Member, signal: NodeJS.Signals): string {
  member.child.kill(signal);
  return `${member.name}, ${signal}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
