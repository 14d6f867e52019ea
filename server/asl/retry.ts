import { matchesError } from "./error-equals.ts";
import type { ErrorFields, Retrier, StateBase } from "./definition/definition.ts";
import type { Trouble } from "./error-equals.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** No retry waits longer, whatever IntervalSeconds and BackoffRate come to. */
export const retryDelaySecondsMax = 31_536_000;

/**
 * Has the state tried again later if a Retrier says so. ASL § Retrying after error.
 *
 * The first Retrier that names the error decides; when its attempts are spent, no later one is asked.
 *
 * @returns false when the error is not to be retried.
 */
export function retry(
  progress: Progress,
  scope: Scope,
  state: StateBase & ErrorFields,
  trouble: Trouble,
): boolean {
  if (trouble.nonRetryable === true) return false;
  const which = state.retry.findIndex(({ errorEquals }) => matchesError(errorEquals, trouble));
  const retrier = state.retry[which];
  const made = scope.retries?.[which] ?? 0;
  if (retrier === undefined || made >= retrier.maxAttempts) return false;

  progress.turn.visited?.(state, `Retry/${which}`);
  const delayMs =
    trouble.retryAfterMs ??
    Math.round(retryDelaySeconds(retrier, made + 1, progress.turn.random) * 1000);
  progress.turn.probe?.see({
    errorDetails: { retryIndex: which, retryBackoffIntervalSeconds: Math.round(delayMs / 1000) },
  });
  const timerId = scope.lastEventId;
  const dueAtMs = progress.turn.nowMs + Math.min(delayMs, retryDelaySecondsMax * 1000);
  scope.retries = state.retry.map((_, i) => (scope.retries?.[i] ?? 0) + (i === which ? 1 : 0));
  scope.lastFailure = trouble.failure;
  scope.position = { kind: "Retry", timerId, dueAtMs };
  progress.changedScopes.add(scope.id);
  progress.index.timers.set(timerId, scope.id);
  progress.effect({ type: "StartTimer", timerId, scopeId: scope.id, dueAtMs });
  return true;
}

/**
 * Seconds to wait before retry number `attempt`.
 *
 * The first retry waits IntervalSeconds; each later one multiplies by BackoffRate; MaxDelaySeconds
 * caps the product before jitter is applied.
 *
 * @param attempt 1 for the first retry.
 * @param random uniform in [0, 1); asked only for jitter.
 * @returns seconds, fractional, from 0 to {@link retryDelaySecondsMax}.
 */
export function retryDelaySeconds(retrier: Retrier, attempt: number, random: () => number): number {
  const backedOff = retrier.intervalSeconds * retrier.backoffRate ** (attempt - 1);
  const capped = Math.min(
    backedOff,
    retrier.maxDelaySeconds ?? retryDelaySecondsMax,
    retryDelaySecondsMax,
  );
  return retrier.jitterStrategy === "FULL" ? capped * random() : capped;
}
