import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isArray, isObject, parseJson, type Json, type JsonObject } from "../asl/index.ts";
import { csvItems } from "./csv-items.ts";
import { ObjectError, type ObjectStore } from "./object-store.ts";

/** Bytes that a manifest may have; it is a list of files, not of objects. */
const manifestBytesMax = 16 * 1024 * 1024;

/**
 * The rows of an S3 inventory: its manifest.json names gzipped CSV files and their columns.
 *
 * @throws ObjectError when it is none.
 */
export async function* manifestItems(
  objects: ObjectStore,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Json> {
  const { destinationBucket, fileFormat, fileSchema, files } = await manifestOf(chunks);
  if (
    typeof destinationBucket !== "string" ||
    fileFormat !== "CSV" ||
    typeof fileSchema !== "string" ||
    !isArray(files)
  )
    throw new ObjectError("the manifest is not that of an inventory in CSV");
  const bucket = destinationBucket.replace(/^arn:aws[^:]*:s3:::/, "");
  const headers = fileSchema.split(",").map((name) => name.trim());
  for (const file of files) {
    const key = isObject(file) ? file["key"] : undefined;
    if (typeof key !== "string") throw new ObjectError("a file of the manifest has no key");
    const content = await objects.open(bucket, key);
    const rows = key.endsWith(".gz")
      ? Readable.from(content.chunks).pipe(createGunzip())
      : content.chunks;
    yield* csvItems(rows, { CSVHeaderLocation: "GIVEN", CSVHeaders: headers });
  }
}

async function manifestOf(chunks: AsyncIterable<Uint8Array>): Promise<JsonObject> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > manifestBytesMax)
      throw new ObjectError(`the manifest has more than ${manifestBytesMax} bytes`);
    parts.push(chunk);
  }
  try {
    const manifest = parseJson(Buffer.concat(parts).toString("utf8"));
    if (isObject(manifest)) return manifest;
  } catch {
    // Said below.
  }
  throw new ObjectError("the manifest is not a JSON object");
}
