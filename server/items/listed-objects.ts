import { createHash } from "node:crypto";
import type { Json } from "../asl/index.ts";
import type { ObjectSummary } from "./object-store.ts";

/** Objects as items, with AWS's spelling of their fields. */
export async function* listedObjects(list: AsyncIterable<ObjectSummary>): AsyncGenerator<Json> {
  for await (const { etag, lastModified, key, size, storageClass } of list)
    yield {
      Etag: etag,
      LastModified: lastModified,
      Key: key,
      Size: size,
      StorageClass: storageClass,
    };
}

/** Differs when an object has come, gone or changed. */
export async function versionOfList(list: AsyncIterable<ObjectSummary>): Promise<string> {
  const hash = createHash("sha256");
  for await (const { key, etag } of list) hash.update(`${key}\0${etag}\0`);
  return hash.digest("hex");
}
