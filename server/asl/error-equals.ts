import type { QueryErrorPlace } from "./data/jsonata/query-error.ts";
import type { Failure } from "./states-error.ts";

/** A failure on its way to a Retrier or a Catcher, with what only the two of them need to know. */
export interface Trouble {
  readonly failure: Failure;
  /** States.Timeout because no heartbeat came: States.HeartbeatTimeout names it too. */
  readonly isHeartbeatTimeout?: boolean;
  /** Skips Retry, still reaches Catch. */
  readonly nonRetryable?: boolean;
  /** Overrides the retry interval once. */
  readonly retryAfterMs?: number;
  /** A branch or item failed, and so its Parallel or Map. */
  readonly isOfChild?: boolean;
  /** An expression failed: what its EvaluationFailed event says. Written once. */
  readonly evaluation?: QueryErrorPlace;
}

/**
 * Whether ErrorEquals names the failure. ASL § Errors, Error representation.
 *
 * States.ALL names every error and States.TaskFailed every error but States.Timeout. States.Runtime
 * is beyond both, and even beyond its own name: nothing retries or catches it.
 */
export function matchesError(errorEquals: readonly string[], trouble: Trouble): boolean {
  const { error } = trouble.failure;
  if (error === runtimeError) return false;
  return errorEquals.some((name) => {
    if (name === "States.ALL") return true;
    if (name === "States.TaskFailed") return error !== "States.Timeout";
    if (name === "States.HeartbeatTimeout" && trouble.isHeartbeatTimeout === true) return true;
    return name === error;
  });
}

/** The error that nothing retries, catches or tolerates. */
export const runtimeError = "States.Runtime";
