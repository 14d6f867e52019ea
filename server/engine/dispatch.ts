/**
 * Tasks meet workers here: who has credit for a queue, what was delivered to whom, what waits.
 *
 * Straight through: the turn that schedules a task reserves credit, commits the task row as delivered
 * to that session, and the task leaves after COMMIT: no second commit, no scan. Without credit the row
 * is committed ready, and whoever gets credit claims a batch of them from the table.
 *
 * What is here is memory only. The truth is the task rows: a delivery that is lost with this process
 * is found by its session and offered again.
 */
import type pg from "pg";
import { claimTasks, type ClaimedTask } from "../store/sql/claim-tasks.ts";
import { releaseTasks, type TaskKey } from "../store/sql/release-tasks.ts";
import type { TaskFacts } from "../store/turn-writes.ts";
import { monotonicMs } from "./clock.ts";
import type { CancelReason, Labels, Task } from "./engine.ts";
import type { TaskTokens } from "./task-token.ts";

/** Resources that share slots in one session, with their cumulative credit. */
export interface Pool {
  readonly name: string;
  readonly session: Recipient;
  /** Exact queue names. */
  readonly queues: ReadonlySet<string>;
  /** `payments:*` without the star. */
  readonly prefixes: readonly string[];
  /** Tasks this pool may have been sent in all, how many it has been sent (or are reserved), and those but for the reserved. */
  limit: number;
  sent: number;
  delivered: number;
}

/** Who tasks are delivered to: a worker's stream, or a poll. */
export interface Recipient {
  readonly sessionId: string;
  /** Shown as workerName in the history; empty: none. */
  readonly workerName: string;
  /** The server's own worker: it alone is given what Pawl does itself, and nothing else. */
  readonly isNative: boolean;
  readonly maxInlineInputBytes: number;
  readonly pools: readonly Pool[];
  readonly isOpen: boolean;
  /** The task counts as accepted when it is delivered (a poll's answer). */
  readonly acceptsOnDelivery: boolean;
  send(task: Task, delivery: Delivery): void;
  cancel(delivery: Delivery, reason: CancelReason): void;
}

/** One delivery of a task by this server. */
export interface Delivery extends TaskKey {
  readonly token: Uint8Array;
  readonly pool: Pool;
  readonly sessionId: string;
  readonly heartbeatSeconds: number | undefined;
  readonly deliveredAtMs: number;
  /** Monotonic; undefined until accepted. */
  acceptedAtMs: number | undefined;
  /** Database time of the acceptance, for the Started event. */
  startedAtMs: number | undefined;
  isStartRecorded: boolean;
  /** Monotonic time of the last heartbeat or the acceptance. */
  lastBeatMs: number;
  /** What this attempt said in its last heartbeat, here or in an earlier delivery. */
  heartbeatDetails: string | undefined;
}

/** A task on its way out, from a fresh commit or a claim. */
export interface OutgoingTask {
  readonly executionId: string;
  readonly executionArn: string;
  readonly stateMachineName: string;
  readonly taskId: number;
  readonly epoch: number;
  readonly queue: string;
  readonly resource: string;
  readonly input: string;
  readonly facts: TaskFacts;
  readonly scheduledAtMs: number;
  readonly timeoutAtMs: number | undefined;
  readonly heartbeatSeconds: number | undefined;
  /** This attempt's, from an earlier delivery. */
  readonly heartbeatDetails: string | undefined;
  readonly labels: Labels;
  readonly trace: string | undefined;
}

export interface DispatcherOptions {
  readonly sql: pg.Pool;
  readonly tokens: TaskTokens;
  /** What the server's own worker does. */
  readonly isNative: (queue: string) => boolean;
  readonly nowMs: () => number;
  /** A claim raised the epoch of a task whose execution may be in memory. */
  readonly onEpoch: (executionId: string, taskId: number, epoch: number) => void;
  /** Tasks were released: these queues have something for whoever has credit, here or on another server. */
  readonly onReady: (queues: readonly string[]) => void;
  readonly onCancelled: (delivery: Delivery, reason: CancelReason) => void;
  /** A claim or release broke off: rows and memory may differ. */
  readonly onUncertain: (error: unknown, message: string) => void;
}

/** Rows one claim takes at most. */
const claimMax = 256;

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #pools = new Set<Pool>();
  /** Which pools serve a queue; forgotten whenever a session comes or goes. */
  readonly #poolsOf = new Map<string, readonly Pool[]>();
  /** Queues that may have ready rows, with a counter that grows with every hint. */
  readonly #ready = new Map<string, number>();
  readonly #claiming = new Set<string>();
  readonly #deliveries = new Map<string, Delivery>();
  #turn = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  addSession(session: Recipient): void {
    for (const pool of session.pools) this.#pools.add(pool);
    this.#poolsOf.clear();
  }

  removeSession(session: Recipient): void {
    for (const pool of session.pools) this.#pools.delete(pool);
    this.#poolsOf.clear();
  }

  /** Whether the session is one of this server's, open now. */
  isConnected(sessionId: string): boolean {
    for (const { session } of this.#pools)
      if (session.sessionId === sessionId) return session.isOpen;
    return false;
  }

  /** Whether any connected worker serves the queue, with or without credit. */
  hasWorker(queue: string): boolean {
    return this.#serving(queue).length > 0;
  }

  /** Credit of one task on this queue, or undefined: none, or older tasks wait for it. */
  reserve(queue: string): Pool | undefined {
    return this.#ready.has(queue) ? undefined : this.#takeCredit(queue);
  }

  unreserve(pool: Pool): void {
    pool.sent -= 1;
    this.wake(pool);
  }

  /** Sends a task whose row is committed as delivered to this pool's session. */
  deliver(pool: Pool, task: OutgoingTask): void {
    const key: TaskKey = { executionId: task.executionId, taskId: task.taskId, epoch: task.epoch };
    const { sessionId } = pool.session;
    if (!pool.session.isOpen) {
      void this.release([{ ...key, sessionId }]);
      return;
    }
    const now = monotonicMs();
    const accepted = pool.session.acceptsOnDelivery;
    const delivery: Delivery = {
      ...key,
      token: this.#options.tokens.seal(key),
      pool,
      sessionId,
      heartbeatSeconds: task.heartbeatSeconds,
      deliveredAtMs: now,
      acceptedAtMs: accepted ? now : undefined,
      startedAtMs: accepted ? this.#options.nowMs() : undefined,
      isStartRecorded: false,
      lastBeatMs: now,
      heartbeatDetails: task.heartbeatDetails,
    };
    this.#deliveries.set(keyOf(task.executionId, task.taskId), delivery);
    pool.delivered += 1;
    pool.session.send(this.#taskOf(task, delivery), delivery);
  }

  /** A delivery that a worker brought along from an earlier session. */
  adopt(delivery: Delivery): void {
    this.#deliveries.set(keyOf(delivery.executionId, delivery.taskId), delivery);
  }

  find(executionId: string, taskId: number): Delivery | undefined {
    return this.#deliveries.get(keyOf(executionId, taskId));
  }

  /** The task is closed: nothing more is expected of whoever holds it. */
  forget(executionId: string, taskId: number): void {
    const delivery = this.#deliveries.get(keyOf(executionId, taskId));
    this.#deliveries.delete(keyOf(executionId, taskId));
    // Its handler may still wait, if somebody else has ended the task.
    if (delivery?.pool.session.isNative === true)
      delivery.pool.session.cancel(delivery, "LEASE_LOST");
  }

  /** The task was withdrawn: tells the worker at once. */
  cancel(executionId: string, taskId: number, reason: CancelReason): void {
    const delivery = this.#deliveries.get(keyOf(executionId, taskId));
    if (delivery === undefined) return;
    this.#deliveries.delete(keyOf(executionId, taskId));
    this.#options.onCancelled(delivery, reason);
    delivery.pool.session.cancel(delivery, reason);
  }

  /** Whether a claim for the queue is under way: rows may name deliveries that are not here yet. */
  isClaiming(queue: string): boolean {
    return this.#claiming.has(queue);
  }

  /** Offers delivered tasks to others. */
  async release(tasks: readonly TaskKey[]): Promise<void> {
    for (const { executionId, taskId, epoch, sessionId } of tasks) {
      const key = keyOf(executionId, taskId);
      const delivery = this.#deliveries.get(key);
      if (delivery?.epoch === epoch && (sessionId ?? delivery.sessionId) === delivery.sessionId)
        this.#deliveries.delete(key);
    }
    if (tasks.length === 0) return;
    try {
      this.#options.onReady(await releaseTasks(this.#options.sql, tasks));
    } catch (error) {
      this.#options.onUncertain(error, "could not release tasks; the audit will");
    }
  }

  /** Queues that have, or may have, ready rows. */
  noteReady(queues: Iterable<string>): void {
    for (const queue of queues) {
      this.#ready.set(queue, (this.#ready.get(queue) ?? 0) + 1);
      this.#claimSoon(queue);
    }
  }

  /** A pool has (new) credit: takes what waits for it. */
  wake(pool: Pool): void {
    if (this.#ready.size === 0 || pool.sent >= pool.limit) return;
    for (const queue of this.#ready.keys()) {
      if (serves(pool, queue)) this.#claimSoon(queue);
    }
  }

  /** Every delivery still open, for heartbeat and lease keeping. */
  deliveries(): Iterable<Delivery> {
    return this.#deliveries.values();
  }

  #serving(queue: string): readonly Pool[] {
    let pools = this.#poolsOf.get(queue);
    if (pools === undefined) {
      const isNative = this.#options.isNative(queue);
      pools = [...this.#pools].filter(
        (pool) => pool.session.isNative === isNative && serves(pool, queue),
      );
      if (this.#poolsOf.size > 10_000) this.#poolsOf.clear();
      this.#poolsOf.set(queue, pools);
    }
    return pools;
  }

  /** Takes turns among the pools that have credit. */
  #takeCredit(queue: string): Pool | undefined {
    const pools = this.#serving(queue);
    for (let tried = 0; tried < pools.length; tried += 1) {
      const pool = pools[(this.#turn + tried) % pools.length]!;
      if (pool.sent < pool.limit && pool.session.isOpen) {
        this.#turn += tried + 1;
        pool.sent += 1;
        return pool;
      }
    }
    return undefined;
  }

  #claimSoon(queue: string): void {
    if (this.#claiming.has(queue)) return;
    this.#claiming.add(queue);
    setImmediate(() => {
      this.#claim(queue)
        .catch((error: unknown) =>
          this.#options.onUncertain(error, "could not claim tasks; the sweep tries again"),
        )
        .finally(() => this.#claiming.delete(queue));
    });
  }

  async #claim(queue: string): Promise<void> {
    for (;;) {
      const hint = this.#ready.get(queue);
      if (hint === undefined) return;
      const reserved: Pool[] = [];
      while (reserved.length < claimMax) {
        const pool = this.#takeCredit(queue);
        if (pool === undefined) break;
        reserved.push(pool);
      }
      if (reserved.length === 0) return;
      const isEmpty = await this.#claimFor(queue, reserved);
      if (isEmpty && this.#ready.get(queue) === hint) this.#ready.delete(queue);
    }
  }

  /** @returns whether the queue had less than asked for. */
  async #claimFor(queue: string, reserved: readonly Pool[]): Promise<boolean> {
    const waiting = new Map<string, Pool[]>();
    for (const pool of reserved) {
      const list = waiting.get(pool.session.sessionId);
      if (list === undefined) waiting.set(pool.session.sessionId, [pool]);
      else list.push(pool);
    }
    let rows: readonly ClaimedTask[] = [];
    try {
      rows = await claimTasks(
        this.#options.sql,
        queue,
        reserved.map(({ session }) => session.sessionId),
      );
    } finally {
      for (const row of rows) {
        this.#options.onEpoch(row.executionId, row.taskId, row.epoch);
        this.deliver(waiting.get(row.sessionId)!.pop()!, outgoing(row));
      }
      const unused = [...waiting.values()].flat();
      for (const pool of unused) pool.sent -= 1;
      // Other queues found no credit while this claim held it.
      for (const pool of new Set(unused)) this.wake(pool);
    }
    return rows.length < reserved.length;
  }

  #taskOf(task: OutgoingTask, delivery: Delivery): Task {
    const { stateName, statePath, attempt, visit, lastFailure } = task.facts;
    const lastHeartbeatDetails = task.heartbeatDetails ?? task.facts.lastHeartbeatDetails;
    const inputBytes =
      task.input.length > smallInput ? Buffer.byteLength(task.input) : task.input.length;
    const isInputOmitted = inputBytes > delivery.pool.session.maxInlineInputBytes;
    return {
      taskToken: delivery.token,
      taskId: `${task.executionId}/${task.taskId}`,
      pool: delivery.pool.name,
      resource: task.queue,
      rawResource: task.resource,
      input: isInputOmitted ? "" : task.input,
      isInputOmitted,
      inputBytes,
      attempt,
      delivery: task.epoch,
      executionId: task.executionId,
      executionArn: task.executionArn,
      stateMachineName: task.stateMachineName,
      statePath,
      stateName,
      scheduledAtMs: task.scheduledAtMs,
      idempotencyKey: `${task.executionId}${visit}`,
      labels: task.labels,
      ...(task.timeoutAtMs !== undefined && { deadlineMs: task.timeoutAtMs }),
      ...(task.heartbeatSeconds !== undefined && { heartbeatSeconds: task.heartbeatSeconds }),
      ...(lastHeartbeatDetails !== undefined && { lastHeartbeatDetails }),
      ...(lastFailure !== undefined && { lastFailure }),
      ...(task.trace !== undefined && { trace: task.trace }),
    };
  }
}

/** Below this many characters the length stands for the bytes: no inline limit is that small. */
const smallInput = 1_024;

export function keyOf(executionId: string, taskId: number): string {
  return `${executionId}/${taskId}`;
}

export function serves(pool: Pool, queue: string): boolean {
  return pool.queues.has(queue) || pool.prefixes.some((prefix) => queue.startsWith(prefix));
}

function outgoing(row: ClaimedTask): OutgoingTask {
  const execution = JSON.parse(row.executionFacts) as {
    executionArn: string;
    stateMachineName: string;
  };
  return {
    executionId: row.executionId,
    executionArn: execution.executionArn,
    stateMachineName: execution.stateMachineName,
    taskId: row.taskId,
    epoch: row.epoch,
    queue: row.queue,
    resource: row.resource,
    input: row.input,
    facts: JSON.parse(row.facts) as TaskFacts,
    scheduledAtMs: row.scheduledAtMs,
    timeoutAtMs: row.timeoutAtMs ?? undefined,
    heartbeatSeconds: row.heartbeatSeconds ?? undefined,
    heartbeatDetails: row.heartbeatDetails ?? undefined,
    labels: row.labels ?? {},
    trace: row.trace ?? undefined,
  };
}
