import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Json } from "../../server/asl/index.ts";
import { csvItems } from "../../server/items/csv-items.ts";
import { jsonItems } from "../../server/items/json-items.ts";
import { jsonLines } from "../../server/items/json-lines.ts";
import { manifestItems } from "../../server/items/manifest-items.ts";
import { ObjectError, type ObjectStore } from "../../server/items/object-store.ts";
import { collected } from "./collected.ts";

/** The text in chunks of so many bytes, so that characters and tokens are cut in two. */
async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const sizes = [1, 2, 7, 1_000];

test.each<[string, string, Json]>([
  ["[]", "", []],
  [' [ 1 , "a,]\\"}" , {"k":[{}]} , [] , null ] ', "", [1, 'a,]"}', { k: [{}] }, [], null]],
  ['["\u00e4\u20ac\ud83d\ude00"]', "", ["\u00e4\u20ac\ud83d\ude00"]],
  ['{"a":{"b":[1,2]}}', "/a/b", [1, 2]],
  ['{"x":[[9],{"a/b":[3]}],"y":0}', "/x/1/a~1b", [3]],
  ['{"big":{"a":"}"},"items":["it"]}', "/items", ["it"]],
])("JSON %s at '%s', however it is cut", async (text, pointer, items) => {
  for (const size of sizes)
    expect(await collected(jsonItems(inChunks(text, size), pointer))).toEqual(items);
});

test.each([
  ['{"a":1}', "", "Attempting to map over non-iterable node."],
  ['{"a":1}', "/a", "Attempting to map over non-iterable node."],
  ['{"a":1}', "/b", "Attempting to map over non-iterable node."],
  ["[1", "", "the object is not JSON"],
  ["[1 2]", "", "the object is not JSON"],
  ["[,]", "", "the object is not JSON"],
])("JSON %s at '%s' is refused: %s", async (text, pointer, message) => {
  await expect(collected(jsonItems(inChunks(text, 3), pointer))).rejects.toThrow(
    new ObjectError(message),
  );
});

test("numbers that no double can hold come out as they are", async () => {
  const [item] = await collected(jsonItems(inChunks("[12345678901234567890]", 5), ""));
  expect(JSON.stringify(item)).toBe("12345678901234567890");
});

test("JSON Lines: a value a line, empty lines passed over, a bad one named", async () => {
  for (const size of sizes)
    expect(await collected(jsonLines(inChunks('{"a":1}\r\n\n"\u20ac"\n3', size)))).toEqual([
      { a: 1 },
      "\u20ac",
      3,
    ]);
  await expect(collected(jsonLines(inChunks("1\n{", 2)))).rejects.toThrow("line 2 is not JSON");
});

test.each<[string, object, Json]>([
  [
    "a,b\n1,2,3\n\n4\n",
    { CSVHeaderLocation: "FIRST_ROW" },
    [
      { a: "1", b: "2" },
      { a: "4", b: "" },
    ],
  ],
  [
    '"x;y"|2\n',
    { CSVHeaderLocation: "GIVEN", CSVHeaders: ["p", "q"], CSVDelimiter: "PIPE" },
    [{ p: "x;y", q: "2" }],
  ],
  ["\uFEFFa\n1\n", { CSVHeaderLocation: "FIRST_ROW" }, [{ a: "1" }]],
])("CSV %j with %o", async (text, config, items) => {
  expect(await collected(csvItems(inChunks(text, 3), config))).toEqual(items);
});

test("two columns of one name are refused, wherever the names come from", async () => {
  const given = { CSVHeaderLocation: "GIVEN", CSVHeaders: ["a", "a"] };
  for (const config of [given, { CSVHeaderLocation: "FIRST_ROW" }])
    await expect(collected(csvItems(inChunks("a,a\n1,2\n", 9), config))).rejects.toThrow(
      "CSV headers cannot contain duplicates.",
    );
});

test("an inventory's manifest leads to the rows of its gzipped files", async () => {
  const file = gzipSync('"b","one"\n"b","two"\n');
  const objects: Pick<ObjectStore, "open"> = {
    open: async (bucket, key) => {
      expect([bucket, key]).toEqual(["inventory", "data/1.csv.gz"]);
      return { version: "1", chunks: bytesOf(file) };
    },
  };
  const manifest = {
    destinationBucket: "arn:aws:s3:::inventory",
    fileFormat: "CSV",
    fileSchema: "Bucket, Key",
    files: [{ key: "data/1.csv.gz" }],
  };
  const rows = manifestItems(objects as ObjectStore, inChunks(JSON.stringify(manifest), 10));
  expect(await collected(rows)).toEqual([
    { Bucket: "b", Key: "one" },
    { Bucket: "b", Key: "two" },
  ]);
});

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test("a million rows go by without being held", async () => {
  async function* rows(): AsyncGenerator<Uint8Array> {
    const chunk = Buffer.from('{"n":1,"text":"some text"},'.repeat(1_000));
    yield Buffer.from("[");
    for (let n = 0; n < 1_000; n += 1) yield chunk;
    yield Buffer.from("0]");
  }
  const before = process.memoryUsage().heapUsed;
  let count = 0;
  let most = 0;
  for await (const _ of jsonItems(rows(), "")) {
    count += 1;
    if (count % 50_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
  }
  expect(count).toBe(1_000_001);
  expect(most).toBeLessThan(150 * 1024 * 1024);
});
