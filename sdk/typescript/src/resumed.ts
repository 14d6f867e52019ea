import { Backoff } from "./backoff.ts";
import { PawlError } from "./errors.ts";
import { cancelled, retryDelayMs, waitFor } from "./retry.ts";

export interface ResumeOptions {
  readonly signal?: AbortSignal;
  /** A stream silent for so long is given up and resumed; the server speaks every 15 s. Default 45,000 ms. */
  readonly idleTimeoutMs?: number;
}

/** How long the end of a stream may come after its terminal response. */
const endWaitMs = 1_000;

/** How often a watch that never got an answer tries before it gives up. */
const openAttemptsMax = 10;

/** Consecutive failures of a kind that may be no passing one (INTERNAL, UNKNOWN ...) before it gives up. */
const oddFailuresMax = 5;

/**
 * The responses of a stream that is opened again whenever it breaks, until the terminal one. Only an abort
 * of `signal`, a refusal, or a server that never answered at all end it with an error.
 *
 * @param open the stream, from where the last response left off.
 */
export async function* resumed<Response extends { readonly terminal: boolean }>(
  open: (signal: AbortSignal) => AsyncIterable<Response>,
  options: ResumeOptions,
): AsyncGenerator<Response, void, undefined> {
  const backoff = new Backoff(50, 5_000);
  let failures = 0;
  let hasAnswered = false;
  for (;;) {
    let failure: unknown;
    try {
      const silence = new AbortController();
      const stream = unlessSilent(open, options, silence);
      for await (const response of stream) {
        if (failures > 0) backoff.reset();
        failures = 0;
        hasAnswered = true;
        if (response.terminal) await ended(stream, silence);
        yield response;
        if (response.terminal) return;
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

/**
 * The server ends a stream after its terminal response. To cancel it then would be a reset, and HTTP/2
 * servers close connections that bring many of them, with all that runs on them.
 */
async function ended(stream: AsyncIterator<unknown>, silence: AbortController): Promise<void> {
  const giveUp = setTimeout(() => silence.abort(), endWaitMs);
  await stream.next().catch(() => undefined); // how it ends says nothing: all has come
  clearTimeout(giveUp);
}

/** One stream; silence for longer than `idleTimeoutMs` breaks it. */
async function* unlessSilent<Response>(
  open: (signal: AbortSignal) => AsyncIterable<Response>,
  options: ResumeOptions,
  silence: AbortController,
): AsyncGenerator<Response, void, undefined> {
  const idleTimeoutMs = options.idleTimeoutMs ?? 45_000;
  const signal =
    options.signal === undefined
      ? silence.signal
      : AbortSignal.any([options.signal, silence.signal]);
  let heardAt = performance.now();
  let isConsumerBusy = false;
  const check = setInterval(() => {
    if (!isConsumerBusy && performance.now() - heardAt > idleTimeoutMs) silence.abort();
  }, idleTimeoutMs / 4);
  try {
    for await (const response of open(signal)) {
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
