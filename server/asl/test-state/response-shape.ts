/** Whether a value is what an operation of an AWS service answers. */
import { isArray, isNumber, isObject } from "../json.ts";
import { asNumber } from "../number-setting.ts";
import type { Json } from "../json.ts";
import type { FieldValidationMode } from "./state-test.ts";

/** The answers of a service's operations. A shape's name that starts with `#` is a type without limits. */
export interface ServiceShapes {
  /** Shape by operation, spelt as in a Resource: `getObject`. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface Shape {
  readonly type: "boolean" | "list" | "map" | "number" | "string" | "structure" | "timestamp";
  /** Of the number itself, else of its length. */
  readonly min?: number;
  readonly max?: number;
  /** The enum. */
  readonly values?: readonly string[];
  /** Of a structure: shapes by name. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** Of a list or map. */
  readonly member?: string;
}

/**
 * The first thing that is wrong with a value, in AWS's words. Fields that the service does not have are
 * in order.
 *
 * @param field the nearest field's name.
 */
export function shapeProblem(
  value: Json,
  name: string,
  at: {
    readonly shapes: ServiceShapes["shapes"];
    readonly mode: FieldValidationMode;
    readonly field?: string;
  },
): string | undefined {
  const shape = at.shapes[name] ?? ({ type: name.slice(1) } as Shape);
  const wanted = typeProblem(value, shape.type);
  if (wanted !== undefined) return problemOf(at.field, `must be ${wanted}`);
  const limit = limitProblem(value, shape);
  if (limit !== undefined) return problemOf(at.field, limit);
  if (isArray(value)) return firstOf(value, (item) => shapeProblem(item, shape.member ?? "", at));
  if (!isObject(value)) return undefined;
  const missing = at.mode === "STRICT" && shape.required?.find((key) => !Object.hasOwn(value, key));
  if (typeof missing === "string") return problemOf(missing, "is required");
  return firstOf(Object.entries(value), ([field, content]) => {
    const inner = shape.type === "map" ? shape.member : own(shape.fields, field);
    return inner === undefined ? undefined : shapeProblem(content, inner, { ...at, field });
  });
}

const typeNames: Record<Shape["type"], string> = {
  boolean: "a boolean",
  list: "an array",
  map: "an object",
  number: "a number",
  string: "a string",
  structure: "an object",
  timestamp: "a string",
};

/** What the value should be, unless it is. */
function typeProblem(value: Json, type: Shape["type"]): string | undefined {
  return isOfType(value, type) ? undefined : typeNames[type];
}

function isOfType(value: Json, type: Shape["type"]): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return isArray(value);
    case "map":
    case "structure":
      return isObject(value);
    case "number":
      return isNumber(value);
    case "string":
      return typeof value === "string";
    case "timestamp":
      return typeof value === "string" || isNumber(value);
  }
}

function limitProblem(value: Json, { min, max, values }: Shape): string | undefined {
  const number = asNumber(value);
  const size = number ?? lengthOf(value);
  if (min !== undefined && size < min)
    return number === undefined
      ? "is smaller than the minimum length"
      : "is less than the minimum value";
  if (max !== undefined && size > max)
    return number === undefined ? "exceeds the maximum length" : "exceeds the maximum value";
  if (typeof value === "string" && values?.includes(value) === false)
    return "is not an expected value";
  return undefined;
}

function lengthOf(value: Json): number {
  if (typeof value === "string" || isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

function problemOf(field: string | undefined, problem: string): string {
  return field === undefined ? `Result ${problem}` : `Field '${field}' ${problem}`;
}

/** The value of an own key: a field may be called `constructor`. */
export function own<T>(record: Readonly<Record<string, T>> = {}, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function firstOf<T>(
  items: readonly T[],
  check: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
