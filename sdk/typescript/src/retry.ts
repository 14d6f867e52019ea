import { Backoff, jittered, sleep } from "./backoff.ts";
import { PawlError } from "./errors.ts";
import type { CallOptions, TransportCall } from "./transport.ts";

/** How long and how often a call is tried again. */
export interface RetryOptions {
  /** Tries in all, the first included; default 10. */
  readonly maxAttempts?: number;
  /** Before the first retry, doubled each time; default 50 ms. */
  readonly initialDelayMs?: number;
  /** Default 5,000 ms. */
  readonly maxDelayMs?: number;
}

/**
 * Tries until it succeeds, is refused for good, or time or attempts are spent.
 *
 * Only for calls that may be repeated: reads, and writes that carry a name or a request id. Retried are
 * UNAVAILABLE, and whatever the server sent with RetryInfo, which then sets the delay.
 */
export async function withRetry<Result>(
  attempt: (call: TransportCall, attemptNumber: number) => Promise<Result>,
  options: CallOptions,
  retry: RetryOptions = {},
): Promise<Result> {
  const deadline =
    options.timeoutMs === undefined ? Infinity : performance.now() + options.timeoutMs;
  const backoff = new Backoff(retry.initialDelayMs ?? 50, retry.maxDelayMs ?? 5_000);
  const attemptsMax = retry.maxAttempts ?? 10;
  for (let attemptNumber = 1; ; attemptNumber += 1) {
    const leftMs = deadline - performance.now();
    try {
      return await attempt(
        {
          ...(leftMs !== Infinity && { timeoutMs: Math.max(1, Math.ceil(leftMs)) }),
          signal: options.signal,
        },
        attemptNumber,
      );
    } catch (error) {
      const delayMs = retryDelayMs(error, backoff);
      if (delayMs === undefined || attemptNumber >= attemptsMax) throw error;
      if (performance.now() + delayMs >= deadline) throw error;
      await waitFor(delayMs, options.signal);
    }
  }
}

/** Milliseconds until a failed call may be tried again; `undefined`: trying again is no use. */
export function retryDelayMs(error: unknown, backoff: Backoff): number | undefined {
  if (!(error instanceof PawlError)) return undefined;
  if (error.retryAfterMs !== undefined)
    return Math.max(error.retryAfterMs, 1) + jittered(Math.min(error.retryAfterMs, 1_000) / 10);
  return error.code === "UNAVAILABLE" ? backoff.next() : undefined;
}

/** Sleeps; an abort meanwhile is CANCELLED. */
export async function waitFor(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delayMs, signal);
  } catch (error) {
    throw cancelled(error);
  }
}

/** The error of a call that its caller gave up, or that outlived the caller's time limit. */
export function cancelled(cause: unknown): PawlError {
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return new PawlError("DEADLINE_EXCEEDED", "the caller's time limit has passed", { cause });
  }
  return new PawlError("CANCELLED", "the caller gave up the call", { cause });
}
