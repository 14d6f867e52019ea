/** ASL § Intrinsics for encoding and hashing. `createHash` and `Buffer` are pure functions of their input. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { stringifyJson } from "../../json.ts";
import type { Intrinsic } from "./intrinsic.ts";
import { fail, textArgument } from "./intrinsic.ts";

/** Characters that these functions take; AWS's limit. */
export const encodingLengthMax = 10_000;

const algorithms: ReadonlyMap<string, string> = new Map([
  ["MD5", "md5"],
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
]);

export const hash: Intrinsic = (args) => {
  const data = args[0] ?? null;
  const text = bounded(typeof data === "string" ? data : stringifyJson(data));
  const name = textArgument(args, 1);
  const algorithm = algorithms.get(name);
  if (algorithm === undefined)
    return fail(`'${name}' is not one of ${[...algorithms.keys()].join(", ")}`);
  return createHash(algorithm).update(text, "utf8").digest("hex");
};

export const base64Encode: Intrinsic = (args) =>
  Buffer.from(bounded(textArgument(args, 0)), "utf8").toString("base64");

export const base64Decode: Intrinsic = (args) => {
  const text = bounded(textArgument(args, 0));
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, "").length % 4 === 1)
    fail("the text is not Base64");
  return Buffer.from(text, "base64").toString("utf8");
};

function bounded(text: string): string {
  if (text.length > encodingLengthMax)
    fail(`${text.length} characters are more than the limit of ${encodingLengthMax}`);
  return text;
}
