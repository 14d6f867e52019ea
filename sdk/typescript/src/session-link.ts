import type { ClientDuplexStream } from "@grpc/grpc-js";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Backoff, sleep } from "./backoff.ts";
import { PawlError } from "./errors.ts";
import type {
  Hello,
  ServerDrain,
  WorkRequest,
  WorkResponse,
} from "./gen/pawl/v1/worker_service_pb.ts";
import type { Log } from "./log.ts";
import { Session } from "./session.ts";
import type { SessionListener } from "./session.ts";
import type { SlotPool } from "./slot-pool.ts";
import type { TaskRun } from "./task-run.ts";
import type { TaskRuns } from "./task-runs.ts";

/** What a link needs to open sessions. */
export interface SessionLinkHost {
  readonly log: Log;
  readonly runs: TaskRuns;
  readonly pools: ReadonlyMap<string, SlotPool>;
  openStream(): ClientDuplexStream<WorkRequest, WorkResponse>;
  /** The next stream goes over a new connection: the present one may be half-open. */
  renewConnection(): void;
  hello(sessionIndex: number, held: Iterable<TaskRun>): Hello;
}

/** Refusals that no repetition heals, as long as no session ever stood. */
const fatalCodes = new Set([
  "INVALID_ARGUMENT",
  "UNAUTHENTICATED",
  "PERMISSION_DENIED",
  "UNIMPLEMENTED",
  "FAILED_PRECONDITION",
]);

/** A session that stood so long was a good one: the next failure counts as the first. */
const goodSessionMs = 5_000;

/** How long an old server may take to say that nothing more is on the way. */
const drainAckTimeoutMs = 10_000;

/** Keeps a worker connected: one session after the other, for ever; two for a moment when a server drains. */
export class SessionLink implements SessionListener {
  session: Session | undefined;
  readonly #host: SessionLinkHost;
  readonly #closing = new AbortController();
  readonly #connected = Promise.withResolvers<void>();
  #hasConnected = false;
  #isDraining = false;
  #drainGraceMs = 0;
  /** The session that a draining server asked to leave, and its last word. */
  #retiring: Session | undefined;
  #retired: Promise<void> = Promise.resolve();

  constructor(host: SessionLinkHost) {
    this.#host = host;
    this.#connected.promise.catch(() => undefined);
  }

  /** Resolves with the first session; rejects when it was refused for good. */
  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  /** Resolves after `close`; rejects when the first session was refused for good. */
  async run(): Promise<void> {
    const backoff = new Backoff(100, 5_000);
    let index = 0;
    while (!this.#closing.signal.aborted) {
      const session = await this.#connect(index, backoff);
      if (session === undefined) continue;
      const stoodSince = performance.now();
      const end = await session.over;
      if (this.#closing.signal.aborted) break;
      if (end.kind === "ServerDrain") {
        index = 1 - index;
        await this.#leave(session, end.drain);
        continue;
      }
      if (session.isSilent) this.#host.renewConnection();
      this.#host.log.warn(`lost the server: ${end.error.message}`, {
        code: end.error.code,
        session: session.sessionId,
      });
      if (performance.now() - stoodSince > goodSessionMs) backoff.reset();
      await this.#pause(backoff.next());
    }
    this.#connected.reject(new PawlError("CANCELLED", "the worker was closed"));
  }

  /** No more tasks, now and on every later session; resolves when none can be on the way. */
  async drain(graceMs: number): Promise<void> {
    this.#isDraining = true;
    this.#drainGraceMs = graceMs;
    const { session } = this;
    if (session?.isOpen !== true) return;
    session.drain(graceMs, "worker closes");
    await Promise.race([session.drained, this.#pause(Math.min(graceMs, drainAckTimeoutMs))]);
  }

  /** Half-closes, waits a moment for the server to do the same, and gives up the streams. */
  async close(): Promise<void> {
    const { session } = this;
    this.#closing.abort();
    for (const open of [session, this.#retiring]) open?.end();
    if (session?.isOpen === true) {
      const patience = new AbortController();
      const waited = sleep(1_000, patience.signal).catch(() => undefined);
      await Promise.race([session.over, waited]);
      patience.abort();
      session.break(new PawlError("CANCELLED", "the worker was closed"));
    }
    this.#retiring?.break(new PawlError("CANCELLED", "the worker was closed"));
  }

  onMessage(session: Session, message: WorkResponse["message"]): void {
    const { runs, log } = this.#host;
    switch (message.case) {
      case "tasks":
        runs.onTasks(session, message.value.tasks);
        return;
      case "outcomeAcks":
        runs.onAcks(message.value.acks);
        return;
      case "heartbeatReplies":
        runs.onHeartbeatReplies(message.value.replies);
        return;
      case "cancel":
        runs.onCancel(message.value);
        return;
      case "pong": {
        const drifted = session.reconcile(message.value);
        if (drifted.length > 0)
          log.warn(`the count of tasks differed from the server's in ${drifted.join(", ")}`);
        return;
      }
      case "rejections":
        for (const text of message.value.messages) log.warn(`the server complains: ${text}`);
        return;
      default:
        return;
    }
  }

  onPingDue(session: Session): void {
    session.ping(this.#host.runs.running);
    const interval = session.welcome?.pingInterval;
    this.#host.runs.resendStale(
      session,
      2 * (interval === undefined ? 10_000 : durationMs(interval)),
    );
  }

  async #connect(index: number, backoff: Backoff): Promise<Session | undefined> {
    const { runs, pools, log } = this.#host;
    const held = runs.held;
    const session = new Session(
      this.#host.openStream(),
      this,
      pools,
      this.#host.hello(index, held.values()),
    );
    const onClosing = (): void =>
      session.break(new PawlError("CANCELLED", "the worker was closed"));
    this.#closing.signal.addEventListener("abort", onClosing, { once: true });
    try {
      const welcome = await session.opened;
      this.session = session;
      log.info("connected", {
        server: welcome.serverId,
        version: welcome.serverVersion,
        session: welcome.sessionId,
      });
      for (const warning of welcome.warnings) log.warn(warning);
      runs.adopt(session, welcome, held);
      this.#handOver(session);
      this.#hasConnected = true;
      this.#connected.resolve();
      return session;
    } catch (error) {
      const failure =
        error instanceof PawlError
          ? error
          : new PawlError("INTERNAL", String(error), { cause: error });
      if (this.#closing.signal.aborted) return undefined;
      if (!this.#hasConnected && fatalCodes.has(failure.code)) {
        this.#connected.reject(failure);
        throw failure;
      }
      if (session.isSilent) this.#host.renewConnection();
      const delayMs = failure.retryAfterMs ?? backoff.next();
      log.warn(`no session: ${failure.message}`, {
        code: failure.code,
        retryInMs: Math.round(delayMs),
      });
      await this.#pause(delayMs);
      return undefined;
    } finally {
      this.#closing.signal.removeEventListener("abort", onClosing);
    }
  }

  /** Gives the new session credit, but only once the old one can send nothing more: slots are never promised twice. */
  #handOver(session: Session): void {
    const old = this.#retiring;
    this.#retiring = undefined;
    if (old !== undefined) this.#retired = this.#retire(old);
    void this.#retired.then(() => {
      if (this.#isDraining) session.drain(this.#drainGraceMs, "worker closes");
      else {
        session.hasCredit = true;
        session.demand();
      }
    });
  }

  /** A draining server: it may be left before its deadline, but not before its pause. */
  async #leave(session: Session, { reason, reconnectAfter }: ServerDrain): Promise<void> {
    this.#host.log.info(`the server drains (${reason}): connecting anew`, {
      session: session.sessionId,
    });
    this.#retiring = session;
    const waitMs = reconnectAfter === undefined ? 0 : durationMs(reconnectAfter);
    await Promise.race([this.#pause(waitMs), session.drained]);
  }

  async #retire(old: Session): Promise<void> {
    if (!old.isOpen) return;
    old.drain(0, "reconnected elsewhere");
    await Promise.race([old.drained, this.#pause(drainAckTimeoutMs)]);
    void this.#host.runs.idleWithin(2 ** 31 - 1, old).then(() => old.end());
  }

  /** Sleeps, but not beyond the worker's end. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, this.#closing.signal).catch(() => undefined);
  }
}
