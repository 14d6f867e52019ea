/**
 * Failover: one of the servers dies, again and again, under load; how much later does what it had under
 * way come to its end than what no death has touched?
 *
 * Everything is seen from a client: from the start's call to the end that it is told, reconnecting included.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Client, silentLog, Worker } from "@pawl/sdk";
import pg from "pg";
import { Cluster } from "./cluster.ts";

export interface FailoverOptions {
  readonly rounds: number;
  readonly servers: number;
  readonly onProgress: (line: string) => void;
}

/** Milliseconds that the deaths of their server have added. */
export interface AddedLatency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Something that waits while its server dies. */
interface Kind {
  readonly name: string;
  /** At any time. */
  readonly inFlight: number;
  /** The states of its machine; none: it is a batch. */
  readonly states?: Readonly<Record<string, object>>;
  /** Before its end is awaited. */
  readonly meanwhile?: (client: Client, n: number) => Promise<unknown>;
}

const task = (resource: string): object => ({ Type: "Task", Resource: resource, End: true });
const batchKind = "batch";

const kinds: readonly Kind[] = [
  { name: "running task", inFlight: 10, states: { Run: task("failover:run") } },
  { name: "ready task", inFlight: 20, states: { Queue: task("failover:scarce") } },
  { name: "timer", inFlight: 10, states: { Rest: { Type: "Wait", Seconds: 1, End: true } } },
  {
    name: "message wait",
    inFlight: 10,
    states: {
      Hear: {
        Type: "Message",
        CorrelationKey: "failover",
        CorrelationValuePath: "$.n",
        End: true,
      },
    },
    meanwhile: async (client, n) => {
      await sleep(800);
      const message = { messageId: `${n}`, data: n, timeToLiveMs: 60_000 };
      await client.sendMessage({ correlationKey: "failover", correlationValue: n, ...message });
    },
  },
  {
    name: "nested execution",
    inFlight: 5,
    states: {
      Child: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution.sync:2",
        Parameters: { StateMachineArn: "timer", "Input.$": "$" },
        End: true,
      },
    },
  },
  { name: batchKind, inFlight: 5 },
];

/** Long enough for everything of before to have ended, and shorter than the grace of lost workers. */
const downMs = 7_000;
const quietMs = 3_000;

export async function runFailover(
  options: FailoverOptions,
): Promise<ReadonlyMap<string, AddedLatency>> {
  const cluster = new Cluster();
  try {
    // The product's own grace: nothing that must be quick may depend on it.
    const env = { PAWL_RECONNECT_GRACE_MS: "10000" };
    await cluster.start({ servers: options.servers, workers: 0, env });
    const workers = [await startWorker(cluster), await startWorker(cluster)];
    const load = new Load(new Client({ address: cluster.addresses, timeoutMs: 60_000 }));
    await load.begin();
    const sql = new pg.Pool({ connectionString: cluster.databaseUrl });
    for (let round = 1; round <= options.rounds; round += 1) {
      const victim = round % options.servers;
      await sleep(quietMs);
      load.noteDeath(await ownedBy(sql, cluster.addresses[victim]!));
      const killed = cluster.killServer(victim, downMs);
      await sleep(downMs);
      await cluster.serverReady(victim);
      options.onProgress(`round ${round}/${options.rounds}: killed ${killed}; ${load.summary}`);
    }
    await load.finish();
    await sql.end();
    await Promise.all(workers.map((worker) => worker.close({ graceMs: 0 })));
    return load.addedLatencies();
  } finally {
    await cluster.stop();
  }
}

async function startWorker(cluster: Cluster): Promise<Worker> {
  const worker = new Worker({ address: cluster.addresses, log: silentLog });
  worker.task("failover:run", { concurrency: 100 }, async (input) => {
    await sleep(1_000);
    return input;
  });
  worker.task("failover:scarce", { concurrency: 2 }, async (input) => {
    await sleep(100);
    return input;
  });
  await worker.start();
  return worker;
}

/** Executions and batches that the server has under way. */
async function ownedBy(sql: pg.Pool, address: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ id: string }>(
    `with victim as (select id from servers where address like '%/' || $1)
     select id::text from executions where status = 'RUNNING' and owner in (table victim)
     union all select id::text from batches where ended_at is null and owner in (table victim)`,
    [address],
  );
  return new Set(rows.map(({ id }) => id));
}

interface Sample {
  readonly kind: string;
  readonly id: string;
  readonly ms: number;
  /** A server died meanwhile. */
  readonly isDisturbed: boolean;
}

class Load {
  readonly #client: Client;
  readonly #samples: Sample[] = [];
  readonly #owned = new Set<string>();
  #deaths = 0;
  #isEnding = false;
  #next = 0;
  #loops: Promise<void>[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  get summary(): string {
    return `${this.#samples.length} ended, ${this.#owned.size} were owned by a server that died`;
  }

  async begin(): Promise<void> {
    for (const { name, states } of kinds) {
      if (states === undefined) continue;
      const definition = { StartAt: Object.keys(states)[0], States: states };
      await this.#client.createStateMachine({ name: machineOf(name), definition });
    }
    this.#loops = kinds.flatMap((kind) =>
      Array.from({ length: kind.inFlight }, () => this.#loop(kind)),
    );
  }

  noteDeath(owned: ReadonlySet<string>): void {
    this.#deaths += 1;
    for (const id of owned) this.#owned.add(id);
  }

  async finish(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#loops);
    this.#client.close();
  }

  /** Of what was the dead server's, against the median of what nothing has disturbed. */
  addedLatencies(): ReadonlyMap<string, AddedLatency> {
    const byKind = kinds.map(({ name }): [string, AddedLatency] => {
      const samples = this.#samples.filter(({ kind }) => kind === name);
      const usual = quantile(
        samples.filter(({ isDisturbed }) => !isDisturbed).map(({ ms }) => ms),
        0.5,
      );
      const added = samples
        .filter(({ id }) => this.#owned.has(id))
        .map(({ ms }) => Math.max(0, ms - usual));
      const figures = { p50: quantile(added, 0.5), p99: quantile(added, 0.99) };
      return [name, { count: added.length, ...figures, max: quantile(added, 1) }];
    });
    return new Map(byKind);
  }

  async #loop(kind: Kind): Promise<void> {
    while (!this.#isEnding) {
      const n = this.#next++;
      const deaths = this.#deaths;
      const began = performance.now();
      const id = await (kind.states === undefined ? this.#batch() : this.#execution(kind, n));
      const ms = performance.now() - began;
      const isDisturbed = deaths !== this.#deaths;
      this.#samples.push({ kind: kind.name, id, ms, isDisturbed });
    }
  }

  async #execution({ name, meanwhile }: Kind, n: number): Promise<string> {
    const stateMachine = machineOf(name);
    const { execution } = await this.#client.startExecution({ stateMachine, input: { n } });
    await meanwhile?.(this.#client, n);
    const { status } = await this.#client.waitForExecution(execution.id);
    if (status !== "SUCCEEDED") throw new Error(`${name} ${execution.id} is ${status}`);
    return execution.id;
  }

  async #batch(): Promise<string> {
    const inputs = Array.from({ length: 20 }, (_, index) => ({ index }));
    const settings = { stateMachine: machineOf("timer"), inputs, maxConcurrency: 10 };
    const { id } = await this.#client.createBatch(settings);
    for await (const update of this.#client.watchBatch(id))
      if (update.type === "progress" && update.batch.counts.succeeded === inputs.length) break;
    return id;
  }
}

function machineOf(kind: string): string {
  return kind.replaceAll(" ", "-");
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN);
}
