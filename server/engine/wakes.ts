import type pg from "pg";
import type { Event } from "../asl/index.ts";
import { waitingInboxes } from "../store/sql/deliver-to-inbox.ts";
import { dueWakes, nextDueInMs, type DueWake } from "../store/sql/due-wakes.ts";
import { monotonicMs } from "./clock.ts";
import type { Heartbeats } from "./heartbeats.ts";
import type { Dispatcher } from "./dispatch.ts";
import { startOf, type Attempt } from "./outcomes.ts";
import type { TurnLoop } from "./turn-loop.ts";

export interface WakesOptions {
  readonly sql: pg.Pool;
  readonly turns: TurnLoop;
  readonly heartbeats: Heartbeats;
  readonly dispatcher: Dispatcher;
  readonly serverId: string;
  readonly nowMs: () => number;
  /** A reading of the database's clock: what is due is so by it. */
  readonly onDatabaseTime: (databaseMs: number) => void;
  /** Whether other servers share the database. */
  readonly hasPeers: () => boolean;
  readonly onError: (error: unknown, message: string) => void;
}

/** Rows taken at once; the rest follows as soon as these are turned. */
const batchMax = 500;
/** Never sleeps longer, whatever the rows say; alone on the database, hints are complete. */
const sleepMaxMs = 10_000;
const sleepMaxWithPeersMs = 1_000;
const retryMs = 500;
/** How long a look waits for the turns it has brought about. */
const turnsWaitMs = 1_000;

/**
 * Wakes what is due: Wait states, retries, timeouts, deadlines, inboxes.
 *
 * Timers are rows. This sleeps until the next due row and asks the database, whose clock decides;
 * what this server commits itself shortens the sleep. Nothing fires early, nothing is lost with a
 * process.
 */
export class Wakes {
  readonly #options: WakesOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic time of the next look. */
  #nextAtMs = 0;
  #looking: Promise<void> | undefined;
  #isStopped = true;
  /** What was found due and has not been turned yet. */
  readonly #waking = new Set<string>();

  constructor(options: WakesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isStopped = false;
    this.#lookAt(0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Something will be due at this database time. */
  noteDueAt(dueAtMs: number): void {
    this.#lookAt(Math.max(0, dueAtMs - this.#options.nowMs()) + lateMs);
  }

  /** Executions may have lost their owner. */
  lookSoon(): void {
    this.#lookAt(0);
  }

  #lookAt(inMs: number): void {
    if (this.#isStopped) return;
    const atMs = monotonicMs() + Math.min(inMs, sleepMaxMs);
    if (this.#timer !== undefined && this.#nextAtMs <= atMs) return;
    clearTimeout(this.#timer);
    this.#nextAtMs = atMs;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#looking === undefined)
          this.#looking = this.#look().finally(() => (this.#looking = undefined));
        else void this.#looking.then(() => this.#lookAt(0));
      },
      Math.max(0, atMs - monotonicMs()),
    );
  }

  async #look(): Promise<void> {
    try {
      const { sql, serverId, turns, hasPeers } = this.#options;
      const limit = batchMax + this.#waking.size;
      const all = await dueWakes(sql, serverId, limit);
      const due = all.filter((wake) => !this.#waking.has(wakeKey(wake)) && !this.#isAlive(wake));
      const latest = all.at(-1);
      if (latest !== undefined) this.#options.onDatabaseTime(latest.nowMs);
      const turned = Promise.all(due.map((wake) => this.#wake(wake)));
      // An execution that can not be turned must not keep the others waiting.
      await Promise.race([turned, new Promise((resolve) => setTimeout(resolve, turnsWaitMs))]);
      for (const executionId of await waitingInboxes(sql, serverId)) turns.wake(executionId);
      const nextMs = await nextDueInMs(sql);
      const idleMs = hasPeers() ? sleepMaxWithPeersMs : sleepMaxMs;
      // What is overdue but not ours is its owner's; look again in a while, not at once.
      this.#lookAt(
        nextMs === undefined
          ? idleMs
          : Math.min(
              idleMs,
              due.length === 0
                ? Math.max(nextMs + lateMs, overdueMs)
                : Math.max(nextMs, 0) + lateMs,
            ),
      );
    } catch (error) {
      this.#options.onError(error, "could not look for what is due");
      this.#lookAt(retryMs);
    }
  }

  /** A beat that is in memory only, so far. */
  #isAlive({ kind, executionId, id, isTimeout }: DueWake): boolean {
    return kind === "Task" && !isTimeout && this.#options.heartbeats.isAlive(executionId, id);
  }

  async #wake(wake: DueWake): Promise<void> {
    const { kind, executionId, id, isTimeout, epoch, begunAtMs } = wake;
    const event: Event =
      kind === "Timer"
        ? { type: "TimerDue", timerId: id }
        : kind === "Deadline"
          ? { type: "ExecutionTimedOut", ...(begunAtMs !== null && { begunAtMs }) }
          : {
              type: "TaskTimedOut",
              taskId: id,
              reason: isTimeout ? "Timeout" : "Heartbeat",
              ...this.#attemptOf(wake),
            };
    this.#waking.add(wakeKey(wake));
    // A missed heartbeat is that of a delivery; the next one has its own.
    const isOfDelivery = kind === "Task" && !isTimeout;
    await this.#options.turns.submit(executionId, event, isOfDelivery ? { epoch } : {});
    this.#waking.delete(wakeKey(wake));
  }

  /** What is known of the attempt that is over. */
  #attemptOf({ executionId, id, epoch, heartbeatDetails }: DueWake): Attempt {
    const delivery = this.#options.dispatcher.find(executionId, id);
    const start =
      delivery?.startedAtMs === undefined || delivery.isStartRecorded
        ? undefined
        : startOf(delivery, this.#options.nowMs());
    // What is not written yet is known here.
    const unwritten = delivery?.epoch === epoch ? delivery.heartbeatDetails : undefined;
    const details = unwritten ?? heartbeatDetails;
    return {
      ...(start !== undefined && { start }),
      ...(details !== null && { lastHeartbeatDetails: details }),
    };
  }
}

function wakeKey({ kind, executionId, id, isTimeout }: DueWake): string {
  return `${executionId}/${kind}${id}${isTimeout}`;
}

/** Looking a moment late beats looking twice. */
const lateMs = 2;
const overdueMs = 100;
