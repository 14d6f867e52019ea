import { equalJson, isArray, isObject, pointerSegment, stringifyJson } from "../asl/index.ts";
import type { Json } from "../asl/index.ts";

/** "Exact", or "Part": objects may have more keys than expected. */
export type Comparison = "Exact" | "Part";

/** Where two values differ, a line each, with JSON pointers. */
export function differences(
  expected: Json,
  actual: Json | undefined,
  comparison: Comparison,
  pointer = "",
): readonly string[] {
  if (actual === undefined)
    return [`${at(pointer)}expected ${clipped(expected)}, but it is missing`];
  if (isObject(expected) && isObject(actual)) {
    const missing = Object.entries(expected).flatMap(([key, value]) =>
      differences(value, own(actual, key), comparison, `${pointer}/${pointerSegment(key)}`),
    );
    const more = Object.keys(actual)
      .filter((key) => comparison === "Exact" && !Object.hasOwn(expected, key))
      .map(
        (key) =>
          `${at(`${pointer}/${pointerSegment(key)}`)}unexpected ${clipped(actual[key] ?? null)}`,
      );
    return [...missing, ...more];
  }
  if (isArray(expected) && isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) =>
      differences(item, actual[index], comparison, `${pointer}/${index}`),
    );
  }
  if (equalJson(expected, actual)) return [];
  return [`${at(pointer)}expected ${clipped(expected)}, got ${clipped(actual)}`];
}

function own(object: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function at(pointer: string): string {
  return pointer === "" ? "" : `${pointer}: `;
}

/** JSON of a length that a person reads. */
export function clipped(value: Json): string {
  const text = stringifyJson(value);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
