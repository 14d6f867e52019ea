import { stripVTControlCharacters, styleText } from "node:util";
import type { Style } from "./io.ts";
import { clipped } from "./text/plain.ts";

type ScreenStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * Lines that stay, and on a terminal one line below them that is redrawn until the screen is closed.
 * Without a terminal only the lines are written.
 */
export class Screen {
  readonly #stream: ScreenStream;
  readonly #startMs = performance.now();
  #status: (() => string) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;
  #frame = 0;

  constructor(stream: ScreenStream) {
    this.#stream = stream;
  }

  /** Keeps the text of `status` below the lines. @param status called about ten times a second, with ms since the screen was made */
  keepStatus(status: (elapsedMs: number) => string): void {
    if (this.#stream.isTTY !== true || this.#timer !== undefined) return;
    this.#status = () => status(performance.now() - this.#startMs);
    this.#timer = setInterval(() => this.#draw(), 100).unref();
  }

  line(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  paint(style: Style, text: string): string {
    return this.#stream.isTTY === true ? styleText(style, text, { stream: this.#stream }) : text;
  }

  /** Removes the status line. */
  close(): void {
    clearInterval(this.#timer);
    this.#status = undefined;
    this.#clear();
  }

  #draw(): void {
    if (this.#status === undefined) return;
    this.#clear();
    this.#frame = (this.#frame + 1) % spinner.length;
    const width = (this.#stream.columns || 80) - 1;
    this.#stream.write(
      this.paint(
        "dim",
        clipped(`${spinner[this.#frame]} ${stripVTControlCharacters(this.#status())}`, width),
      ),
    );
    this.#isDrawn = true;
  }

  #clear(): void {
    if (this.#isDrawn) this.#stream.write("\r\u001b[2K");
    this.#isDrawn = false;
  }
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
