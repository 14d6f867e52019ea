import type { ClientDuplexStream } from "@grpc/grpc-js";
import { create } from "@bufbuild/protobuf";
import { durationFromMs, durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { PawlError } from "./errors.ts";
import { WorkRequestSchema } from "./gen/pawl/v1/worker_service_pb.ts";
import type {
  Hello,
  Pong,
  ServerDrain,
  Welcome,
  WorkRequest,
  WorkResponse,
} from "./gen/pawl/v1/worker_service_pb.ts";
import { toPawlError } from "./grpc-transport.ts";
import type { SlotPool } from "./slot-pool.ts";
import type { TaskRun } from "./task-run.ts";

/** Who hears what a session receives. */
export interface SessionListener {
  onMessage(session: Session, message: WorkResponse["message"]): void;
  onPingDue(session: Session): void;
}

/** How a session came to its end, or why another one must take over. */
export type SessionEnd =
  | { readonly kind: "Broken"; readonly error: PawlError }
  | { readonly kind: "ServerDrain"; readonly drain: ServerDrain };

/** How long a server may take to answer Hello. */
const welcomeTimeoutMs = 10_000;

/** Outputs in one message; the server's own target when it names a smaller one. */
const messageCharsMax = 1024 * 1024;

/**
 * One stream to a server.
 *
 * What the worker has to say in one tick leaves together: one message each for accepts, heartbeats,
 * outcomes, releases and credit.
 */
export class Session {
  readonly index: number;
  /** Resolves when the stream broke or the server asked to go elsewhere. */
  readonly over: Promise<SessionEnd>;
  /** Resolves with the answer to `drain`; also when the stream breaks. */
  readonly drained: Promise<void>;
  welcome: Welcome | undefined;
  /** It broke because nothing came any more: its connection is worth nothing. */
  isSilent = false;
  isOpen = true;
  /** Credit is given only while this is set. */
  hasCredit = false;
  readonly #stream: ClientDuplexStream<WorkRequest, WorkResponse>;
  readonly #listener: SessionListener;
  readonly #pools: ReadonlyMap<string, SlotPool>;
  readonly #received = new Map<string, number>();
  readonly #limits = new Map<string, number>();
  readonly #opened = Promise.withResolvers<Welcome>();
  readonly #over = Promise.withResolvers<SessionEnd>();
  readonly #drained = Promise.withResolvers<void>();
  readonly #accepts = new Set<TaskRun>();
  readonly #beats = new Set<TaskRun>();
  #outcomes: TaskRun[] = [];
  #releases: Uint8Array[] = [];
  #isDemandDue = false;
  #isFlushScheduled = false;
  #isBlocked = false;
  #heardAt = performance.now();
  #nonce = 0n;
  #pinger: NodeJS.Timeout | undefined;

  constructor(
    stream: ClientDuplexStream<WorkRequest, WorkResponse>,
    listener: SessionListener,
    pools: ReadonlyMap<string, SlotPool>,
    hello: Hello,
  ) {
    this.index = hello.sessionIndex;
    this.over = this.#over.promise;
    this.drained = this.#drained.promise;
    this.#stream = stream;
    this.#listener = listener;
    this.#pools = pools;
    stream.on("data", (response) => this.#onResponse(response));
    stream.on("error", (error) => this.break(toPawlError(error)));
    stream.on("end", () => this.break(new PawlError("UNAVAILABLE", "the server ended the stream")));
    this.#opened.promise.catch(() => undefined);
    this.#pinger = setTimeout(
      () => this.#breakSilent("the server did not answer hello"),
      welcomeTimeoutMs,
    );
    this.#write({ case: "hello", value: hello });
  }

  /** Resolves with the server's answer to Hello. */
  get opened(): Promise<Welcome> {
    return this.#opened.promise;
  }

  get sessionId(): string {
    return this.welcome?.sessionId ?? "";
  }

  accept(run: TaskRun): void {
    this.#accepts.add(run);
    this.#scheduleFlush();
  }

  beat(run: TaskRun): void {
    this.#beats.add(run);
    this.#scheduleFlush();
  }

  /** Sends the run's outcome; an accept or beat that waits beside it is not needed any more. */
  report(run: TaskRun): void {
    this.#accepts.delete(run);
    this.#beats.delete(run);
    this.#outcomes.push(run);
    this.#scheduleFlush();
  }

  /** Hands a task back for another worker; its attempt is not counted. */
  release(taskToken: Uint8Array): void {
    this.#releases.push(taskToken);
    this.#scheduleFlush();
  }

  /** Nothing more is to be said about a run. */
  forget(run: TaskRun): void {
    this.#accepts.delete(run);
    this.#beats.delete(run);
  }

  /** Slots were freed or taken: tell the server what it may send. */
  demand(): void {
    this.#isDemandDue = true;
    this.#scheduleFlush();
  }

  countReceived(pool: string): void {
    this.#received.set(pool, (this.#received.get(pool) ?? 0) + 1);
  }

  /** Takes the server's count of tasks sent: the stream is ordered, so after a Pong both are the same. @returns pools that differed */
  reconcile(pong: Pong): string[] {
    const drifted: string[] = [];
    for (const [pool, sent] of Object.entries(pong.tasksSent)) {
      if (!this.#pools.has(pool) || Number(sent) === (this.#received.get(pool) ?? 0)) continue;
      this.#received.set(pool, Number(sent));
      drifted.push(pool);
    }
    if (drifted.length > 0) this.demand();
    return drifted;
  }

  /** Asks for no more tasks; `drained` tells when none can be on the way. */
  drain(graceMs: number, reason: string): void {
    this.hasCredit = false;
    this.#flush();
    this.#write({
      case: "drain",
      value: { $typeName: "pawl.v1.Drain", grace: durationFromMs(graceMs), reason },
    });
  }

  ping(running: Record<string, number>): void {
    this.#nonce += 1n;
    this.#write({
      case: "ping",
      value: { $typeName: "pawl.v1.Ping", nonce: this.#nonce, running },
    });
  }

  /** Half-closes: everything was said. */
  end(): void {
    this.#flush();
    if (this.isOpen) this.#stream.end();
  }

  /** Gives the stream up. */
  break(error: PawlError): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    clearTimeout(this.#pinger);
    this.#stream.cancel();
    this.#opened.reject(error);
    this.#drained.resolve();
    this.#over.resolve({ kind: "Broken", error });
  }

  #breakSilent(message: string): void {
    this.isSilent = true;
    this.break(new PawlError("UNAVAILABLE", message));
  }

  #onResponse({ message }: WorkResponse): void {
    if (!this.isOpen) return;
    this.#heardAt = performance.now();
    if (message.case === "welcome") this.#onWelcome(message.value);
    else if (message.case === "drainAck") this.#drained.resolve();
    else if (message.case === "serverDrain")
      this.#over.resolve({ kind: "ServerDrain", drain: message.value });
    this.#listener.onMessage(this, message);
  }

  #onWelcome(welcome: Welcome): void {
    this.welcome = welcome;
    clearTimeout(this.#pinger);
    const pingMs = welcome.pingInterval === undefined ? 10_000 : durationMs(welcome.pingInterval);
    const timeoutMs =
      welcome.sessionTimeout === undefined ? 30_000 : durationMs(welcome.sessionTimeout);
    this.#pinger = setInterval(() => {
      const silentMs = performance.now() - this.#heardAt;
      if (silentMs > timeoutMs)
        this.#breakSilent(`the server was silent for ${Math.round(silentMs)} ms`);
      else this.#listener.onPingDue(this);
    }, pingMs);
    this.#opened.resolve(welcome);
  }

  /** Milliseconds that the server's clock is ahead of `performance.now()`. */
  get serverClockOffsetMs(): number {
    const serverTime = this.welcome?.serverTime;
    return (serverTime === undefined ? Date.now() : timestampMs(serverTime)) - performance.now();
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled || this.#isBlocked || !this.isOpen) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.isOpen || this.#isBlocked) return;
    if (this.#accepts.size > 0) {
      const taskTokens = Array.from(this.#accepts, ({ task }) => task.taskToken);
      this.#accepts.clear();
      this.#write({ case: "accept", value: { $typeName: "pawl.v1.AcceptTasks", taskTokens } });
    }
    if (this.#beats.size > 0) {
      const beats = Array.from(this.#beats, (run) => run.beatMessage);
      this.#beats.clear();
      this.#write({ case: "heartbeats", value: { $typeName: "pawl.v1.TaskHeartbeats", beats } });
    }
    if (this.#outcomes.length > 0) this.#writeOutcomes();
    if (this.#releases.length > 0) {
      const taskTokens = this.#releases.splice(0);
      this.#write({
        case: "release",
        value: {
          $typeName: "pawl.v1.ReleaseTasks",
          taskTokens,
          reason: "the worker can not finish it",
        },
      });
    }
    if (this.#isDemandDue) this.#writeDemand();
  }

  #writeOutcomes(): void {
    const runs = this.#outcomes;
    this.#outcomes = [];
    const now = performance.now();
    const charsMax = Math.min(messageCharsMax, this.welcome?.maxMessageBytes || messageCharsMax);
    let outcomes = [];
    let chars = 0;
    for (const run of runs) {
      if (run.outcome === undefined) continue;
      const { result } = run.outcome;
      const size = result.case === "output" ? result.value.length : 1_000;
      if (chars + size > charsMax && outcomes.length > 0) {
        this.#write({ case: "outcomes", value: { $typeName: "pawl.v1.TaskOutcomes", outcomes } });
        outcomes = [];
        chars = 0;
      }
      run.outcomeSentAt = now;
      outcomes.push(run.outcome);
      chars += size;
    }
    if (outcomes.length > 0)
      this.#write({ case: "outcomes", value: { $typeName: "pawl.v1.TaskOutcomes", outcomes } });
  }

  /** Cumulative: tasks received so far, plus the slots that are free. Only what has changed is said. */
  #writeDemand(): void {
    this.#isDemandDue = false;
    if (!this.hasCredit) return;
    const limits: Record<string, bigint> = {};
    let hasChanged = false;
    for (const pool of this.#pools.values()) {
      const limit =
        (this.#received.get(pool.name) ?? 0) + Math.max(0, pool.concurrency - pool.taken);
      if (limit <= (this.#limits.get(pool.name) ?? 0)) continue;
      this.#limits.set(pool.name, limit);
      limits[pool.name] = BigInt(limit);
      hasChanged = true;
    }
    if (hasChanged) this.#write({ case: "demand", value: { $typeName: "pawl.v1.Demand", limits } });
  }

  #write(message: WorkRequest["message"]): void {
    if (!this.isOpen) return;
    const request = create(WorkRequestSchema);
    request.message = message;
    if (this.#stream.write(request) || this.#isBlocked) return;
    this.#isBlocked = true;
    this.#stream.once("drain", () => {
      this.#isBlocked = false;
      this.#flush();
    });
  }
}
