/** What a tested Map's ItemReader finds: the data that the test brings along. */
import { checkPayload } from "../check-payload.ts";
import { isArray, isObject, parseJson } from "../json.ts";
import { Payload } from "../payload.ts";
import { StatesError } from "../states-error.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Run } from "./run.ts";
import type { StateTest } from "./state-test.ts";

/** Bytes of data a test may bring along; AWS's limit. */
const readerBytesMax = 262_144;

/**
 * The items, or undefined for a Map without an ItemReader. Without data there are none; of the formats
 * JSON and JSONL are read.
 *
 * @throws StatesError States.ItemReaderFailed when the data is not what the reader expects.
 */
export function readerItems(
  { source, observed }: Run,
  { configuration }: StateTest,
): readonly Payload[] | undefined {
  const reader = source["ItemReader"];
  if (!isObject(reader)) return undefined;
  const data = configuration?.mapItemReaderData;
  if (data === undefined) return [];
  const config = isObject(reader["ReaderConfig"]) ? reader["ReaderConfig"] : {};
  const found = config["InputType"] === "JSONL" ? linesOf(data) : documentOf(data, config);
  if (!isArray(found)) throw failed("Attempting to map over non-iterable node.");
  if (config["ItemsPointer"] !== undefined) observed.afterItemsPointer = Payload.of(found);
  return found.map((item) => Payload.of(item));
}

function linesOf(data: string): readonly Json[] {
  return data
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(jsonOf);
}

function documentOf(data: string, { ItemsPointer: pointer }: JsonObject): Json | undefined {
  const document = jsonOf(data);
  return typeof pointer === "string" ? valueAt(document, pointer) : document;
}

/** RFC 6901. */
function valueAt(document: Json, pointer: string): Json | undefined {
  let at: Json | undefined = document;
  for (const segment of pointer.split("/").slice(1)) {
    const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isArray(at)) at = at[Number(key)];
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function jsonOf(text: string): Json {
  const problem = checkPayload(text, { bytesMax: readerBytesMax });
  if (problem !== undefined)
    throw failed(`The ItemReader can not read its data: ${problem.message}`);
  return parseJson(text);
}

function failed(cause: string): StatesError {
  return new StatesError("States.ItemReaderFailed", cause);
}
