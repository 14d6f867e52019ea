import { styleText } from "node:util";
import type { ExecutionEvent } from "@pawl/sdk";

/** Says what the events tell of the steps: which one begins, ends or fails, and which worker has it. */
export class Steps {
  readonly #workerOf: ReadonlyMap<string, string>;
  /** The worker that took the task, by the state's path. */
  readonly #takenBy = new Map<string, string>();

  /** @param workerOf the worker that serves a resource: the record says only with the outcome who took the task */
  constructor(workerOf: ReadonlyMap<string, string>) {
    this.#workerOf = workerOf;
  }

  /** @returns a line worth saying, if the event is one */
  take({ type, stateName, statePath, ...event }: ExecutionEvent): string | undefined {
    const line = (mark: string, worker: string | undefined, text: string): string =>
      `${mark} ${stateName.padEnd(9)} ${(worker ?? "").padEnd(11)} ${text}`;
    switch (type) {
      case "TASK_SCHEDULED": {
        const text = event.attempt > 1 ? `begins attempt ${event.attempt}` : "begins";
        return line(styleText("cyan", "▶"), this.#workerOf.get(event.resource), text);
      }
      case "TASK_STARTED":
        this.#takenBy.set(statePath, event.worker);
        return undefined;
      case "TASK_SUCCEEDED": {
        const text = styleText("dim", shortened(event.outputText));
        return line(styleText("green", "✔"), this.#takenBy.get(statePath), text);
      }
      case "TASK_FAILED": {
        const text = `${event.error?.error}: ${event.error?.cause}`;
        return line(styleText("red", "✘"), this.#takenBy.get(statePath), text);
      }
      default:
        return undefined;
    }
  }
}

function shortened(text: string): string {
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}
