import { basename } from "node:path";
import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";
import type { Streams } from "./io.ts";
import { readText } from "./read-input.ts";
import { shown } from "./text/plain.ts";

/** A state machine as it lies in a file. */
export interface DefinitionFile {
  readonly path: string;
  readonly text: string;
  /** By the file's ending; undefined: the text decides. */
  readonly format: "JSON" | "YAML" | undefined;
}

/** @throws CliError usage when the file can not be read. */
export async function readDefinition(
  path: string,
  streams: Pick<Streams, "stdin">,
): Promise<DefinitionFile> {
  return {
    path: path === "-" ? "<stdin>" : path,
    text: await readText(path, streams),
    format: formatOf(path),
  };
}

/**
 * The state machine's name for a file: its base name without `.json`, `.yaml`, `.yml` and a further `.asl`.
 *
 * @throws CliError usage when that is no name for a state machine.
 */
export function nameOf(path: string): string {
  const name = basename(path)
    .replace(/\.(?:json|ya?ml)$/i, "")
    .replace(/\.asl$/i, "");
  if (path !== "-" && /^[A-Za-z0-9_-]{1,80}$/.test(name)) return name;
  throw new CliError(
    exitCode.usage,
    shown`${path === "-" ? "standard input" : `"${name}"`} gives no state machine name; a name is 1 to 80 of A-Z a-z 0-9 _ -`,
    {
      next: "Give one with --name NAME",
      reason: "INVALID_NAME",
    },
  );
}

/** What a file holds by its ending. */
export function formatOf(path: string): "JSON" | "YAML" | undefined {
  if (/\.json$/i.test(path)) return "JSON";
  return /\.ya?ml$/i.test(path) ? "YAML" : undefined;
}
