import { styleText } from "node:util";
import { exitCode } from "./exit-code.ts";
import { jsonText } from "./text/json-text.ts";

/** The three streams of the process; tests give their own. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/**
 * How a command speaks. Results go to standard output, as text or, with `--json`, as JSON; everything
 * else (progress, hints, errors) goes to standard error, so that a pipe carries results only.
 */
export class Io {
  readonly streams: Streams;

  /** What the process will answer when the command ends without an error. */
  exitCode: number = exitCode.ok;

  /** Others depend on this process: it does not end because nobody reads its output. */
  isServing = false;

  constructor(streams: Streams = process) {
    this.streams = streams;
  }

  /** A line of the result, for people. Text from outside must have passed `plain` or `shown`. */
  line(text: string): void {
    this.streams.stdout.write(`${text}\n`);
  }

  /** One JSON document on one line. */
  json(document: unknown): void {
    this.streams.stdout.write(`${jsonText(document)}\n`);
  }

  /** A payload on its own: indented for a person, on one line for a program. */
  payload(value: unknown): void {
    this.streams.stdout.write(`${jsonText(value, this.isTerminal ? 2 : undefined)}\n`);
  }

  /** A line beside the result. */
  note(text: string): void {
    this.streams.stderr.write(`${text}\n`);
  }

  get isTerminal(): boolean {
    return this.streams.stdout.isTTY === true;
  }

  /** Columns a table may use; without a terminal as many as it needs. */
  get width(): number {
    return this.isTerminal ? this.streams.stdout.columns || 100 : Infinity;
  }

  /** Paints text for standard output, unless it is no terminal or NO_COLOR is set. */
  paint(style: Style, text: string): string {
    return paint(this.streams.stdout, style, text);
  }

  /** Paints text for standard error. */
  paintNote(style: Style, text: string): string {
    return paint(this.streams.stderr, style, text);
  }
}

export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

function paint(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  style: Style,
  text: string,
): string {
  if (stream.isTTY !== true) return text;
  return styleText(style, text, { stream, validateStream: true });
}
