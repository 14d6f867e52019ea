/** Functions at the end of a path, as Jayway has them. A list of numbers is the path's value or result list. */
import type { Json } from "../../json.ts";
import { isArray, isNumber, isObject } from "../../json.ts";
import { doubleOf } from "../../json-number.ts";
import { StatesError } from "../../states-error.ts";
import type { FunctionName } from "./segment.ts";

/** @throws StatesError States.Runtime where the value is not of a kind that the function takes. */
export function callFunction(name: FunctionName, value: Json): Json {
  return functions[name](value);
}

const functions: Record<FunctionName, (value: Json) => Json> = {
  length: (value) =>
    isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : textLength(value),
  keys: (value) => (isObject(value) ? Object.keys(value) : refuse("keys", "an object")),
  first: (value) => (isArray(value) ? (value[0] ?? null) : refuse("first", "an array")),
  last: (value) => (isArray(value) ? (value.at(-1) ?? null) : refuse("last", "an array")),
  min: (value) => numbersIn("min", value).reduce((a, b) => Math.min(a, b)),
  max: (value) => numbersIn("max", value).reduce((a, b) => Math.max(a, b)),
  sum: (value) => numbersIn("sum", value).reduce((a, b) => a + b),
  avg: (value) => {
    const numbers = numbersIn("avg", value);
    return numbers.reduce((a, b) => a + b) / numbers.length;
  },
};

function textLength(value: Json): number {
  return typeof value === "string"
    ? value.length
    : refuse("length", "an array, an object or a string");
}

function numbersIn(name: FunctionName, value: Json): readonly number[] {
  const numbers = isArray(value) ? value.filter(isNumber).map(doubleOf) : [];
  return numbers.length > 0 ? numbers : refuse(name, "an array of numbers");
}

function refuse(name: FunctionName, expected: string): never {
  throw new StatesError("States.Runtime", `function ${name}() in a path needs ${expected}`);
}
