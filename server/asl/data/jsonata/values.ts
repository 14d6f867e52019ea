/** Values on their way into an expression and out of it. */
import { isArray, isRawNumber } from "../../json.ts";
import type { Json, RawNumber } from "../../json.ts";
import { isCallable } from "./budget.ts";

/**
 * A value as JSONata reckons with it: numbers that a double can not hold become doubles.
 *
 * @param exact told what each of them was, so that {@link fromQuery} can put it back.
 */
export function toQuery(value: Json, exact: Map<number, RawNumber>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) {
    for (const raw of known.raws) exact.set(Number(raw.rawJSON), raw);
    return known.value;
  }
  const raws: RawNumber[] = [];
  const result = convert(value, raws);
  converted.set(value, { value: result, raws });
  for (const raw of raws) exact.set(Number(raw.rawJSON), raw);
  return result;
}

/** Payloads are asked for again and again; hardly any has such numbers. */
const converted = new WeakMap<
  object,
  { readonly value: unknown; readonly raws: readonly RawNumber[] }
>();

function convert(value: Json, raws: RawNumber[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isRawNumber(value)) {
    raws.push(value);
    return Number(value.rawJSON);
  }
  const before = raws.length;
  if (isArray(value)) {
    const items = value.map((item) => convert(item, raws));
    return raws.length === before ? value : items;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, convert(item, raws)] as const);
  return raws.length === before ? value : Object.fromEntries(entries);
}

/** The result is, or holds, something that JSON has no word for: a function, say. */
export class UnsupportedResult extends Error {}

/**
 * What an expression gave, as JSON. What it only passed on is shared, not copied.
 *
 * @throws UnsupportedResult
 */
export function fromQuery(value: unknown, exact: ReadonlyMap<number, RawNumber>): Json {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new UnsupportedResult();
    return exact.size === 0 ? value + 0 : (exact.get(value) ?? value);
  }
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value !== "object" || isCallable(value)) throw new UnsupportedResult();
  if (Array.isArray(value)) return itemsOf(value, exact);
  if (value instanceof RegExp || value instanceof Map) throw new UnsupportedResult();
  return fieldsOf(value as Record<string, unknown>, exact);
}

function itemsOf(items: readonly unknown[], exact: ReadonlyMap<number, RawNumber>): Json {
  const clean = items.map((item) => (item === undefined ? null : fromQuery(item, exact)));
  const isSame = !("sequence" in items) && clean.every((item, i) => item === items[i]);
  return isSame ? (items as readonly Json[]) : clean;
}

function fieldsOf(object: Record<string, unknown>, exact: ReadonlyMap<number, RawNumber>): Json {
  const entries: (readonly [string, Json])[] = [];
  let isSame = true;
  for (const key of Object.keys(object)) {
    const item = object[key];
    const clean = item === undefined ? undefined : fromQuery(item, exact);
    isSame &&= clean === item && clean !== undefined && !isGetter(object, key);
    if (clean !== undefined) entries.push([key, clean]);
  }
  return isSame ? (object as Json) : Object.fromEntries(entries);
}

function isGetter(object: object, key: string): boolean {
  return Object.getOwnPropertyDescriptor(object, key)?.get !== undefined;
}

/** As AWS names the type of a value. */
export function typeName(value: Json): QueryType {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  if (isRawNumber(value)) return "number";
  return typeof value as QueryType;
}

export type QueryType = "null" | "boolean" | "number" | "string" | "array" | "object";
