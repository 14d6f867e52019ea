import { EngineError } from "./errors.ts";

/**
 * SQLSTATE: connection exceptions, no resources, the server shuts down or starts, its disk fails, it only
 * reads (a standby); a statement that was given up, and may be repeated. Or the socket's own codes.
 */
const codes =
  /^(08...|53...|58...|57P0.|57014|25006|40001|40P01|55P03|ECONN(REFUSED|RESET)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What the driver and its pool say without a code. */
const messages =
  /timeout exceeded when trying to connect|connection terminated|query read timeout|connection error and is not queryable|connection is closed/i;

/** Whether an error says that the database did not answer this time, rather than that something is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof EngineError) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && codes.test(code)) return true;
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  return messages.test(error.message) || isDatabaseAway(error.cause);
}

/** @throws EngineError Unavailable in place of an error of the connection. */
export function orUnavailable(error: unknown): never {
  if (!isDatabaseAway(error)) throw error;
  throw new EngineError("Unavailable", "the database does not answer", { retryAfterMs: 1_000 });
}

/** The same methods; where the database is away they are refused as Unavailable. */
export function refusingWhenAway<Methods extends object>(methods: Methods): Methods {
  const guarded = Object.entries(methods).map(([name, method]) => [
    name,
    typeof method === "function" ? (...args: unknown[]) => guard(method(...args)) : method,
  ]);
  return Object.fromEntries(guarded) as Methods;
}

function guard(result: unknown): unknown {
  if (result instanceof Promise) return result.catch(orUnavailable);
  const isIterable =
    typeof result === "object" && result !== null && Symbol.asyncIterator in result;
  return isIterable ? guardIterable(result as AsyncIterable<unknown>) : result;
}

async function* guardIterable(iterable: AsyncIterable<unknown>): AsyncGenerator {
  try {
    yield* iterable;
  } catch (error) {
    orUnavailable(error);
  }
}
