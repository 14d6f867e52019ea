import { styleText } from "node:util";
import type { ExecutionEvent } from "@pawl/sdk";

/** What the events of the execution add up to. */
export class Progress {
  readonly #begun = performance.now();
  readonly #states: string[] = [];
  #chunks = 0;
  #chunksDone = 0;
  #tasksDone = 0;
  #retried = 0;
  #caught = 0;
  /** Attempts that failed, by the state's path. */
  readonly #failed = new Map<string, number>();

  /** @returns a line worth saying, if the event is one */
  take(event: ExecutionEvent): string | undefined {
    const { awsType, statePath, stateName } = event;
    if (awsType === "MapStateStarted") this.#chunks = lengthOf(event);
    if (awsType === "MapIterationStarted") this.#chunks = Math.max(this.#chunks, event.index + 1);
    if (awsType === "MapIterationSucceeded") this.#chunksDone += 1;
    if (awsType === "LambdaFunctionSucceeded") this.#tasksDone += 1;
    if (awsType === "LambdaFunctionScheduled" && this.#failed.has(statePath)) {
      this.#retried += 1;
      return `${place(statePath)} is tried again`;
    }
    if (awsType === "LambdaFunctionFailed") {
      this.#failed.set(statePath, (this.#failed.get(statePath) ?? 0) + 1);
      return `${place(statePath)} failed: ${event.error?.error} (${event.error?.cause})`;
    }
    if (awsType.endsWith("StateExited") && this.#failed.delete(statePath)) return undefined;
    if (awsType.endsWith("StateEntered")) return this.#onEntered(stateName, statePath);
    return undefined;
  }

  /** The display: a bar, the numbers, where it is. */
  get lines(): string[] {
    const width = 30;
    const filled = this.#chunks === 0 ? 0 : Math.round((this.#chunksDone / this.#chunks) * width);
    const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1);
    return [
      `${styleText("cyan", bar)} ${this.#chunksDone}/${this.#chunks} chunks  ${seconds} s`,
      this.summary,
      styleText("dim", this.#states.join(" → ")),
    ];
  }

  get summary(): string {
    return `${this.#tasksDone} tasks done, ${this.#retried} tried again, ${this.#caught} errors caught`;
  }

  #onEntered(stateName: string, statePath: string): string | undefined {
    if (stateName === "Quarantine" || stateName === "EnrichWithoutScores") {
      this.#caught += 1;
      return `${place(statePath)}: the error was caught`;
    }
    if (statePath !== `/States/${stateName}`) return undefined;
    this.#states.push(stateName);
    return stateName;
  }
}

/** Shows lines that change in place on a terminal, and lines as they come anywhere else. */
export class Display {
  readonly #stream = process.stdout;
  readonly #begun = performance.now();
  #shown = 0;
  #drawnAt = -Infinity;

  get isLive(): boolean {
    return this.#stream.isTTY;
  }

  say(line: string): void {
    if (this.isLive) this.clear();
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1).padStart(5);
    this.#stream.write(`${styleText("dim", `${seconds} s`)}  ${line}\n`);
  }

  /** At most 20 times a second. */
  draw(lines: readonly string[]): void {
    if (!this.isLive || performance.now() - this.#drawnAt < 50) return;
    this.clear();
    this.#drawnAt = performance.now();
    this.#stream.write(lines.map((line) => `  ${line}\n`).join(""));
    this.#shown = lines.length;
  }

  clear(): void {
    if (this.#shown > 0) this.#stream.write(`\u001b[${this.#shown}A\u001b[0J`);
    this.#shown = 0;
    this.#drawnAt = -Infinity;
  }
}

function lengthOf({ details }: ExecutionEvent): number {
  const { length } = (details ?? {}) as { length?: unknown };
  return typeof length === "number" ? length : 0;
}

/** "/States/Chunks[3]/Enrich" as "chunk 3: Enrich". */
function place(statePath: string): string {
  const match = /^\/States\/Chunks\[(\d+)\]\/(?:States\/)?(\w+)$/.exec(statePath);
  return match === null ? statePath.replace("/States/", "") : `chunk ${match[1]}: ${match[2]}`;
}
