/** What the intrinsic functions share: their shape, their failure, and checks of arguments. */
import type { Json } from "../../json.ts";
import { isArray, isNumber, isObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { doubleOf } from "../../json-number.ts";
import { StatesError } from "../../states-error.ts";
import type { Turn } from "../../turn.ts";

/** @throws StatesError States.IntrinsicFailure */
export type Intrinsic = (args: readonly Json[], turn: Turn) => Json;

export interface IntrinsicFunction {
  readonly call: Intrinsic;
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
}

export function fail(message: string): never {
  throw new StatesError("States.IntrinsicFailure", message);
}

export function textArgument(args: readonly Json[], index: number): string {
  const value = args[index];
  return typeof value === "string" ? value : fail(`argument ${index + 1} must be a string`);
}

export function arrayArgument(args: readonly Json[], index: number): readonly Json[] {
  const value = args[index];
  return isArray(value) ? value : fail(`argument ${index + 1} must be an array`);
}

export function objectArgument(args: readonly Json[], index: number): JsonObject {
  const value = args[index];
  return isObject(value) ? value : fail(`argument ${index + 1} must be an object`);
}

/** A number, rounded half up to an integer as AWS does. */
export function integerArgument(args: readonly Json[], index: number): number {
  const value = args[index];
  if (!isNumber(value)) return fail(`argument ${index + 1} must be a number`);
  const rounded = Math.floor(doubleOf(value) + 0.5) + 0;
  return Number.isSafeInteger(rounded)
    ? rounded
    : fail(`argument ${index + 1} is beyond the range of integers`);
}
