import { open } from "node:fs/promises";
import { extname } from "node:path";
import { JsonText } from "@pawl/sdk";
import { stringifyJson, type Json } from "../../asl/index.ts";
import { csvItems } from "../../items/csv-items.ts";
import { jsonItems } from "../../items/json-items.ts";
import { jsonLines } from "../../items/json-lines.ts";
import { ObjectError } from "../../items/object-store.ts";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { Streams } from "../io.ts";
import { shown } from "../text/plain.ts";

/**
 * The inputs in a file, one after the other: the elements of the array in a .json, the lines of a .jsonl or
 * of standard input (`-`), the rows of a .csv under the names of its first.
 *
 * @throws CliError usage, when the file can not be read or is not what its name says.
 */
export async function* readItems(
  path: string,
  streams: Pick<Streams, "stdin">,
): AsyncGenerator<JsonText> {
  try {
    for await (const item of await itemsOf(path, streams)) yield new JsonText(stringifyJson(item));
  } catch (error) {
    if (!(error instanceof ObjectError) && !isFileError(error)) throw error;
    throw new CliError(exitCode.usage, shown`can not read ${path}: ${error.message}`, {
      reason: "FILE_UNREADABLE",
    });
  }
}

async function itemsOf(
  path: string,
  { stdin }: Pick<Streams, "stdin">,
): Promise<AsyncIterable<Json>> {
  const kind = path === "-" ? ".jsonl" : extname(path);
  if (!kinds.includes(kind))
    throw new CliError(exitCode.usage, shown`${path} is no ${kinds.join(", ")} file`);
  const source = path === "-" ? stdin : (await open(path)).createReadStream();
  const chunks = source as AsyncIterable<Uint8Array>;
  switch (kind) {
    case ".json":
      return jsonItems(chunks, "");
    case ".csv":
      return csvItems(chunks, { CSVHeaderLocation: "FIRST_ROW" });
    default:
      return jsonLines(chunks);
  }
}

const kinds = [".json", ".jsonl", ".ndjson", ".csv"];

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
