/** ASL § Reference Paths: a path to one place, where a value can be put. */
import type { ReferencePath } from "../definition/definition.ts";
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject, setKey, stringifyJson } from "../json.ts";
import { StatesError } from "../states-error.ts";
import type { Segment } from "./json-path.ts";
import { compileJsonPath, PathSyntaxError } from "./json-path.ts";

/** Steps that a reference path may take. */
export type Place = Extract<Segment, { kind: "Key" | "Index" }>;

/** @throws PathSyntaxError, also for a path that is none to a single place of the input. */
export function compileReferencePath(text: string): ReferencePath {
  const places = referencePlaces(text);
  return {
    text,
    put: (document, value) => put(document, places, value, () => conflict(text, document)),
  };
}

/** @throws PathSyntaxError */
function referencePlaces(text: string): readonly Place[] {
  const path = compileJsonPath(text);
  if (path.root.kind !== "Input") throw notReference("a reference path starts with '$' or '$.'");
  if (path.functionName !== undefined) throw notReference(`function ${path.functionName}()`);
  return path.segments.map((segment) => {
    if (segment.kind === "Key" || (segment.kind === "Index" && segment.index >= 0)) return segment;
    throw notReference(`${segment.kind} selector`);
  });
}

/** A path that is well formed, but may name several places or none. */
export class NotReferencePathError extends PathSyntaxError {}

function notReference(found: string): NotReferencePathError {
  return new NotReferencePathError(
    "JSONPATH_UNSUPPORTED",
    `${found} is not allowed in a reference path`,
    1,
  );
}

/** Copies what lies on the way; the rest is shared with `document`. */
function put(
  document: Json | undefined,
  places: readonly Place[],
  value: Json,
  fail: () => never,
): Json {
  const [place, ...rest] = places;
  if (place === undefined) return value;
  if (place.kind === "Key") {
    if (document !== undefined && !isObject(document)) fail();
    const copy: { [key: string]: Json } = document === undefined ? {} : copied(document);
    const inner = Object.hasOwn(copy, place.key) ? copy[place.key] : undefined;
    setKey(copy, place.key, put(inner, rest, value, fail));
    return copy;
  }
  if (!isArray(document) || place.index >= document.length) return fail();
  return document.with(place.index, put(document[place.index], rest, value, fail));
}

/** Spread keeps an own `__proto__` as data; `Object.assign` would not. */
function copied(document: JsonObject): { [key: string]: Json } {
  return { ...document };
}

function conflict(text: string, document: Json): never {
  const cause = `Unable to apply ReferencePath ${text} to input ${stringifyJson(document)}`;
  throw new StatesError("States.ResultPathMatchFailure", cause);
}
