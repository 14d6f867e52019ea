import type pg from "pg";
import { adoptTasks, type AdoptedTask } from "../store/sql/adopt-tasks.ts";
import { releaseLostSessions } from "../store/sql/release-lost-sessions.ts";
import type { TaskKey } from "../store/sql/release-tasks.ts";
import { readyQueues, sessionTasks } from "../store/sql/session-tasks.ts";
import { closeSession, insertSession, keepSessions } from "../store/sql/sessions.ts";
import { monotonicMs, type Clock } from "./clock.ts";
import {
  keyOf,
  serves,
  type Delivery,
  type Dispatcher,
  type Pool,
  type Recipient,
} from "./dispatch.ts";
import type {
  PollTasks,
  SessionSink,
  Task,
  TaskTokenState,
  WorkerHello,
  WorkerInfo,
} from "./engine.ts";
import { EngineError } from "./errors.ts";
import type { Heartbeats } from "./heartbeats.ts";
import { newUuidV7 } from "./ids.ts";
import type { LostTasks } from "./lost-tasks.ts";
import { startOf, taskEnd, type Outcomes } from "./outcomes.ts";
import { isCallback, type TaskTokens } from "./task-token.ts";
import type { TurnLoop } from "./turn-loop.ts";
import { Sweep } from "./sweep.ts";
import { drainLook, LiveSession, newPool, redeliverAfterMaxMs } from "./worker-session.ts";

export interface SessionsOptions {
  readonly sql: pg.Pool;
  readonly serverId: string;
  readonly clock: Clock;
  readonly turns: TurnLoop;
  readonly dispatcher: Dispatcher;
  readonly tokens: TaskTokens;
  readonly outcomes: Outcomes;
  readonly heartbeats: Heartbeats;
  readonly lostTasks: LostTasks;
  readonly onReady: (queues: readonly string[]) => void;
  readonly deliveryLeaseMs: number;
  readonly reconnectGraceMs: number;
  readonly onError: (error: unknown, message: string) => void;
}

/** Deliveries are looked over this often. */
const tickMs = 500;
/** A task that runs longer than this shows as started. */
const startedAfterMs = 1_000;
/** Sessions of dead servers are looked for this often. */
const lostSessionsMs = 2_000;
/** A worker that polls is alive this long after its last call. */
export const pollingWorkerMs = 60_000;
/** After trouble with the database, rows and memory are compared this many times. */
const auditsAfterTrouble = 4;
const auditEveryMs = 2_000;

/**
 * Workers' sessions: their opening, their end, and the leases of what was delivered to them.
 *
 * A delivery that is not accepted in time is offered again. An accepted one lives as long as its
 * session; after that it waits out the grace for the worker to come back with it, then goes to
 * someone else, or where its machine's policy says. Attempts are not counted for either.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #live = new Map<string, LiveSession>();
  /** Workers that poll, by worker id: one session each, alive while they call. */
  readonly #polling = new Map<string, { readonly sessionId: string; lastSeenMs: number }>();
  #ticker: NodeJS.Timeout | undefined;
  readonly #rowSweep: Sweep;
  #auditsLeft = 0;
  #nextAuditMs = 0;
  /** Rows without a delivery at the last audit; released if still so at the next. */
  #suspects = new Set<string>();
  /** Sessions that have ended although their rows do not say so yet. */
  readonly #unclosed = new Set<string>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#rowSweep = new Sweep({
      look: () => this.#lookAtRows(),
      everyMs: lostSessionsMs,
      onError: (error) => options.onError(error, "could not look after sessions"),
    });
  }

  start(): void {
    this.#rowSweep.start();
    this.#ticker = setInterval(
      () =>
        void this.#tick().catch((error: unknown) =>
          this.#options.onError(error, "could not keep leases"),
        ),
      tickMs,
    );
  }

  stop(): void {
    clearInterval(this.#ticker);
    this.#rowSweep.stop();
  }

  /** Sessions may have lost their server, or come back from a lost one. */
  lookSoon(): void {
    this.#rowSweep.soon();
  }

  /** Tells workers to go elsewhere; resolves when they have, or after `withinMs`. */
  async drain(withinMs: number): Promise<void> {
    const deadline = monotonicMs() + withinMs;
    const isLate = (): boolean => monotonicMs() >= deadline;
    const sessions = this.all;
    // Nothing is sent after the word to leave: what a worker names elsewhere is all that it holds.
    await Promise.race([
      Promise.all(sessions.map((session) => session.drain())),
      new Promise((resolve) => setTimeout(resolve, withinMs).unref()),
    ]);
    for (const session of sessions) session.serverDrain("deploy", withinMs);
    while (this.#live.size > 0 && !isLate()) await drainLook();
  }

  /** Ends what is left. Workers keep what they hold and bring it along when they come back. */
  endAll(): void {
    for (const session of this.#live.values())
      session.end(
        new EngineError("Unavailable", "the server is going away", { retryAfterMs: 100 }),
      );
  }

  get all(): readonly LiveSession[] {
    return [...this.#live.values()];
  }

  infos(): readonly WorkerInfo[] {
    return this.all.filter(({ isNative }) => !isNative).map((session) => session.info());
  }

  /** Whether a session id is one that this server answers for. */
  isMine(sessionId: string): boolean {
    return sessionId === this.#options.serverId || this.#options.dispatcher.isConnected(sessionId);
  }

  async open(hello: WorkerHello, sink: SessionSink): Promise<LiveSession> {
    const { serverId, clock, dispatcher, tokens, outcomes, heartbeats } = this.#options;
    const sessionId = newUuidV7(clock.nowMs());
    const key = `${hello.workerId}#${hello.sessionIndex}`;
    this.#replace(key, hello);
    await this.#insert(sessionId, hello);
    const { states, adopted } = await this.#adopt(sessionId, hello.heldTaskTokens).catch(
      async (error: unknown) => {
        await this.#closeRow(sessionId);
        throw error;
      },
    );
    this.#replace(key, hello); // the same worker may have been quicker with another one
    const session = new LiveSession({
      sessionId,
      serverId,
      hello,
      sink,
      held: states,
      warnings: [],
      dispatcher,
      tokens,
      nowMs: () => clock.nowMs(),
      onAccepted: (delivery) => this.accept(delivery),
      report: (reported, onAck) => outcomes.report(reported, onAck),
      heartbeat: (beats) => heartbeats.beat(beats),
      onClosed: (closed) => void this.#closed(key, closed),
      onError: this.#options.onError,
    });
    this.#live.set(key, session);
    dispatcher.addSession(session);
    for (const task of adopted) this.#readopt(session, task);
    this.lookSoon();
    dispatcher.noteReady(session.pools.flatMap(({ queues }) => [...queues]));
    if (session.pools.some(({ prefixes }) => prefixes.length > 0)) await this.#noteReady();
    return session;
  }

  #replace(key: string, { workerId, sessionIndex }: WorkerHello): void {
    const message = `worker ${workerId} has opened session ${sessionIndex} anew`;
    this.#live
      .get(key)
      ?.end(new EngineError("ConflictException", message, { reason: "SESSION_REPLACED" }));
  }

  /** The worker has begun: the heartbeat clock starts. */
  accept(delivery: Delivery): void {
    delivery.acceptedAtMs = monotonicMs();
    delivery.startedAtMs = this.#options.clock.nowMs();
    this.#options.heartbeats.note(delivery);
  }

  /** A long poll: takes what is there, waits for more, takes it along with what comes in the same tick. */
  async poll(request: PollTasks): Promise<readonly Task[]> {
    const sessionId =
      request.isLeaseless === true ? this.#options.serverId : await this.#pollingSession(request);
    const { dispatcher } = this.#options;
    return new Promise((resolve) => {
      const tasks: Task[] = [];
      const finish = (): void => {
        if (!poll.isOpen) return;
        poll.isOpen = false;
        clearTimeout(timer);
        dispatcher.removeSession(poll);
        request.signal.removeEventListener("abort", finish);
        resolve(tasks);
      };
      const poll: Recipient & { isOpen: boolean; pools: Pool[] } = {
        sessionId,
        workerName: request.hello.identity,
        isNative: false,
        maxInlineInputBytes: request.hello.maxInlineInputBytes,
        pools: [],
        isOpen: !request.signal.aborted,
        acceptsOnDelivery: true,
        send: (task, delivery) => {
          this.accept(delivery);
          tasks.push(task);
          if (tasks.length === 1) setImmediate(finish);
        },
        cancel: () => undefined,
      };
      const timer = setTimeout(finish, request.waitMs);
      if (!poll.isOpen) {
        clearTimeout(timer);
        resolve([]);
        return;
      }
      request.signal.addEventListener("abort", finish);
      for (const { name, resources } of request.hello.pools) {
        const pool = newPool(poll, name, resources);
        pool.limit = request.maxTasks[name] ?? 1;
        poll.pools.push(pool);
      }
      dispatcher.addSession(poll);
      dispatcher.noteReady(poll.pools.flatMap(({ queues }) => [...queues]));
      if (poll.pools.some(({ prefixes }) => prefixes.length > 0)) void this.#noteReady();
    });
  }

  /** Offers tasks to others, after a while if the worker wishes. */
  async release(tasks: readonly TaskKey[], redeliverAfterMs = 0): Promise<void> {
    const { dispatcher } = this.#options;
    if (redeliverAfterMs === 0) return dispatcher.release(tasks);
    setTimeout(
      () => void dispatcher.release(tasks),
      Math.min(redeliverAfterMs, redeliverAfterMaxMs),
    ).unref();
  }

  /** The outcome of some commit, claim or release is unknown: rows may name deliveries that nobody has. */
  auditSoon(): void {
    this.#auditsLeft = auditsAfterTrouble;
  }

  async #pollingSession({ hello }: PollTasks): Promise<string> {
    const known = this.#polling.get(hello.workerId);
    if (known !== undefined) {
      known.lastSeenMs = monotonicMs();
      return known.sessionId;
    }
    const sessionId = newUuidV7(this.#options.clock.nowMs());
    await this.#insert(sessionId, hello, { isPolling: true });
    const quicker = this.#polling.get(hello.workerId);
    if (quicker !== undefined) {
      await this.#closeRow(sessionId);
      return quicker.sessionId;
    }
    this.#polling.set(hello.workerId, { sessionId, lastSeenMs: monotonicMs() });
    return sessionId;
  }

  async #insert(
    sessionId: string,
    hello: Omit<WorkerHello, "heldTaskTokens">,
    more: { readonly isPolling?: true } = {},
  ): Promise<void> {
    const { sql, serverId } = this.#options;
    const { workerId, identity } = hello;
    await insertSession(sql, {
      id: sessionId,
      serverId,
      workerId,
      identity,
      facts: { ...factsOf(hello), ...more },
    });
  }

  /** From its row's closing on, the grace of its tasks runs. Tried until the database has it. */
  async #closeRow(sessionId: string): Promise<void> {
    this.#unclosed.add(sessionId);
    try {
      await closeSession(this.#options.sql, sessionId);
      this.#unclosed.delete(sessionId);
    } catch (error) {
      this.#options.onError(error, "could not close a session's row; trying again");
    }
  }

  async #adopt(
    sessionId: string,
    held: readonly Uint8Array[],
  ): Promise<{
    states: TaskTokenState[];
    adopted: AdoptedTask[];
  }> {
    const facts = held
      .map((token) => this.#options.tokens.open(token))
      .map((fact) => (fact === undefined || isCallback(fact) ? undefined : fact));
    const keys = facts.filter((fact) => fact !== undefined);
    const rows = keys.length === 0 ? [] : await adoptTasks(this.#options.sql, sessionId, keys);
    const byKey = new Map(rows.map((row) => [keyOf(row.executionId, row.taskId), row]));
    const states = await Promise.all(
      facts.map(async (fact): Promise<TaskTokenState> => {
        if (fact === undefined) return "UNKNOWN";
        const row = byKey.get(keyOf(fact.executionId, fact.taskId));
        if (row !== undefined) return row.isOurs ? "ACTIVE" : "LEASE_LOST";
        const end = await taskEnd(this.#options.sql, fact.executionId, fact.taskId);
        return end === "Succeeded" || end === "Failed" ? "FINISHED" : "CANCEL_REQUESTED";
      }),
    );
    return { states, adopted: rows.filter(({ isOurs }) => isOurs) };
  }

  #readopt(session: LiveSession, task: AdoptedTask): void {
    const { dispatcher, tokens, clock } = this.#options;
    const before = dispatcher.find(task.executionId, task.taskId);
    const pool = session.pools.find((served) => serves(served, task.queue)) ?? session.pools[0]!;
    const now = monotonicMs();
    dispatcher.adopt({
      executionId: task.executionId,
      taskId: task.taskId,
      epoch: task.epoch,
      token: tokens.seal(task),
      pool,
      sessionId: session.sessionId,
      heartbeatSeconds: task.heartbeatSeconds ?? undefined,
      deliveredAtMs: now,
      acceptedAtMs: now,
      startedAtMs: before?.startedAtMs ?? clock.nowMs(),
      isStartRecorded: before?.isStartRecorded ?? false,
      lastBeatMs: now,
      heartbeatDetails: before?.heartbeatDetails ?? task.heartbeatDetails ?? undefined,
    });
  }

  async #closed(key: string, session: LiveSession): Promise<void> {
    if (this.#live.get(key) === session) this.#live.delete(key);
    const { dispatcher, lostTasks, reconnectGraceMs } = this.#options;
    dispatcher.removeSession(session);
    const held = this.#heldBy(session);
    setTimeout(() => void lostTasks.lose(this.#heldBy(session)), reconnectGraceMs).unref();
    await dispatcher.release(held.filter(({ acceptedAtMs }) => acceptedAtMs === undefined));
    await this.#closeRow(session.sessionId);
  }

  #heldBy(session: Recipient): readonly Delivery[] {
    return [...this.#options.dispatcher.deliveries()].filter(
      ({ pool }) => pool.session === session,
    );
  }

  async #tick(): Promise<void> {
    const { dispatcher, deliveryLeaseMs } = this.#options;
    const now = monotonicMs();
    const late: Delivery[] = [];
    for (const delivery of dispatcher.deliveries()) {
      if (delivery.acceptedAtMs === undefined) {
        if (now - delivery.deliveredAtMs > deliveryLeaseMs && delivery.pool.session.isOpen)
          late.push(delivery);
      } else if (!delivery.isStartRecorded && now - delivery.acceptedAtMs > startedAfterMs)
        this.#recordStart(delivery);
    }
    await dispatcher.release(late);
    await this.#endPolling(now);
    if (this.#auditsLeft === 0 || now < this.#nextAuditMs) return;
    this.#nextAuditMs = now + auditEveryMs;
    await this.#audit();
  }

  async #lookAtRows(): Promise<void> {
    await this.#keepRows();
    if (this.#live.size > 0) await this.#noteReady();
  }

  /** Rows of sessions that are over are closed, those of living ones are open; tasks of lost ones are offered anew. */
  async #keepRows(): Promise<void> {
    const { sql, serverId, reconnectGraceMs } = this.#options;
    for (const sessionId of this.#unclosed) await this.#closeRow(sessionId);
    const { queues, lost } = await releaseLostSessions(sql, serverId, reconnectGraceMs);
    this.#options.onReady(queues);
    this.#options.lostTasks.report(lost);
    const live = this.all;
    const polling = [...this.#polling];
    const known = await keepSessions(sql, [
      ...live.map(({ sessionId }) => sessionId),
      ...polling.map(([, { sessionId }]) => sessionId),
    ]);
    for (const session of live) if (!known.has(session.sessionId)) session.end(forgotten());
    for (const [workerId, { sessionId }] of polling)
      if (!known.has(sessionId)) this.#polling.delete(workerId);
  }

  #recordStart(delivery: Delivery): void {
    delivery.isStartRecorded = true;
    const start = startOf(delivery, this.#options.clock.nowMs());
    void this.#options.turns.submit(delivery.executionId, {
      type: "TaskStarted",
      taskId: delivery.taskId,
      start,
    });
  }

  async #endPolling(now: number): Promise<void> {
    const { dispatcher, lostTasks } = this.#options;
    for (const [workerId, { sessionId, lastSeenMs }] of this.#polling) {
      if (now - lastSeenMs < pollingWorkerMs || dispatcher.isConnected(sessionId)) continue;
      const held = [...dispatcher.deliveries()].filter(
        (delivery) => delivery.sessionId === sessionId,
      );
      if (held.some(({ lastBeatMs }) => now - lastBeatMs < pollingWorkerMs)) continue; // a heartbeat is a call, too
      this.#polling.delete(workerId);
      await this.#closeRow(sessionId);
      await lostTasks.lose(held);
    }
  }

  async #noteReady(): Promise<void> {
    this.#options.dispatcher.noteReady(await readyQueues(this.#options.sql));
  }

  /** Rows that say a session of ours holds a task, of which this process knows nothing, twice in a row. */
  async #audit(): Promise<void> {
    const { dispatcher, sql, serverId } = this.#options;
    const sessions = [
      serverId,
      ...this.all.map(({ sessionId }) => sessionId),
      ...[...this.#polling.values()].map(({ sessionId }) => sessionId),
    ];
    const unknown = (await sessionTasks(sql, sessions)).filter(
      ({ executionId, taskId }) => dispatcher.find(executionId, taskId) === undefined,
    );
    const keys = new Set(
      unknown.map(({ executionId, taskId, epoch }) => `${keyOf(executionId, taskId)}@${epoch}`),
    );
    await dispatcher.release(
      unknown.filter(({ executionId, taskId, epoch }) =>
        this.#suspects.has(`${keyOf(executionId, taskId)}@${epoch}`),
      ),
    );
    this.#suspects = keys;
    this.#auditsLeft -= 1;
  }
}

function forgotten(): EngineError {
  const message = "this session was given up while the database could not be reached";
  return new EngineError("Unavailable", message, { retryAfterMs: 100 });
}

function factsOf({
  pools,
  labels,
  runtime,
  buildId,
  remoteAddress,
  isNative,
}: Omit<WorkerHello, "heldTaskTokens">): object {
  return { pools, labels, runtime, buildId, remoteAddress, isNative };
}
