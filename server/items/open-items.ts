/** ASL § ItemReader: the items of a Map Run, from a bucket. */
import { isObject, StatesError, type Json, type ReaderArguments } from "../asl/index.ts";
import { csvItems } from "./csv-items.ts";
import { jsonItems } from "./json-items.ts";
import { jsonLines } from "./json-lines.ts";
import { listedObjects, versionOfList } from "./listed-objects.ts";
import { manifestItems } from "./manifest-items.ts";
import { ObjectError, type ObjectStore } from "./object-store.ts";

export interface Items {
  /** Differs when the items do. */
  readonly source: string;
  /** Reads as far as it is asked to. @throws StatesError States.ItemReaderFailed */
  readonly read: () => AsyncIterable<Json>;
}

/** More are not read; AWS's limit. */
const itemsMax = 100_000_000;

/** @throws StatesError States.ItemReaderFailed */
export async function openItems(objects: ObjectStore, reader: ReaderArguments): Promise<Items> {
  const { maxItems = 0 } = reader;
  if (maxItems < 0) throw readerFailed("field MaxItems must be positive");
  const most = maxItems === 0 ? itemsMax : Math.min(maxItems, itemsMax);
  try {
    const { source, read } = await openSource(objects, reader);
    return { source, read: () => firstOf(read(), most) };
  } catch (error) {
    throw asReaderFailure(error);
  }
}

async function openSource(objects: ObjectStore, reader: ReaderArguments): Promise<Items> {
  const { resource, parameters, config } = reader;
  const bucket = textOf(parameters, "Bucket");
  if (resource.endsWith(":s3:listObjectsV2")) {
    const prefix = textOf(parameters, "Prefix", "");
    return {
      source: await versionOfList(objects.list(bucket, prefix)),
      read: () => listedObjects(objects.list(bucket, prefix)),
    };
  }
  const { version, chunks } = await objects.open(bucket, textOf(parameters, "Key"));
  const read = (): AsyncIterable<Json> => {
    switch (config["InputType"]) {
      case "CSV":
        return csvItems(chunks, config);
      case "JSONL":
        return jsonLines(chunks);
      case "MANIFEST":
        return manifestItems(objects, chunks);
      case "PARQUET":
        throw new ObjectError("InputType PARQUET is not supported by Pawl");
      default:
        return jsonItems(chunks, textOf(config, "ItemsPointer", ""));
    }
  };
  return { source: version, read };
}

async function* firstOf(items: AsyncIterable<Json>, most: number): AsyncGenerator<Json> {
  let left = most;
  try {
    for await (const item of items) {
      yield item;
      left -= 1;
      if (left === 0) return;
    }
  } catch (error) {
    throw asReaderFailure(error);
  }
}

function asReaderFailure(error: unknown): unknown {
  return error instanceof ObjectError || isStreamError(error) ? readerFailed(error.message) : error;
}

/** The connection or the disk gave up in the middle. */
function isStreamError(error: unknown): error is Error {
  return error instanceof Error && "code" in error;
}

function readerFailed(cause: string): StatesError {
  return new StatesError("States.ItemReaderFailed", cause);
}

function textOf(value: Json, field: string, otherwise?: string): string {
  const found = isObject(value) ? (value[field] ?? otherwise) : otherwise;
  if (typeof found === "string") return found;
  throw new ObjectError(`${field} must be a string`);
}
