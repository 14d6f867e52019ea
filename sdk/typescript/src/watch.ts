import { create } from "@bufbuild/protobuf";
import { Backoff } from "./backoff.ts";
import { PawlError } from "./errors.ts";
import { executionEventOf, executionOf } from "./execution.ts";
import type { Execution, ExecutionEvent } from "./execution.ts";
import { PayloadView } from "./gen/pawl/v1/common_pb.ts";
import {
  ExecutionService,
  WatchExecutionRequestSchema,
} from "./gen/pawl/v1/execution_service_pb.ts";
import type { WatchExecutionResponse } from "./gen/pawl/v1/execution_service_pb.ts";
import { cancelled, retryDelayMs, waitFor } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** How to watch. */
export interface WatchOptions {
  /** Continue after the update that carried this token. */
  readonly resumeToken?: string;
  /** Instead of a token: replay the history after this event. */
  readonly afterEventId?: number;
  /** How much of the JSON documents to send; default NONE. */
  readonly payloads?: "NONE" | "TRUNCATED" | "FULL";
  /** Only snapshots of the execution, at most two a second and the last one at once. */
  readonly snapshotsOnly?: boolean;
  readonly signal?: AbortSignal;
  /** A stream silent for so long is given up and resumed; the server speaks every 15 s. Default 45,000 ms. */
  readonly idleTimeoutMs?: number;
}

/** A change of an execution. The last one has `isTerminal`. */
export type ExecutionUpdate =
  | {
      readonly type: "snapshot";
      readonly execution: Execution;
      readonly isTerminal: boolean;
      readonly resumeToken: string;
    }
  | {
      readonly type: "event";
      readonly event: ExecutionEvent;
      readonly isTerminal: boolean;
      readonly resumeToken: string;
    };

/** How often a watch that never got an answer tries before it gives up. */
const openAttemptsMax = 10;

/** Consecutive failures of a kind that may be no passing one (INTERNAL, UNKNOWN ...) before it gives up. */
const oddFailuresMax = 5;

/**
 * Yields each update once and in order until the execution has closed.
 *
 * When the stream breaks it is opened again with the last resume token, for as long as it takes: only an
 * abort of `signal`, a refusal, or a server that never answered at all end it with an error.
 */
export async function* watchExecution(
  transport: Transport,
  execution: string,
  options: WatchOptions,
): AsyncGenerator<ExecutionUpdate, void, undefined> {
  const cursor = new Cursor(options);
  const backoff = new Backoff(50, 5_000);
  let failures = 0;
  let hasAnswered = false;
  for (;;) {
    let failure: unknown;
    try {
      for await (const response of openStream(transport, execution, options, cursor)) {
        if (failures > 0) backoff.reset();
        failures = 0;
        hasAnswered = true;
        const update = cursor.advance(response);
        if (update === undefined) continue;
        yield update;
        if (update.isTerminal) return;
      }
    } catch (error) {
      failure = error;
    }
    if (options.signal?.aborted === true) throw cancelled(options.signal.reason);
    failures += 1;
    const delayMs = resumeDelayMs(failure, failures, hasAnswered, backoff);
    if (delayMs === undefined) throw failure;
    await waitFor(delayMs, options.signal);
  }
}

/** Where a watch stands: what to ask for next, and what was seen. */
class Cursor {
  #resumeToken: string;
  #lastEventId: number;

  constructor(options: WatchOptions) {
    this.#resumeToken = options.resumeToken ?? "";
    this.#lastEventId = options.afterEventId ?? 0;
  }

  get position(): { resumeToken: string; afterEventId: bigint } {
    return {
      resumeToken: this.#resumeToken,
      afterEventId: this.#resumeToken === "" ? BigInt(this.#lastEventId) : 0n,
    };
  }

  /** The update in a response, unless it is a keepalive or an event seen before. */
  advance({ update, terminal, resumeToken }: WatchExecutionResponse): ExecutionUpdate | undefined {
    if (resumeToken !== "") this.#resumeToken = resumeToken;
    const shared = { isTerminal: terminal, resumeToken: this.#resumeToken };
    if (update.case === "snapshot")
      return { type: "snapshot", execution: executionOf(update.value), ...shared };
    if (update.case !== "event") return undefined;
    const event = executionEventOf(update.value);
    if (event.id <= this.#lastEventId && !terminal) return undefined;
    this.#lastEventId = event.id;
    return { type: "event", event, ...shared };
  }
}

/** One stream; silence for longer than `idleTimeoutMs` breaks it. */
async function* openStream(
  transport: Transport,
  execution: string,
  options: WatchOptions,
  cursor: Cursor,
): AsyncGenerator<WatchExecutionResponse, void, undefined> {
  const idleTimeoutMs = options.idleTimeoutMs ?? 45_000;
  const silence = new AbortController();
  const signal =
    options.signal === undefined
      ? silence.signal
      : AbortSignal.any([options.signal, silence.signal]);
  let heardAt = performance.now();
  let isConsumerBusy = false;
  const check = setInterval(() => {
    if (!isConsumerBusy && performance.now() - heardAt > idleTimeoutMs) silence.abort();
  }, idleTimeoutMs / 4);
  const request = create(WatchExecutionRequestSchema, {
    execution,
    ...cursor.position,
    payloadView: PayloadView[options.payloads ?? "NONE"],
    snapshotsOnly: options.snapshotsOnly ?? false,
  });
  try {
    for await (const response of transport.serverStream(
      ExecutionService.method.watchExecution,
      request,
      { signal },
    )) {
      isConsumerBusy = true;
      yield response;
      isConsumerBusy = false;
      heardAt = performance.now();
    }
  } catch (error) {
    if (silence.signal.aborted)
      throw new PawlError("UNAVAILABLE", `the watch was silent for ${idleTimeoutMs} ms`, {
        cause: error,
      });
    throw error;
  } finally {
    clearInterval(check);
  }
}

/** `undefined`: resuming is no use. A stream that ended without its last message counts as broken. */
function resumeDelayMs(
  failure: unknown,
  failures: number,
  hasAnswered: boolean,
  backoff: Backoff,
): number | undefined {
  const error = failure ?? new PawlError("UNAVAILABLE", "the stream ended early");
  const delayMs = retryDelayMs(error, backoff);
  if (delayMs !== undefined) return hasAnswered || failures < openAttemptsMax ? delayMs : undefined;
  return hasAnswered && isPassing(error) && failures < oddFailuresMax ? backoff.next() : undefined;
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof PawlError)) return false;
  return [
    "CANCELLED",
    "UNKNOWN",
    "INTERNAL",
    "DEADLINE_EXCEEDED",
    "RESOURCE_EXHAUSTED",
    "ABORTED",
  ].includes(error.code);
}
