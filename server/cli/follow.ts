import { isTerminal, type Client, type Execution, type ExecutionEvent } from "@pawl/sdk";
import { Progress } from "./progress.ts";
import type { Screen } from "./screen.ts";
import { duration } from "./text/duration.ts";
import { shown } from "./text/plain.ts";

export interface FollowOptions {
  readonly screen: Screen;
  /** Ends the wait, not the execution. */
  readonly signal?: AbortSignal;
}

/**
 * Shows what an execution did so far and what it does, until it has closed.
 *
 * @returns the closed execution with its output; or, when `signal` aborts, as it is then.
 */
export async function follow(
  client: Client,
  execution: string,
  { screen, signal }: FollowOptions,
): Promise<Execution> {
  const progress = new Progress(screen);
  screen.keepStatus((elapsedMs) => `${duration(elapsedMs)}  ${progress.activity}`);
  const silence = new Silence(() => client.getExecution(execution), screen);
  try {
    for await (const event of eventsOf(client, execution, signal)) {
      silence.broken();
      progress.add(event);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    silence.end();
    screen.close();
  }
  return client.getExecution(execution);
}

/** Every event once and in order: those recorded before the watch, then those after. */
export async function* eventsOf(
  client: Client,
  execution: string,
  signal: AbortSignal | undefined,
  payloads: "NONE" | "FULL" = "NONE",
): AsyncGenerator<ExecutionEvent, void, undefined> {
  const stop = signal === undefined ? {} : { signal };
  let lastId = 0;
  for await (const update of client.watchExecution(execution, { payloads, ...stop })) {
    if (update.type === "snapshot" && (lastId === 0 || update.isTerminal)) {
      const missed = client.listExecutionEvents(execution, {
        afterEventId: lastId,
        pageSize: 1000,
        payloads,
        ...stop,
      });
      for await (const event of missed) {
        if (event.id <= lastId) continue;
        lastId = event.id;
        yield event;
      }
    }
    if (update.type === "event" && update.event.id > lastId) {
      lastId = update.event.id;
      yield update.event;
    }
    if (update.isTerminal) return;
  }
}

/** When nothing happens for a while, finds out whether a task waits for a worker that is not there, and says so once. */
class Silence {
  readonly #look: () => Promise<Execution>;
  readonly #screen: Screen;
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #waitMs = silenceMs;

  constructor(look: () => Promise<Execution>, screen: Screen) {
    this.#look = look;
    this.#screen = screen;
    this.#listen();
  }

  broken(): void {
    this.#waitMs = silenceMs;
    this.#listen();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#waitMs = Infinity;
  }

  #listen(): void {
    clearTimeout(this.#timer);
    if (this.#waitMs === Infinity) return;
    this.#timer = setTimeout(() => void this.#explain(), this.#waitMs).unref();
  }

  async #explain(): Promise<void> {
    const execution = await this.#look().catch(() => undefined);
    if (this.#waitMs === Infinity || (execution !== undefined && isTerminal(execution.status)))
      return;
    for (const { kind, resource, path } of execution?.activeStates ?? []) {
      if (kind !== "NO_WORKER" || this.#said.has(resource)) continue;
      this.#said.add(resource);
      this.#screen.line(
        this.#screen.paint("yellow", shown`waiting: no worker serves "${resource}" (${path})`),
      );
    }
    this.#waitMs = Math.min(this.#waitMs * 2, 60_000);
    this.#listen();
  }
}

const silenceMs = 2_000;
