/** JSONPath the plain way: every step turns a list of values into a list of values. */
import { fail } from "./failure.ts";
import type { Json, JsonObject } from "./machine.ts";

export interface Sight {
  readonly input: Json;
  readonly context: Json;
  readonly variables: JsonObject;
}

const step =
  /\.length\(\)|\.\.([A-Za-z]\w*)|\.([A-Za-z]\w*)|\['(\w+)'\]|(?:\.|\[)(\*)\]?|\[(-?\d+)\]|\[(-?\d*):(-?\d*)\]|\[\?\(@\.(\w+) (==|>=|<) (\d+)\)\]/gy;

/** @returns `undefined` when a path to one place names nothing. */
export function find(path: string, { input, context, variables }: Sight): Json | undefined {
  const [, name] = /^\$([A-Za-z]\w*)/.exec(path) ?? [];
  const isContext = path.startsWith("$$");
  const root = isContext ? context : name === undefined ? input : variables[name];
  const rest = path.slice(isContext ? 2 : 1 + (name ?? "").length);
  let values: readonly Json[] = root === undefined ? [] : [root];
  let isList = false;
  let read = 0;
  for (const match of rest.matchAll(step)) {
    read += match[0].length;
    const [text, below, dotted, quoted, star, index, from, to, key, operator, operand] = match;
    isList ||= [below, star, from, key].some((part) => part !== undefined);
    values = values.flatMap((value): readonly Json[] => {
      if (text === ".length()") return isArray(value) ? [value.length] : [];
      if (below !== undefined) return fieldsBelow(value, below);
      if (star !== undefined) return isObject(value) ? Object.values(value) : listOf(value);
      if (index !== undefined) return optional(listOf(value).at(Number(index)));
      if (from !== undefined)
        return listOf(value).slice(Number(from), to === "" ? undefined : Number(to));
      if (key !== undefined)
        return (isArray(value) ? value : [value]).filter((item) =>
          passes(fieldOf(item, key)[0], operator ?? "", Number(operand)),
        );
      return fieldOf(value, dotted ?? quoted ?? "");
    });
  }
  if (read !== rest.length) throw new Error(`the naive interpreter can not read ${path}`);
  return isList ? values : values[0];
}

/** @throws Failure States.Runtime */
export function get(path: string, sight: Sight): Json {
  const found = find(path, sight);
  return found === undefined ? fail("States.Runtime") : found;
}

/** ResultPath: `$.a.b`, `$.a[0]`. */
export function put(path: string, into: Json, value: Json): Json {
  const places = [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(
    ([, key, index]) => key ?? Number(index),
  );
  const at = (target: Json | undefined, [place, ...rest]: readonly (string | number)[]): Json => {
    if (place === undefined) return value;
    if (typeof place === "number")
      return isArray(target) && place < target.length
        ? target.with(place, at(target[place], rest))
        : fail("States.ResultPathMatchFailure");
    if (target !== undefined && !isObject(target)) return fail("States.ResultPathMatchFailure");
    return { ...target, [place]: at(target?.[place], rest) };
  };
  return at(into, places);
}

function fieldsBelow(value: Json, key: string): readonly Json[] {
  if (isArray(value)) return value.flatMap((item) => fieldsBelow(item, key));
  if (!isObject(value)) return [];
  return [
    ...fieldOf(value, key),
    ...Object.values(value).flatMap((item) => fieldsBelow(item, key)),
  ];
}

function passes(value: Json | undefined, operator: string, operand: number): boolean {
  if (operator === "==") return value === operand || value === String(operand);
  if (typeof value !== "number") return false;
  return operator === "<" ? value < operand : value >= operand;
}

function fieldOf(value: Json, key: string): readonly Json[] {
  return isObject(value) ? optional(value[key]) : [];
}

function listOf(value: Json): readonly Json[] {
  return isArray(value) ? value : [];
}

function optional(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value];
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
