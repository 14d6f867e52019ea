import type { ClientDuplexStream } from "@grpc/grpc-js";
import { create } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Backoff, sleep } from "./backoff.ts";
import type { Channel } from "./channel.ts";
import { codeName, PawlError } from "./errors.ts";
import { executionOf } from "./execution.ts";
import type { Execution, StartedExecution } from "./execution.ts";
import {
  ExecutionService,
  NameConflictPolicy,
  StartExecutionsRequest_StartSchema,
  StartExecutionsRequestSchema,
} from "./gen/pawl/v1/execution_service_pb.ts";
import type {
  StartError,
  StartExecutionsRequest,
  StartExecutionsRequest_Start,
  StartExecutionsResponse,
  StartExecutionsResponse_Outcome,
} from "./gen/pawl/v1/execution_service_pb.ts";
import { toPawlError } from "./grpc-transport.ts";
import { retryDelayMs } from "./retry.ts";
import { startRequestOf } from "./start-execution.ts";
import type { StartExecution } from "./start-execution.ts";

/** How starts are pipelined. */
export interface StarterOptions {
  /** Starts without an answer at one time; `start` waits beyond it. Default 1,000. */
  readonly maxInFlight?: number;
  /** Let the server report each end too, for `result()`. Default true. */
  readonly follow?: boolean;
}

/** A start that is durable. */
export interface Started extends StartedExecution {
  /**
   * Resolves with the closed execution (its output, not its input), whatever its status.
   * Rejects when the starter is closed first, or was made without `follow`.
   */
  result(): Promise<Execution>;
}

/** Most starts in one message: keeps each far below the 4 MiB a message may have. */
const startsPerMessageMax = 100;
const messageCharsMax = 512 * 1024;

/**
 * Many starts over one stream: a small part of the cost of a call each, and their ends come back on it.
 *
 * Starts that are given in one tick travel in one message. When the stream breaks it is opened again and
 * what has no answer yet is sent again, under the same names, so that nothing starts twice.
 */
export class Starter {
  readonly #channel: Channel;
  readonly #maxInFlight: number;
  readonly #follow: boolean;
  readonly #open = new Map<bigint, OpenStart>();
  readonly #backoff = new Backoff(50, 5_000);
  readonly #closing = new AbortController();
  #queue: OpenStart[] = [];
  #waiting: (() => void)[] = [];
  #unanswered = 0;
  #sequence = 0n;
  #failures = 0;
  #stream: StartStream | undefined;
  #isFlushScheduled = false;
  #isBlocked = false;
  #onIdle: (() => void) | undefined;

  constructor(channel: Channel, options: StarterOptions = {}) {
    this.#channel = channel;
    this.#maxInFlight = options.maxInFlight ?? 1_000;
    this.#follow = options.follow ?? true;
  }

  /** Resolves once the start is durable. @throws PawlError when it was refused */
  async start(request: StartExecution): Promise<Started> {
    while (this.#unanswered >= this.#maxInFlight) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#closing.signal.aborted) throw closedError();
    this.#unanswered += 1;
    this.#sequence += 1n;
    const sequence = this.#sequence;
    const message = create(StartExecutionsRequest_StartSchema, {
      sequence,
      request: startRequestOf(request),
      follow: this.#follow,
    });
    return new Promise((resolve, reject) => {
      const open: OpenStart = { sequence, message, resolve, reject, started: undefined };
      this.#open.set(sequence, open);
      this.#queue.push(open);
      this.#scheduleFlush();
    });
  }

  /** Waits for what is open, followed executions included, and ends the stream. */
  async close(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.abort();
  }

  /** Ends the stream at once: open starts reject with CANCELLED, though they may have been made. */
  abort(): void {
    this.#closing.abort();
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.end();
    if (this.#open.size > 0) stream?.cancel();
    for (const open of this.#open.values()) fail(open, closedError());
    this.#open.clear();
    this.#unanswered = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled || this.#isBlocked) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#closing.signal.aborted || this.#queue.length === 0) return;
    this.#stream ??= this.#openStream();
    const queue = this.#queue;
    let sent = 0;
    while (sent < queue.length && !this.#isBlocked) {
      const starts = nextChunk(queue, sent);
      sent += starts.length;
      const isWritable = this.#stream.write(create(StartExecutionsRequestSchema, { starts }));
      if (!isWritable) this.#block(this.#stream);
    }
    this.#queue = queue.slice(sent);
  }

  /** Holds back further messages until the stream has taken what was written. */
  #block(stream: StartStream): void {
    this.#isBlocked = true;
    stream.once("drain", () => {
      if (stream !== this.#stream) return;
      this.#isBlocked = false;
      this.#flush();
    });
  }

  #openStream(): StartStream {
    const stream = this.#channel.duplex(ExecutionService.method.startExecutions);
    stream.on("data", (response) => {
      this.#failures = 0;
      this.#backoff.reset();
      for (const outcome of response.outcomes) this.#onOutcome(outcome);
    });
    stream.on("error", (error) => void this.#onBroken(stream, toPawlError(error)));
    stream.on(
      "end",
      () =>
        void this.#onBroken(stream, new PawlError("UNAVAILABLE", "the server ended the stream")),
    );
    return stream;
  }

  #onOutcome({ sequence, result }: StartExecutionsResponse_Outcome): void {
    const open = this.#open.get(sequence);
    if (open === undefined) return;
    switch (result.case) {
      case "response":
        if (result.value.execution !== undefined)
          this.#onStarted(open, executionOf(result.value.execution), result.value.created);
        return;
      case "error":
        this.#onRefused(open, result.value);
        return;
      case "ended":
        open.started?.end.resolve(executionOf(result.value));
        this.#forget(open);
        return;
      case undefined:
        return;
    }
  }

  #onStarted(open: OpenStart, execution: Execution, created: boolean): void {
    if (open.started !== undefined) return;
    this.#release(1);
    const end = Promise.withResolvers<Execution>();
    end.promise.catch(() => undefined);
    open.started = { end };
    if (!this.#follow) {
      end.reject(
        new PawlError(
          "FAILED_PRECONDITION",
          "the starter was made without follow: it learns no results",
        ),
      );
      this.#forget(open);
    }
    open.resolve({ execution, created, result: () => end.promise });
  }

  #onRefused(open: OpenStart, error: StartError): void {
    const refusal = startErrorOf(error);
    if (refusal.retryAfterMs !== undefined) {
      void this.#sendAgainAfter(open, refusal);
      return;
    }
    if (open.started === undefined) this.#release(1);
    fail(open, refusal);
    this.#forget(open);
  }

  /** Too many at once, or the database is away: the server says when to try again. */
  async #sendAgainAfter(open: OpenStart, refusal: PawlError): Promise<void> {
    await sleep(retryDelayMs(refusal, this.#backoff) ?? 1_000);
    if (!this.#open.has(open.sequence)) return;
    this.#queue.push(open);
    this.#scheduleFlush();
  }

  async #onBroken(stream: StartStream, error: PawlError): Promise<void> {
    if (stream !== this.#stream) return;
    this.#stream = undefined;
    this.#isBlocked = true;
    stream.cancel();
    this.#failures += 1;
    const delayMs =
      retryDelayMs(error, this.#backoff) ??
      (this.#failures < 5 && isPassing(error) ? this.#backoff.next() : undefined);
    if (delayMs === undefined || this.#failures > 20) {
      this.#failAll(error);
      this.#isBlocked = false;
      return;
    }
    await sleep(delayMs);
    this.#isBlocked = false;
    this.#queue = [...this.#open.values()].map(again);
    this.#scheduleFlush();
  }

  #failAll(error: PawlError): void {
    const opens = [...this.#open.values()];
    this.#release(opens.filter((open) => open.started === undefined).length);
    for (const open of opens) {
      fail(open, error);
      this.#forget(open);
    }
    this.#queue = [];
  }

  #forget(open: OpenStart): void {
    this.#open.delete(open.sequence);
    if (this.#open.size === 0) this.#onIdle?.();
  }

  #release(count: number): void {
    this.#unanswered -= count;
    const free = this.#maxInFlight - this.#unanswered;
    for (const resolve of this.#waiting.splice(0, Math.max(0, free))) resolve();
  }
}

type StartStream = ClientDuplexStream<StartExecutionsRequest, StartExecutionsResponse>;

interface OpenStart {
  readonly sequence: bigint;
  readonly message: StartExecutionsRequest_Start;
  readonly resolve: (started: Started) => void;
  readonly reject: (error: PawlError) => void;
  started: { readonly end: PromiseWithResolvers<Execution> } | undefined;
}

function nextChunk(queue: readonly OpenStart[], from: number): StartExecutionsRequest_Start[] {
  const starts: StartExecutionsRequest_Start[] = [];
  let chars = 0;
  for (let index = from; index < queue.length && starts.length < startsPerMessageMax; index += 1) {
    const { message } = queue[index]!;
    const input = message.request?.inputSource;
    chars += input?.case === "input" ? input.value.length : 0;
    if (chars > messageCharsMax && starts.length > 0) break;
    starts.push(message);
  }
  return starts;
}

/** A start whose answer came is only followed again: its execution may have closed meanwhile. */
function again(open: OpenStart): OpenStart {
  if (open.started !== undefined && open.message.request !== undefined) {
    open.message.request.conflictPolicy = NameConflictPolicy.USE_EXISTING;
  }
  return open;
}

function fail(open: OpenStart, error: PawlError): void {
  if (open.started === undefined) open.reject(error);
  else open.started.end.reject(error);
}

function startErrorOf({ code, reason, message, retryAfter, metadata }: StartError): PawlError {
  return new PawlError(codeName(code), message, {
    reason,
    metadata,
    ...(retryAfter !== undefined && { retryAfterMs: durationMs(retryAfter) }),
  });
}

function isPassing(error: PawlError): boolean {
  return ["CANCELLED", "UNKNOWN", "INTERNAL", "DEADLINE_EXCEEDED", "ABORTED"].includes(error.code);
}

function closedError(): PawlError {
  return new PawlError("CANCELLED", "the starter was closed");
}
