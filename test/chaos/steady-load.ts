/**
 * Load that never varies: some of everything that can wait, all the time, by a client that retries as the
 * SDK does. What each took is written down, and every error that reached the caller.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Client, silentLog, Worker, type Started, type TaskContext } from "@pawl/sdk";

/** Something that waits. */
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
export const kinds: readonly Kind[] = [
  { name: "running task", inFlight: 10, states: { Run: task("steady:run") } },
  { name: "long task", inFlight: 5, states: { Run: task("steady:long") } },
  { name: "ready task", inFlight: 20, states: { Queue: task("steady:scarce") } },
  { name: "timer", inFlight: 10, states: { Rest: { Type: "Wait", Seconds: 1, End: true } } },
  {
    name: "message wait",
    inFlight: 10,
    states: {
      Hear: {
        Type: "Message",
        CorrelationKey: "steady",
        CorrelationValuePath: "$.n",
        End: true,
      },
    },
    meanwhile: async (client, n) => {
      await sleep(800);
      const message = { messageId: `${n}`, data: n, timeToLiveMs: 60_000 };
      await client.sendMessage({ correlationKey: "steady", correlationValue: n, ...message });
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
  { name: "batch", inFlight: 5 },
];

/** What the workers do, each of the two. */
const resources: Readonly<Record<string, { readonly concurrency: number; readonly ms: number }>> = {
  "steady:run": { concurrency: 100, ms: 1_000 },
  "steady:scarce": { concurrency: 2, ms: 100 },
  "steady:long": { concurrency: 100, ms: 6_000 },
};

export interface Sample {
  readonly kind: string;
  /** Of the execution or batch. */
  readonly id: string;
  /** When the start was called, and when its end had been told. By `performance.now()`. */
  readonly fromMs: number;
  readonly toMs: number;
}

export class SteadyLoad {
  readonly samples: Sample[] = [];
  readonly errors: string[] = [];
  /** How often handlers ran, by task and attempt. */
  readonly runs = new Map<string, number>();
  readonly #addresses: readonly string[];
  readonly #client: Client;
  readonly #starter: ReturnType<Client["starter"]>;
  readonly #workers: Worker[] = [];
  #isEnding = false;
  #next = 0;
  #loops: Promise<void>[] = [];

  constructor(addresses: readonly string[]) {
    this.#addresses = addresses;
    this.#client = new Client({ address: addresses, timeoutMs: 60_000 });
    this.#starter = this.#client.starter();
  }

  async begin(): Promise<void> {
    for (const { name, states } of kinds) {
      if (states === undefined) continue;
      const definition = { StartAt: Object.keys(states)[0], States: states };
      await this.#client.createStateMachine({ name: machineOf(name), definition });
    }
    this.#workers.push(await this.#worker(), await this.#worker());
    this.#loops = kinds.flatMap((kind) =>
      Array.from({ length: kind.inFlight }, () => this.#loop(kind)),
    );
  }

  /** Resolves when everything has ended. */
  async finish(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#loops);
    this.#starter.abort();
    this.#client.close();
    await Promise.all(this.#workers.map((worker) => worker.close({ graceMs: 0 })));
  }

  async #worker(): Promise<Worker> {
    const worker = new Worker({ address: this.#addresses, log: silentLog });
    for (const [resource, { concurrency, ms }] of Object.entries(resources))
      worker.task(resource, { concurrency }, async (input, context) => {
        this.#noteRun(context);
        await sleep(ms);
        return input;
      });
    await worker.start();
    return worker;
  }

  #noteRun({ stateMachine, taskId, attempt }: TaskContext): void {
    const key = `${stateMachine} ${taskId}, attempt ${attempt}`;
    this.runs.set(key, (this.runs.get(key) ?? 0) + 1);
  }

  async #loop(kind: Kind): Promise<void> {
    while (!this.#isEnding) {
      const n = this.#next++;
      const fromMs = performance.now();
      try {
        const id = await (kind.states === undefined ? this.#batch() : this.#execution(kind, n));
        this.samples.push({ kind: kind.name, id, fromMs, toMs: performance.now() });
      } catch (error) {
        this.errors.push(`${kind.name} ${n}: ${String(error)}`);
        await sleep(100);
      }
    }
  }

  async #execution({ name, meanwhile }: Kind, n: number): Promise<string> {
    const start = { stateMachine: machineOf(name), input: { n } };
    // Half of them by calls, half on a stream.
    const started: Started | undefined = n % 2 === 0 ? await this.#starter.start(start) : undefined;
    const { execution } = started ?? (await this.#client.startExecution(start));
    await meanwhile?.(this.#client, n);
    const { status } = await (started?.result() ?? this.#client.waitForExecution(execution.id));
    if (status !== "SUCCEEDED") throw new Error(`${execution.id} is ${status}`);
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
