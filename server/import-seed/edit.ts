import { pointerSegment } from "../asl/index.ts";
import type { Json, JsonObject } from "../asl/index.ts";
import type { Notes } from "./notes.ts";

/** An object without these keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** An object with another name for a key, in the same place. */
export function renamed(object: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key === from ? to : key, value]),
  );
}

/** An object with what is under a key, if anything, put through `edit`. */
export function edited(
  object: JsonObject,
  key: string,
  notes: Notes,
  edit: (value: Json, notes: Notes) => Json,
): JsonObject {
  const value = object[key];
  if (value === undefined) return object;
  return { ...object, [key]: edit(value, notes.at(pointerSegment(key))) };
}
