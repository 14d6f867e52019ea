import type pg from "pg";
import { beatTasks, type TaskBeat } from "../store/sql/beat-tasks.ts";
import { findTask } from "../store/sql/find-task.ts";
import { monotonicMs } from "./clock.ts";
import { keyOf, type Delivery, type Dispatcher } from "./dispatch.ts";
import type { CancelReason, HeartbeatReply, TaskHeartbeat } from "./engine.ts";
import { taskEnd } from "./outcomes.ts";
import { storable } from "./turn-writes.ts";
import { isCallback, type TaskTokens } from "./task-token.ts";

export interface HeartbeatsOptions {
  readonly sql: pg.Pool;
  readonly dispatcher: Dispatcher;
  readonly tokens: TaskTokens;
  readonly nowMs: () => number;
  readonly accept: (delivery: Delivery) => void;
  /** A task may be due (heartbeat missed) then. */
  readonly onDueAt: (dueAtMs: number) => void;
  readonly onError: (error: unknown, message: string) => void;
}

/** Beats gather in memory and are written together this often. */
const flushMs = 250;
/** Characters of heartbeat details that are kept. */
const detailsLengthMax = 4_096;

/** Keeps tasks with HeartbeatSeconds alive: beats are taken in memory and flushed as one statement. */
export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #pending = new Map<
    string,
    { readonly delivery: Delivery; readonly atMs: number; readonly details: string | undefined }
  >();
  /** Why tasks were withdrawn, for holders that ask later. Bounded; oldest first out. */
  readonly #cancelled = new Map<string, CancelReason>();
  #isFlushing = false;
  #isStopped = false;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
  }

  /** Writes what there is; what comes later is for another server. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#flush();
  }

  async beat(beats: readonly TaskHeartbeat[]): Promise<readonly HeartbeatReply[]> {
    return Promise.all(beats.map((beat) => this.#beat(beat)));
  }

  /** The delivery is alive now: an acceptance or a beat. Written soon, if the task has HeartbeatSeconds. */
  note(delivery: Delivery, details?: string): void {
    delivery.lastBeatMs = monotonicMs();
    delivery.heartbeatDetails = details ?? delivery.heartbeatDetails;
    if (delivery.heartbeatSeconds === undefined && details === undefined) return;
    const key = keyOf(delivery.executionId, delivery.taskId);
    const pending = this.#pending.get(key);
    const kept = pending?.delivery.epoch === delivery.epoch ? pending.details : undefined;
    this.#pending.set(key, { delivery, atMs: delivery.lastBeatMs, details: details ?? kept });
    if (delivery.heartbeatSeconds !== undefined)
      this.#options.onDueAt(this.#options.nowMs() + delivery.heartbeatSeconds * 1000);
    if (!this.#isFlushing) void this.#flushLater();
  }

  noteCancelled(delivery: Delivery, reason: CancelReason): void {
    this.#cancelled.set(keyOf(delivery.executionId, delivery.taskId), reason);
    if (this.#cancelled.size > cancelledMax)
      this.#cancelled.delete(this.#cancelled.keys().next().value!);
  }

  /** Whether a beat in memory says that the task is alive although its row looks due. */
  isAlive(executionId: string, taskId: number): boolean {
    const delivery = this.#options.dispatcher.find(executionId, taskId);
    if (delivery?.heartbeatSeconds === undefined || delivery.acceptedAtMs === undefined)
      return false;
    return monotonicMs() - delivery.lastBeatMs < delivery.heartbeatSeconds * 1000;
  }

  async #beat({ taskToken, details }: TaskHeartbeat): Promise<HeartbeatReply> {
    const facts = this.#options.tokens.open(taskToken);
    if (facts === undefined) return { taskToken, state: "UNKNOWN" };
    const kept =
      details === undefined || details === ""
        ? undefined
        : storable(details.slice(0, detailsLengthMax));
    const delivery = this.#options.dispatcher.find(facts.executionId, facts.taskId);
    if (delivery !== undefined && (isCallback(facts) || delivery.epoch === facts.epoch)) {
      if (delivery.acceptedAtMs === undefined) this.#options.accept(delivery);
      this.note(delivery, kept);
      return { taskToken, state: "ACTIVE", ...this.#leaseEnd(delivery.heartbeatSeconds) };
    }
    return this.#beatElsewhere(taskToken, facts, kept);
  }

  /** Not delivered by this server (or before a restart): the rows know. */
  async #beatElsewhere(
    taskToken: Uint8Array,
    facts: { readonly executionId: string; readonly taskId: number; readonly epoch: number },
    details: string | undefined,
  ): Promise<HeartbeatReply> {
    const alive = await beatTasks(this.#options.sql, [
      { ...facts, agoMs: 0, ...(details !== undefined && { details }) },
    ]);
    const open = await findTask(this.#options.sql, facts.executionId, facts.taskId);
    if (alive.length > 0)
      return { taskToken, state: "ACTIVE", ...this.#leaseEnd(open?.heartbeatSeconds ?? undefined) };
    if (open !== undefined) return { taskToken, state: "LEASE_LOST", cancelReason: "LEASE_LOST" };
    const end = await taskEnd(this.#options.sql, facts.executionId, facts.taskId);
    if (end === "Succeeded" || end === "Failed") return { taskToken, state: "FINISHED" };
    const reason =
      this.#cancelled.get(keyOf(facts.executionId, facts.taskId)) ??
      (end === "TimedOut" ? "TASK_TIMED_OUT" : "EXECUTION_STOPPED");
    return { taskToken, state: "CANCEL_REQUESTED", cancelReason: reason };
  }

  #leaseEnd(heartbeatSeconds: number | undefined): { leaseEndMs?: number } {
    return heartbeatSeconds === undefined
      ? {}
      : { leaseEndMs: this.#options.nowMs() + heartbeatSeconds * 1000 };
  }

  async #flushLater(): Promise<void> {
    this.#isFlushing = true;
    await new Promise((resolve) => setTimeout(resolve, flushMs));
    if (this.#isStopped) return;
    await this.#flush();
    this.#isFlushing = false;
    if (this.#pending.size > 0) void this.#flushLater();
  }

  async #flush(): Promise<void> {
    const beats: TaskBeat[] = [];
    const taken = [...this.#pending];
    for (const [, { delivery, atMs, details }] of taken) {
      const { executionId, taskId, epoch } = delivery;
      beats.push({
        executionId,
        taskId,
        epoch,
        agoMs: monotonicMs() - atMs,
        ...(details !== undefined && { details }),
      });
    }
    this.#pending.clear();
    try {
      await beatTasks(this.#options.sql, beats);
    } catch (error) {
      // Another server may own the execution and decides by the rows: the beats are written later.
      for (const [key, beat] of taken) if (!this.#pending.has(key)) this.#pending.set(key, beat);
      this.#options.onError(error, "could not write heartbeats");
    }
  }
}

const cancelledMax = 10_000;
