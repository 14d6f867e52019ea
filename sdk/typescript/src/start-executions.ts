import { PawlError } from "./errors.ts";
import type { StartExecution } from "./start-execution.ts";
import type { Started, Starter } from "./starter.ts";

/** What became of one of many starts. */
export type StartOutcome =
  | {
      readonly index: number;
      readonly request: StartExecution;
      readonly started: Started;
      readonly error?: never;
    }
  | {
      readonly index: number;
      readonly request: StartExecution;
      readonly error: PawlError;
      readonly started?: never;
    };

/**
 * Starts whatever the source yields, `maxInFlight` at a time, and yields each outcome as it comes, in any
 * order. A refused start is an outcome, not an exception.
 *
 * The source is read no faster than outcomes are consumed.
 */
export async function* startExecutions(
  starter: Starter,
  requests: AsyncIterable<StartExecution> | Iterable<StartExecution>,
  maxInFlight: number,
): AsyncGenerator<StartOutcome, void, undefined> {
  const settled: StartOutcome[] = [];
  const changed = new Signal();
  let inFlight = 0;
  let isOver = false;

  async function pump(): Promise<void> {
    let index = 0;
    for await (const request of requests) {
      while (inFlight + settled.length >= maxInFlight && !isOver) await changed.next();
      if (isOver) return;
      inFlight += 1;
      void outcomeOf(starter, request, index).then((outcome) => {
        inFlight -= 1;
        settled.push(outcome);
        changed.fire();
      });
      index += 1;
    }
  }

  let isSourceDone = false;
  let sourceError: { readonly error: unknown } | undefined;
  const pumping = pump()
    .catch((error: unknown) => (sourceError = { error }))
    .finally(() => {
      isSourceDone = true;
      changed.fire();
    });
  try {
    while (!isSourceDone || inFlight > 0 || settled.length > 0) {
      if (settled.length === 0) await changed.next();
      const outcomes = settled.splice(0);
      changed.fire();
      yield* outcomes;
    }
    if (sourceError !== undefined) throw sourceError.error;
  } finally {
    isOver = true;
    changed.fire();
    void pumping;
  }
}

/** Wakes whoever waits. */
class Signal {
  #waiters: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  fire(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

async function outcomeOf(
  starter: Starter,
  request: StartExecution,
  index: number,
): Promise<StartOutcome> {
  try {
    return { index, request, started: await starter.start(request) };
  } catch (error) {
    if (!(error instanceof PawlError))
      return {
        index,
        request,
        error: new PawlError("INVALID_ARGUMENT", String(error), { cause: error }),
      };
    return { index, request, error };
  }
}
