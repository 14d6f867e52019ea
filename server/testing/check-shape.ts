import {
  isArray,
  isNumber,
  isObject,
  nearestName,
  pointerSegment,
  stringifyJson,
} from "../asl/index.ts";
import type { Json } from "../asl/index.ts";
import type { Problem } from "./problem.ts";
import type { Schema } from "./test-file-schema.ts";

/** Everything about `value` that the schema does not allow, in the order of the text. */
export function checkShape(value: Json, schema: Schema, pointer = ""): readonly Problem[] {
  const { anyOf, type, enum: allowed, minimum, minItems } = schema;
  if (anyOf !== undefined) {
    const fitting = anyOf.find((each) => hasType(value, each.type));
    if (fitting !== undefined) return checkShape(value, fitting, pointer);
    return [wrongType(value, anyOf.map((each) => each.type).join(" or "), pointer)];
  }
  if (!hasType(value, type)) return [wrongType(value, type ?? "value", pointer)];
  if (allowed !== undefined && !allowed.some((each) => each === value)) {
    const message = `${stringifyJson(value)} is not one of ${allowed.join(", ")}`;
    return [{ code: "INVALID_VALUE", message, pointer }];
  }
  if (minimum !== undefined && typeof value === "number" && value < minimum) {
    return [{ code: "INVALID_VALUE", message: `${value} is less than ${minimum}`, pointer }];
  }
  if (minItems !== undefined && isArray(value) && value.length < minItems)
    return [
      { code: "INVALID_VALUE", message: `the list has fewer than ${minItems} items`, pointer },
    ];
  if (isArray(value)) {
    const { items = {} } = schema;
    return value.flatMap((item, index) => checkShape(item, items, `${pointer}/${index}`));
  }
  return isObject(value) && type === "object" ? checkKeys(value, schema, pointer) : [];
}

function checkKeys(
  value: { readonly [key: string]: Json },
  { properties = {}, required = [], additionalProperties = {} }: Schema,
  pointer: string,
): readonly Problem[] {
  const missing = required
    .filter((key) => !Object.hasOwn(value, key))
    .map((key): Problem => ({ code: "MISSING_FIELD", message: `${key} is missing`, pointer }));
  const wrong = Object.entries(value).flatMap(([key, child]): readonly Problem[] => {
    const at = `${pointer}/${pointerSegment(key)}`;
    const schema = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (schema !== undefined && schema !== false) return checkShape(child, schema, at);
    const message = `there is no field ${key} here`;
    return [
      {
        code: "UNKNOWN_FIELD",
        message,
        pointer: at,
        at: "Key",
        ...didYouMean(key, Object.keys(properties)),
      },
    ];
  });
  return [...missing, ...wrong];
}

/** The nearest of the names there are, or, where none is near and they are few, all of them. */
export function didYouMean(
  name: string,
  names: readonly string[],
): { readonly suggestion?: string } {
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return { suggestion: `did you mean ${nearest}?` };
  return names.length > 0 && names.length <= 12
    ? { suggestion: `there are ${names.join(", ")}` }
    : {};
}

function hasType(value: Json, type: Schema["type"]): boolean {
  switch (type) {
    case undefined:
      return true;
    case "object":
      return isObject(value);
    case "array":
      return isArray(value);
    case "number":
      return isNumber(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
    case "boolean":
      return typeof value === type;
  }
}

function wrongType(value: Json, expected: string, pointer: string): Problem {
  const found = isArray(value)
    ? "array"
    : isNumber(value)
      ? "number"
      : value === null
        ? "null"
        : typeof value;
  return { code: "WRONG_TYPE", message: `expected ${expected}, found ${found}`, pointer };
}
