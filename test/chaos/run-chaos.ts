/**
 * Chaos: load, and kills in the middle of it, round after round; then everything that anybody was told
 * is compared with the database and every history.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Client, PawlError, type Starter } from "@pawl/sdk";
import pg from "pg";
import { audit, type ClientLog } from "./audit.ts";
import { auditBatches } from "./audit-batches.ts";
import { BatchLoad } from "./batch-load.ts";
import { Cluster } from "./cluster.ts";
import { kinds } from "./workload.ts";

export interface ChaosOptions {
  readonly rounds: number;
  readonly servers: number;
  readonly seed: number;
  /** How long one round's load runs. */
  readonly roundMs: number;
  /** How long, after the last kill, everything may take to finish. */
  readonly settleMs: number;
  readonly onProgress: (line: string) => void;
}

export interface ChaosResult {
  readonly started: number;
  readonly ended: number;
  readonly stopped: number;
  readonly batches: number;
  readonly kills: Readonly<Record<string, number>>;
  readonly tasksRecorded: number;
  /** Milliseconds from the last kill to the last end. */
  readonly settledInMs: number;
  readonly problems: readonly string[];
}

/** Executions at any time. */
const inFlight = 60;

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const cluster = new Cluster();
  const random = randomOf(options.seed);
  const kills: Record<string, number> = {};
  try {
    await cluster.start({ servers: options.servers, workers: 2 });
    const load = new Load(cluster.addresses, random);
    await load.begin();
    const batches = new BatchLoad(cluster.addresses);
    batches.begin();
    for (let round = 1; round <= options.rounds; round += 1) {
      const endsAt = performance.now() + options.roundMs;
      await sleep(200 + random() * (options.roundMs - 400));
      const target = targets[Math.floor(random() * targets.length)]!;
      const killed = kill(cluster, target, Math.floor(random() * 8), random());
      kills[target] = (kills[target] ?? 0) + 1;
      await sleep(Math.max(0, endsAt - performance.now()));
      options.onProgress(`round ${round}/${options.rounds}: killed ${killed}; ${load.summary}`);
    }
    const began = performance.now();
    const settled = [load, batches].map((each) => each.finish(options.settleMs));
    const [isSettled, areBatchesSettled] = await Promise.all(settled);
    const settledInMs = performance.now() - began;
    options.onProgress(
      `settled ${isSettled ? "" : "not "}after ${(settledInMs / 1000).toFixed(1)} s; ${load.summary}; auditing`,
    );
    const sql = new pg.Pool({ connectionString: cluster.databaseUrl });
    await quiet(sql, options.settleMs);
    await sleep(500);
    const workers = cluster.workerLog();
    const problems = [
      ...(await audit(sql, load.log, workers)),
      ...(await auditBatches(sql, batches.told)),
    ];
    await sql.end();
    load.close();
    batches.close();
    const unsettled = [
      ...(isSettled ? [] : [`${load.open} executions`]),
      ...(areBatchesSettled ? [] : ["batches"]),
    ].map((what) => `stuck: ${what} had not ended after ${options.settleMs} ms`);
    const { started, ended, stopped } = load.log;
    return {
      started: started.size,
      ended: ended.size,
      stopped: stopped.size,
      batches: batches.told.length,
      kills,
      tasksRecorded: workers.recorded.size,
      settledInMs,
      problems: [...unsettled, ...problems],
    };
  } finally {
    await cluster.stop();
  }
}

/** Executions that nobody follows, such as children of stopped ones, end too. The audit names those that do not. */
async function quiet(sql: pg.Pool, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const { rowCount } = await sql.query("select from executions where status = 'RUNNING' limit 1");
    if (rowCount === 0) return;
    await sleep(200);
  }
}

const targets = [
  "server",
  "worker",
  "postgres",
  "server",
  "drain",
  "startup",
  "shutdown",
  "freeze",
] as const;

/** @param moment 0 to 1: when, of those that the target has. */
function kill(
  cluster: Cluster,
  target: (typeof targets)[number],
  index: number,
  moment: number,
): string {
  switch (target) {
    case "server":
      return cluster.killServer(index);
    case "worker":
      return cluster.killWorker(index);
    case "postgres":
      return cluster.killPostgres();
    case "drain":
      return cluster.drainServer(index);
    case "startup":
      return cluster.killStartingServer(index, moment * 1_500);
    case "shutdown":
      return cluster.killDrainingServer(index, moment * 500);
    case "freeze":
      return cluster.freezeServer(index, 500 + moment * 5_500);
  }
}

/** A client under load that writes down what it is told. */
class Load {
  readonly #client: Client;
  readonly #random: () => number;
  readonly #started = new Map<string, { id: string; kind: string; n: number }>();
  readonly #ended = new Map<string, { status: string; output: string | undefined }>();
  readonly #stopped = new Set<string>();
  /** Stopped first; what counts is what came of them then. */
  readonly #redriven = new Set<string>();
  /** Errors that reached the client in spite of the SDK's retries, by code. */
  readonly #refused = new Map<string, number>();
  #starter!: Starter;
  #loops: Promise<void>[] = [];
  #isEnding = false;
  #next = 0;
  open = 0;

  constructor(addresses: readonly string[], random: () => number) {
    this.#client = new Client({ address: [...addresses] });
    this.#random = random;
  }

  get log(): ClientLog {
    return { started: this.#started, ended: this.#ended, stopped: this.#stopped };
  }

  get summary(): string {
    return `${this.#started.size} started, ${this.#ended.size} ended, ${this.#stopped.size} stopped, ${this.#redriven.size} redriven, ${this.open} open${[...this.#refused].map(([code, count]) => `, ${count} x ${code}`).join("")}`;
  }

  async begin(): Promise<void> {
    for (const { name, definition } of kinds)
      await this.#client.createStateMachine({ name, definition });
    this.#starter = this.#client.starter();
    this.#loops = Array.from({ length: inFlight }, () => this.#loop());
  }

  /** No more starts; @returns whether all have ended in time. */
  async finish(withinMs: number): Promise<boolean> {
    this.#isEnding = true;
    const all = Promise.all(this.#loops).then(() => true);
    return Promise.race([all, sleep(withinMs).then(() => false)]);
  }

  close(): void {
    this.#starter.abort();
    this.#client.close();
  }

  async #loop(): Promise<void> {
    while (!this.#isEnding) {
      const n = this.#next++;
      const kind = kinds[n % kinds.length]!;
      const name = `${kind.name}-${n}`;
      this.open += 1;
      try {
        const started = await this.#starter.start({
          stateMachine: kind.name,
          name,
          input: kind.input(n),
        });
        this.#started.set(name, { id: started.execution.id, kind: kind.name, n });
        const { id } = started.execution;
        const isStopped = this.#random() < 0.06 && (await this.#stop(name, id));
        const isRedriven = isStopped && this.#random() < 0.5;
        if (isRedriven) await this.#redrive(name, id);
        for (const message of kind.messages?.(n) ?? [])
          await repeated(() => this.#client.sendMessage(message));
        const { status, outputText } = isRedriven
          ? await this.#client.waitForExecution(id)
          : await started.result();
        this.#ended.set(name, { status, output: outputText || undefined });
      } catch (error) {
        if (!(error instanceof PawlError)) throw error;
        this.#refused.set(error.code, (this.#refused.get(error.code) ?? 0) + 1);
        await sleep(50); // refused or unknown: the audit looks at what was acknowledged only
      }
      this.open -= 1;
    }
  }

  /** @returns whether it was acknowledged. */
  async #stop(name: string, id: string): Promise<boolean> {
    await sleep(this.#random() * 100);
    try {
      await this.#client.stopExecution(id, {
        error: "Chaos.Stopped",
        cause: "stopped by the test",
      });
      this.#stopped.add(name);
      return true;
    } catch (error) {
      if (!(error instanceof PawlError)) throw error;
      return false;
    }
  }

  async #redrive(name: string, id: string): Promise<void> {
    await repeated(async () => {
      try {
        await this.#client.redriveExecution(id);
      } catch (error) {
        // It goes on already, by an earlier call whose answer was lost.
        if (!(error instanceof PawlError) || error.code !== "FAILED_PRECONDITION") throw error;
      }
    });
    this.#stopped.delete(name);
    this.#redriven.add(name);
  }
}

/** Calls until it is acknowledged. */
async function repeated(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      if (!(error instanceof PawlError)) throw error;
      await sleep(50);
    }
  }
}

/** mulberry32: the same seed, the same kills at the same moments. */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
