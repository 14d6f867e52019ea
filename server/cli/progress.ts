import type { ExecutionEvent } from "@pawl/sdk";
import { plain, shown } from "./text/plain.ts";
import { duration } from "./text/duration.ts";
import type { Screen } from "./screen.ts";

/**
 * An execution's history as lines for a person, one for each state that ends or fails, each try
 * that fails, and the end.
 *
 * Items of a Map are counted, not shown, except for their failures: there may be ten thousand of them.
 * Times are the server's, since the execution's start.
 */
export class Progress {
  readonly #screen: Pick<Screen, "line" | "paint">;
  /** States that were entered and not left, by path, in order of entry. */
  readonly #open = new Map<string, OpenState>();
  #startMs = 0;
  #itemFailures = 0;

  constructor(screen: Pick<Screen, "line" | "paint">) {
    this.#screen = screen;
  }

  /** What is being done now, for a status line: `Charge (attempt 2), Each 37 of 100`. Empty when nothing is. */
  get activity(): string {
    const shownStates = [...this.#open]
      .filter(([path]) => !this.#isItem(path))
      .map(([path, state]) => describe(path, state));
    return (
      shownStates.slice(0, 4).join(", ") +
      (shownStates.length > 4 ? `, ${shownStates.length - 4} more` : "")
    );
  }

  /** Takes the next event of the history. */
  add(event: ExecutionEvent): void {
    const timeMs = event.time?.getTime() ?? this.#startMs;
    if (event.type === "EXECUTION_STARTED") this.#startMs = timeMs;
    if (this.#startMs === 0) this.#startMs = timeMs;

    const path = event.statePath;
    switch (event.type) {
      case "STATE_ENTERED":
        this.#open.set(path, {
          sinceMs: timeMs,
          attempt: 1,
          isMap: event.stateType === "Map",
          items: 0,
          itemsDone: 0,
        });
        return;
      case "MAP_STARTED":
        this.#change(path, (state) => ({ ...state, items: lengthOf(event) }));
        return;
      case "MAP_ITERATION_SUCCEEDED":
        this.#change(this.#open.has(path) ? path : mapOf(path), (state) => ({
          ...state,
          itemsDone: state.itemsDone + 1,
        }));
        return;
      case "TASK_SCHEDULED":
        this.#change(path, (state) => ({ ...state, attempt: Math.max(1, event.attempt) }));
        return;
      case "TASK_FAILED":
      case "TASK_TIMED_OUT":
        return this.#tryFailed(event, timeMs);
      case "STATE_EXITED":
        return this.#left(event, timeMs);
      default:
        return;
    }
  }

  #tryFailed(event: ExecutionEvent, timeMs: number): void {
    if (this.#isItem(event.statePath)) {
      this.#itemFailures += 1;
      if (this.#itemFailures === failuresShownMax + 1)
        return this.#say(timeMs, "…", "further failures of items are in the history");
      if (this.#itemFailures > failuresShownMax) return;
    }
    const attempt = this.#open.get(event.statePath)?.attempt ?? event.attempt;
    const {
      error = event.type === "TASK_TIMED_OUT" ? "States.Timeout" : "States.TaskFailed",
      cause = "",
    } = event.error ?? {};
    const why = cause === "" ? plain(error) : shown`${error}: ${cause}`;
    this.#say(
      timeMs,
      event.statePath,
      this.#screen.paint("yellow", `attempt ${attempt} failed: ${clip(why)}`),
    );
  }

  #left(event: ExecutionEvent, timeMs: number): void {
    const state = this.#open.get(event.statePath);
    const isItem = this.#isItem(event.statePath);
    this.#open.delete(event.statePath);
    if (isItem) return;
    const about = [
      state === undefined ? "" : duration(timeMs - state.sinceMs),
      (state?.attempt ?? 1) > 1 ? `attempt ${state?.attempt}` : "",
      state?.isMap === true && state.items > 0
        ? state.items === 1
          ? "1 item"
          : `${state.items} items`
        : "",
    ];
    this.#say(
      timeMs,
      event.statePath,
      `${this.#screen.paint("green", "done")} ${about.filter((part) => part !== "").join(", ")}`,
    );
  }

  #change(path: string, changed: (state: OpenState) => OpenState): void {
    const state = this.#open.get(path);
    if (state !== undefined) this.#open.set(path, changed(state));
  }

  #isItem(path: string): boolean {
    for (let map = mapOf(path); map !== ""; map = mapOf(map))
      if (this.#open.get(map)?.isMap === true) return true;
    return false;
  }

  #say(timeMs: number, path: string, text: string): void {
    this.#screen.line(
      `${this.#screen.paint("dim", duration(timeMs - this.#startMs).padStart(9))}  ${shortPath(path)}  ${text}`,
    );
  }
}

interface OpenState {
  readonly sinceMs: number;
  readonly attempt: number;
  readonly isMap: boolean;
  readonly items: number;
  readonly itemsDone: number;
}

const failuresShownMax = 20;

/** `/States/Each[3]/Charge` as `Each[3]/Charge`. */
function shortPath(path: string): string {
  return plain(path.replace(/^\/States\//, "").replaceAll("/States/", "/"));
}

/** The path of the Map or Parallel that this path lies in; "" at the root. */
function mapOf(path: string): string {
  const at = path.lastIndexOf("[");
  return at < 0 ? "" : path.slice(0, at);
}

function describe(path: string, state: OpenState): string {
  const name = shortPath(path);
  if (state.isMap && state.items > 0) return `${name} ${state.itemsDone} of ${state.items}`;
  return state.attempt > 1 ? `${name} (attempt ${state.attempt})` : name;
}

function lengthOf(event: ExecutionEvent): number {
  const { details } = event;
  if (details === null || typeof details !== "object" || !("length" in details)) return 0;
  return typeof details.length === "number" ? details.length : 0;
}

function clip(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
