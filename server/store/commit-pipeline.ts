/**
 * The commit pipeline: turns do not commit one by one. Each lane takes everything queued now
 * (bounded, no timer), writes it as one statement, and answers every turn after COMMIT. While one
 * batch is in flight the next one fills, so the batch size follows the load and a lone turn waits
 * for nobody.
 *
 * An execution always uses the same lane (by its id), so batches on different connections touch
 * disjoint rows and can not deadlock. Measured alone, one lane makes 44,000-61,000 durable
 * transitions/s at 64-256 a batch, against 4,500 one by one (docs/decisions/0001).
 */
import type pg from "pg";
import { commitTurnsStatement } from "./sql/commit-turns.ts";
import type { TurnWrites } from "./turn-writes.ts";

/**
 * - `Committed`: durable.
 * - `Conflict`: nothing was written: another turn got there first (or, for a start, the name is taken or the machine changed).
 * - `Unknown`: the connection was lost in between. Look, never assume.
 * - `Failed`: the database refused these rows; trying again would not help.
 */
export type CommitResult =
  | { readonly kind: "Committed" }
  | { readonly kind: "Conflict" }
  | { readonly kind: "Unknown"; readonly error: Error }
  | { readonly kind: "Failed"; readonly error: Error };

export interface CommitPipelineOptions {
  readonly serverId: string;
  /** Opens a connection used by one lane only. */
  readonly connect: () => Promise<pg.Client>;
  readonly lanes: number;
  /** Every commit returns a reading of the database's clock. */
  readonly onDatabaseTime: (databaseMs: number) => void;
  readonly onError: (error: Error, message: string) => void;
}

interface Queued {
  readonly writes: TurnWrites;
  readonly resolve: (result: CommitResult) => void;
}

/** Turns one batch may hold, and about how many bytes of payload. */
const batchTurnsMax = 256;
const batchBytesMax = 8 * 1024 * 1024;
/** After this long without an answer the connection is given up; longer than the lock timeout of the database. */
const answerMs = 12_000;
const latelyMs = 3_000;
const restoreMs = 500;

export class CommitPipeline {
  readonly #lanes: readonly Lane[];

  constructor(options: CommitPipelineOptions) {
    this.#lanes = Array.from({ length: options.lanes }, () => new Lane(options));
  }

  async open(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.open()));
  }

  submit(writes: TurnWrites): Promise<CommitResult> {
    return this.#lanes[laneOf(writes.executionId, this.#lanes.length)]!.submit(writes);
  }

  /** Turns waiting for a batch: what overload is judged by. */
  get queued(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.queued, 0);
  }

  /** Whether every lane has its connection. */
  get isConnected(): boolean {
    return this.#lanes.every((lane) => lane.isConnected);
  }

  /** Whether every lane has its connection and has had an answer lately. */
  get isAnswering(): boolean {
    return this.#lanes.every((lane) => lane.isConnected && lane.hasAnswered);
  }

  /** Resolves when nothing is queued or in flight. */
  async flush(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.flush()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

/** SQLSTATE classes that say the rows themselves are at fault: data, integrity, program limits. */
const refusals = /^(22|23|54)/;
/** Deadlock, serialization, lock and statement timeouts: nothing was written, the connection is fine. */
const conflicts = /^(40|55P03|57014)/;

function laneOf(executionId: string, lanes: number): number {
  return parseInt(executionId.slice(-4), 16) % lanes;
}

class Lane {
  readonly #options: CommitPipelineOptions;
  #client: pg.Client | undefined;
  #queue: Queued[] = [];
  #running: Promise<void> | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;
  #answeredAtMs = 0;

  constructor(options: CommitPipelineOptions) {
    this.#options = options;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  get hasAnswered(): boolean {
    return performance.now() - this.#answeredAtMs < latelyMs;
  }

  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #open(): Promise<void> {
    const client = await this.#options.connect();
    client.on("error", (error) => {
      this.#lost(client, error);
    });
    // These sessions run the commit statements only: always by index, planned once.
    await client.query(
      "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off",
    );
    if (this.#isClosed) await client.end();
    else this.#client = client;
  }

  submit(writes: TurnWrites): Promise<CommitResult> {
    return new Promise((resolve) => {
      this.#queue.push({ writes, resolve });
      this.#running ??= this.#run();
    });
  }

  async flush(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    await this.#client?.end().catch(() => undefined);
    this.#client = undefined;
  }

  async #run(): Promise<void> {
    await nextTick(); // everything that is ready in this tick goes together
    while (this.#queue.length > 0) await this.#commit(this.#take());
    this.#running = undefined;
  }

  #take(): Queued[] {
    let count = 0;
    let bytes = 0;
    const ids = new Set<string>();
    while (count < this.#queue.length && count < batchTurnsMax && bytes < batchBytesMax) {
      const { writes } = this.#queue[count]!;
      // Two starts under one name: the second sees what the first one did.
      if (ids.has(writes.executionId)) break;
      ids.add(writes.executionId);
      bytes += payloadLength(writes);
      count += 1;
    }
    return count === this.#queue.length ? this.#queue.splice(0) : this.#queue.splice(0, count);
  }

  async #commit(batch: readonly Queued[]): Promise<void> {
    const client = this.#client ?? (await this.#reconnect());
    if (client === undefined) {
      // Nothing was sent, but the turns must be computed anew all the same once the database is back.
      const error = new Error("the database can not be reached");
      for (const { resolve } of batch) resolve({ kind: "Unknown", error });
      return;
    }
    try {
      const statement = commitTurnsStatement(
        batch.map(({ writes }) => writes),
        this.#options.serverId,
      );
      const query = { ...statement, values: [...statement.values], query_timeout: answerMs };
      const { rows } = await client.query<{ id: string; nowMs: string }>(query);
      this.#answeredAtMs = performance.now();
      const committed = new Set(rows.map(({ id }) => id));
      if (rows[0] !== undefined) this.#options.onDatabaseTime(Number(rows[0].nowMs));
      for (const { writes, resolve } of batch)
        resolve({ kind: committed.has(writes.executionId) ? "Committed" : "Conflict" });
    } catch (error) {
      await this.#failed(batch, client, error as Error);
    }
  }

  async #failed(batch: readonly Queued[], client: pg.Client, error: Error): Promise<void> {
    const sqlState = (error as { code?: string }).code ?? "";
    if (refusals.test(sqlState)) {
      // One bad row must not take its neighbours down: the statement wrote nothing, so each goes alone.
      if (batch.length > 1) for (const queued of batch) await this.#commit([queued]);
      else {
        this.#options.onError(error, "the database refused a turn");
        batch[0]!.resolve({ kind: "Failed", error });
      }
      return;
    }
    if (conflicts.test(sqlState))
      this.#options.onError(error, "a batch of turns has to be tried again");
    else this.#lost(client, error);
    for (const { resolve } of batch) resolve({ kind: "Unknown", error });
  }

  #lost(client: pg.Client, error: Error): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#options.onError(error, "lost a commit connection");
    client.end().catch(() => undefined);
    this.#restoreLater();
  }

  /** Ready again as soon as the database is, not only when there is something to commit. */
  #restoreLater(): void {
    setTimeout(() => {
      if (this.#client !== undefined || this.#isClosed) return;
      this.open().catch(() => this.#restoreLater());
    }, restoreMs).unref();
  }

  async #reconnect(): Promise<pg.Client | undefined> {
    if (this.#isClosed) return undefined;
    for (const delayMs of [0, 50, 100, 200, 400]) {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      try {
        await this.open();
        return this.#client;
      } catch {
        // tried again below; the caller answers Unknown when all tries failed
      }
    }
    return undefined;
  }
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function payloadLength(writes: TurnWrites): number {
  let length =
    512 +
    (writes.state?.length ?? 0) +
    (writes.history?.events.length ?? 0) +
    (writes.start?.input.length ?? 0);
  for (const task of writes.newTasks) length += task.input.length + 256;
  for (const scope of writes.scopes) length += scope.state.length;
  return length;
}
