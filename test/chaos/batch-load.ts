/**
 * Batches while things break, two at a time: one over inputs, then one that chains its executions. What
 * becomes of them is told by a watcher; audit-batches.ts compares it with the rows.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Client, PawlError, type BatchInput } from "@pawl/sdk";

/** A batch, and what the watcher was told of it. */
export interface ToldBatch {
  readonly id: string;
  /** Of its executions' names. */
  readonly prefix: string;
  /** The prefix of those that it chains, by a unique chain; absent: it has inputs, `{"n": 0}` and so on. */
  readonly sources?: string;
  readonly total: number;
  /** Index of every item whose end was told, in the order in which they were. */
  readonly ended: readonly number[];
}

/** Adds 3 to `n`: workload.ts. */
const stateMachine = "sequence";
const total = 60;
const settings = { maxConcurrency: 25 };

export class BatchLoad {
  readonly #client: Client;
  readonly #told: ToldBatch[] = [];
  #loops: Promise<void>[] = [];
  #isEnding = false;
  #next = 0;

  constructor(addresses: readonly string[]) {
    this.#client = new Client({ address: [...addresses] });
  }

  /** Those that were told to have ended. */
  get told(): readonly ToldBatch[] {
    return this.#told;
  }

  begin(): void {
    this.#loops = [this.#loop(), this.#loop()];
  }

  /** No more batches; @returns whether all have ended in time. */
  async finish(withinMs: number): Promise<boolean> {
    this.#isEnding = true;
    const all = Promise.all(this.#loops).then(() => true);
    return Promise.race([all, sleep(withinMs).then(() => false)]);
  }

  close(): void {
    this.#client.close();
  }

  async #loop(): Promise<void> {
    while (!this.#isEnding) {
      const sources = `inputs-${this.#next}`;
      const prefix = `chained-${this.#next++}`;
      const inputs = Array.from({ length: total }, (_, n) => ({ n, runs: [] }));
      const input = { ...settings, stateMachine, namePrefix: sources, inputs };
      this.#told.push({ prefix: sources, ...(await this.#follow(sources, input)) });
      const transformer = { jsonata: '{"n": $states.input.n, "runs": []}' };
      const chained = await this.#follow(prefix, {
        ...settings,
        chain: { stateMachine, namePrefix: prefix, transformer, unique: true },
        executions: { stateMachine, namePrefix: `${sources}-` },
      });
      this.#told.push({ prefix, sources, ...chained });
    }
  }

  /** Creates a batch under a name, and hears of it to its end. */
  async #follow(name: string, input: BatchInput): Promise<Omit<ToldBatch, "prefix">> {
    const id = await this.#create({ ...input, name });
    const ended: number[] = [];
    const watching = { items: true, fromStart: true };
    let resumeToken = "";
    for (;;) {
      try {
        for await (const update of this.#client.watchBatch(id, { ...watching, resumeToken })) {
          ({ resumeToken } = update);
          if (update.type === "item" && update.item.status !== "RUNNING")
            ended.push(update.item.index);
          if (update.isTerminal) return { id, total, ended };
        }
      } catch (error) {
        await passing(error);
      }
    }
  }

  /** Until it is there: a call whose answer was lost may have made it. */
  async #create(input: BatchInput & { readonly name: string }): Promise<string> {
    for (;;) {
      try {
        for await (const { id } of this.#client.listBatches({ name: input.name })) return id;
        return (await this.#client.createBatch(input)).id;
      } catch (error) {
        await passing(error);
      }
    }
  }
}

async function passing(error: unknown): Promise<void> {
  if (!(error instanceof PawlError)) throw error;
  await sleep(100);
}
