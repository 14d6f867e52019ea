import type { HistoryEvent } from "../asl/index.ts";
import type { Execution, ExecutionUpdate } from "./engine.ts";
import type { Updates } from "./updates.ts";

export interface WatchOptions {
  readonly executionId: string;
  /** Absent: begin with a snapshot. */
  readonly afterEventId: number | undefined;
  readonly signal: AbortSignal;
  readonly updates: Updates<Execution>;
  readonly describe: (executionId: string) => Promise<Execution>;
  readonly readEvents: (
    executionId: string,
    afterEventId: number,
  ) => Promise<readonly HistoryEvent[]>;
  /** How long to wait for news before looking at the database. */
  readonly pollMs: () => number;
}

/** Events a watcher may have waiting in memory. A slower reader is served from the database. */
const waitingMax = 256;

/**
 * An execution as it goes: a snapshot, each later event once and in order, the end.
 *
 * News come from memory while the reader keeps up; whenever there is a gap (a slow reader, another
 * server's turns, a lost moment) the record fills it. So nothing is buffered without bound and
 * nothing is missed.
 */
export async function* watch(options: WatchOptions): AsyncGenerator<ExecutionUpdate> {
  const { executionId, signal, describe } = options;
  const feed = new Feed(options);
  try {
    const first = await describe(executionId);
    // No one has seen events that there are not.
    let lastEventId = Math.min(options.afterEventId ?? first.eventCount, first.eventCount);
    if (
      options.afterEventId === undefined ||
      (first.status !== "RUNNING" && lastEventId >= first.eventCount)
    ) {
      yield snapshotOf(first);
      if (first.status !== "RUNNING") return;
    }
    while (!signal.aborted) {
      for (const event of await feed.next(lastEventId)) {
        lastEventId = event.id;
        yield { kind: "Event", event };
        if (!terminalTypes.has(event.type)) continue;
        const closed = await describe(executionId);
        if (closed.eventCount > event.id) continue; // redriven since
        yield snapshotOf(closed);
        return;
      }
    }
  } finally {
    feed.close();
  }
}

const terminalTypes: ReadonlySet<string> = new Set([
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionAborted",
  "ExecutionTimedOut",
]);

function snapshotOf(execution: Execution): ExecutionUpdate {
  return {
    kind: "Snapshot",
    execution,
    isTerminal: execution.status !== "RUNNING",
    lastEventId: execution.eventCount,
  };
}

class Feed {
  readonly #options: WatchOptions;
  readonly #unsubscribe: () => void;
  #waiting: HistoryEvent[] = [];
  /** The record has events that are not in `waiting`. */
  #isBehind = true;
  #wake: (() => void) | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#unsubscribe = options.updates.subscribe(options.executionId, ({ events }) => {
      if (this.#waiting.length + events.length > waitingMax) {
        this.#waiting = [];
        this.#isBehind = true;
      } else this.#waiting.push(...events);
      this.#wake?.();
    });
  }

  /** The events that follow; waits for some. Empty only when the watch was aborted. */
  async next(afterEventId: number): Promise<readonly HistoryEvent[]> {
    while (!this.#options.signal.aborted) {
      const fresh = this.#waiting.filter(({ id }) => id > afterEventId);
      this.#waiting = [];
      if (fresh[0]?.id === afterEventId + 1) return fresh;
      if (fresh.length > 0 || this.#isBehind) {
        this.#isBehind = false;
        const read = await this.#options.readEvents(this.#options.executionId, afterEventId);
        if (read.length > 0) {
          this.#isBehind = true; // there may be more
          return read;
        }
        continue;
      }
      await this.#news();
    }
    return [];
  }

  close(): void {
    this.#unsubscribe();
  }

  #news(): Promise<void> {
    const { signal, pollMs } = this.#options;
    return new Promise((resolve) => {
      const timer = setTimeout(() => ((this.#isBehind = true), done()), pollMs());
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#wake = undefined;
        resolve();
      };
      this.#wake = done;
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }
}
