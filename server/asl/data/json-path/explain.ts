/** Why a definite path names nothing, in the words AWS uses (Jayway's PathNotFoundException). */
import type { Json } from "../../json.ts";
import { isArray, isObject } from "../../json.ts";
import { follow } from "./evaluate.ts";
import type { Segment } from "./segment.ts";

export function explainMissing(segments: readonly Segment[], from: Json): string {
  for (let length = 1; length < segments.length; length += 1) {
    const parent = follow(segments.slice(0, length - 1), from);
    const segment = segments[length - 1];
    const before = canonicalPath(segments.slice(0, length - 1));
    if (segment?.kind === "Key" && parent !== undefined) {
      if (!isObject(parent)) return expectedObject(segment.key, before);
      if (!Object.hasOwn(parent, segment.key))
        return `Missing property in path ${canonicalPath(segments.slice(0, length))}`;
    }
  }
  const last = segments.at(-1);
  const parent = follow(segments.slice(0, -1), from);
  const before = canonicalPath(segments.slice(0, -1));
  if (parent !== undefined && last?.kind === "Key" && !isObject(parent))
    return expectedObject(last.key, before);
  if (parent !== undefined && last?.kind === "Index" && !isArray(parent)) {
    return `Filter: [${last.index}] can only be applied to arrays. Current context is: ${before}`;
  }
  return `No results for path: ${canonicalPath(segments)}`;
}

function expectedObject(key: string, path: string): string {
  return `Expected to find an object with property ['${key}'] in path ${path} but found a value that is no object`;
}

/** `$['a'][0]` */
function canonicalPath(segments: readonly Segment[]): string {
  const steps = segments.map((segment) => {
    switch (segment.kind) {
      case "Key":
        return `['${segment.key}']`;
      case "Index":
        return `[${segment.index}]`;
      case "Keys":
        return `[${segment.keys.map((key) => `'${key}'`).join(",")}]`;
      default:
        return "";
    }
  });
  return `$${steps.join("")}`;
}
