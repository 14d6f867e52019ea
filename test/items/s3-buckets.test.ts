import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configuredObjects } from "../../server/items/configured-objects.ts";
import { openItems } from "../../server/items/open-items.ts";
import type { ObjectStore } from "../../server/items/object-store.ts";
import { collected } from "./collected.ts";

let directory: string;
let server: S3rver;
let store: ObjectStore;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "pawl-s3-"));
  const configureBuckets = [{ name: "data" }];
  server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory, configureBuckets });
  const { port } = await server.run();
  store = configuredObjects({
    s3Endpoint: `http://127.0.0.1:${port}`,
    s3AccessKeyId: "S3RVER",
    s3SecretAccessKey: "S3RVER",
    isS3PathStyle: true,
  });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

test("what is put can be read, and its version changes with it", async () => {
  await store.put("data", "a/b.json", "[1]");
  const first = await store.open("data", "a/b.json");
  expect(Buffer.concat(await collected(first.chunks)).toString()).toBe("[1]");
  await store.put("data", "a/b.json", "[2]");
  const second = await store.open("data", "a/b.json");
  await collected(second.chunks);
  expect(second.version).not.toBe(first.version);
});

// One page: s3rver's continuation tokens need a cipher that Node.js no longer has.
test("a list has every object of the prefix, in the order of keys", async () => {
  for (const key of ["in/b", "in/a", "other"]) await store.put("data", key, "x");
  expect(await collected(store.list("data", "in/"))).toMatchObject([
    { key: "in/a", size: 1, storageClass: "STANDARD" },
    { key: "in/b" },
  ]);
});

test("items are read from it as from anywhere", async () => {
  await store.put("data", "rows.csv", "a,b\n1,2\n");
  const { read } = await openItems(store, {
    resource: "arn:aws:states:::s3:getObject",
    parameters: { Bucket: "data", Key: "rows.csv" },
    config: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
  });
  expect(await collected(read())).toEqual([{ a: "1", b: "2" }]);
});

test.each([
  ["data", "none", "The specified key does not exist."],
  ["nowhere", "none", "The specified bucket does not exist"],
])("what is not there is told in the store's words: %s/%s", async (bucket, key, cause) => {
  await expect(store.open(bucket, key)).rejects.toThrow(cause);
});
