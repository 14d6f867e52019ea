/**
 * JSON values as the interpreter holds them.
 *
 * Numbers that a double cannot hold (more than 15 significant digits, for example 64-bit ids) are
 * kept as their source text in a {@link RawNumber}, so that a payload leaves as it came.
 */
import { decimalOf, isExactDouble } from "./json-number.ts";
import { StatesError } from "./states-error.ts";
import { surveyJson } from "./survey-json.ts";

export type Json = null | boolean | number | string | RawNumber | readonly Json[] | JsonObject;

/** A JSON object. Keys are data: `__proto__` is a key like any other. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** What `JSON.rawJSON` makes: a number kept as text. `JSON.stringify` writes it back unchanged. */
export interface RawNumber {
  readonly rawJSON: string;
}

type Reviver = (key: string, value: Json, context: { readonly source?: string }) => Json;

/** The part of `JSON` that Node 24 has and the library typings do not know yet. */
const json = JSON as unknown as {
  parse(text: string, reviver?: Reviver): Json;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

/**
 * The value of a JSON text. Numbers that a double cannot hold become {@link RawNumber}s; -0 becomes 0.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string): Json {
  return surveyJson(text).hasInexactNumber ? json.parse(text, exactNumbers) : json.parse(text);
}

function exactNumbers(_key: string, value: Json, { source }: { readonly source?: string }): Json {
  if (typeof value !== "number") return value;
  if (value === 0 && !(source !== undefined && /^[^eE]*[1-9]/.test(source))) return 0;
  if (source === undefined) return value;
  return isExactDouble(source, value) ? value : json.rawJSON(source);
}

/**
 * Compact JSON text.
 *
 * @throws StatesError States.DataLimitExceeded for a value nested so deep (thousands) that it has no text:
 * a loop can wrap its input in one object more each time, long before that is too many bytes.
 */
export function stringifyJson(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StatesError(
      "States.DataLimitExceeded",
      "The value is nested too deep to be written as JSON.",
    );
  }
}

/** A number of any precision from its JSON text. */
export function numberOf(text: string): number | RawNumber {
  const value = Number(text);
  if (value === 0 && !/^[^eE]*[1-9]/.test(text)) return 0;
  return isExactDouble(text, value) ? value : json.rawJSON(text);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !json.isRawJSON(value)
  );
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isRawNumber(value: Json | undefined): value is RawNumber {
  return typeof value === "object" && json.isRawJSON(value);
}

export function isNumber(value: Json | undefined): value is number | RawNumber {
  return typeof value === "number" || isRawNumber(value);
}

/** The text that a checked object has at a key. */
export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value !== "string") throw new Error(`${key} is not a string, though it was checked`);
  return value;
}

/** Sets an own key, whatever its name. */
export function setKey(object: { [key: string]: Json }, key: string, value: Json): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    object[key] = value;
  }
}

/** Deep equality; numbers by value (`1` is `1.0`), objects without regard to the order of keys. */
export function equalJson(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (isNumber(left) && isNumber(right))
    return decimalOf(textOf(left)) === decimalOf(textOf(right));
  if (isArray(left)) {
    return (
      isArray(right) &&
      left.length === right.length &&
      left.every((item, i) => equalJson(item, right[i] ?? null))
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) => Object.hasOwn(right, key) && equalJson(left[key] ?? null, right[key] ?? null),
    )
  );
}

function textOf(value: number | RawNumber): string {
  return typeof value === "number" ? String(value) : value.rawJSON;
}
