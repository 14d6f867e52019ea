import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";
import type { Streams } from "./io.ts";
import { shown } from "./text/plain.ts";

/**
 * The JSON text that `--input` or another such option names: the JSON itself, `@file`, or `-` for standard input.
 *
 * It is checked here, so that a slip of the shell's quoting costs no round trip, and sent as it was
 * written: no number or key order changes.
 *
 * @param option without its dashes.
 * @throws CliError usage, when there is no such file or the text is not JSON.
 */
export async function readInput(
  source: string,
  streams: Pick<Streams, "stdin">,
  option = "input",
): Promise<string> {
  const input = await textOf(source, streams);
  try {
    JSON.parse(input);
    return input;
  } catch (error) {
    const hint =
      source === "-" || source.startsWith("@")
        ? undefined
        : `Quote it for the shell: --${option} '{"amount": 42}', or write it to a file and pass --${option} @file.json`;
    throw new CliError(
      exitCode.usage,
      shown`the ${option} is not JSON: ${(error as Error).message}`,
      {
        reason: "INPUT_SYNTAX",
        ...(hint !== undefined && { next: hint }),
      },
    );
  }
}

/** The text of a file, or of standard input for `-`. @throws CliError usage when it can not be read. */
export async function readText(path: string, streams: Pick<Streams, "stdin">): Promise<string> {
  if (path === "-") {
    if (streams.stdin.isTTY === true) {
      throw new CliError(exitCode.usage, "standard input is a terminal", {
        next: "Pipe a document into the command, or name a file",
      });
    }
    return text(streams.stdin);
  }
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CliError(
      exitCode.usage,
      shown`can not read ${path}: ${whyOf(error as NodeJS.ErrnoException)}`,
      { reason: "FILE_UNREADABLE" },
    );
  }
}

/** The text itself, of `@file`, or of standard input for `-`. */
export async function textOf(source: string, streams: Pick<Streams, "stdin">): Promise<string> {
  if (source === "-") return readText("-", streams);
  return source.startsWith("@") ? readText(source.slice(1), streams) : source;
}

function whyOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ""] ?? error.message;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
};
