/**
 * ASL § Choice State, Data-test Expressions: the comparison operators.
 *
 * A value of another type than the operator's makes the comparison false; it is never an error.
 */
import type { Json } from "../json.ts";
import { isNumber } from "../json.ts";
import { compareNumbers } from "../json-number.ts";
import { compileGlob } from "./glob.ts";
import { compareInstants, parseTimestamp } from "./timestamp.ts";

/** What the operator's own value must be in a definition. */
export type OperandType = "string" | "number" | "boolean" | "timestamp" | "pattern";

export interface Comparison {
  readonly operandType: OperandType;
  readonly holds: (value: Json, operand: Json) => boolean;
}

type Order = (sign: number) => boolean;

const orders: Record<string, Order> = {
  Equals: (sign) => sign === 0,
  LessThan: (sign) => sign < 0,
  GreaterThan: (sign) => sign > 0,
  LessThanEquals: (sign) => sign <= 0,
  GreaterThanEquals: (sign) => sign >= 0,
};

/** By UTF-16 units, as Java compares strings. */
function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function textHolds(order: Order): Comparison["holds"] {
  return (value, operand) =>
    typeof value === "string" && typeof operand === "string" && order(compareTexts(value, operand));
}

function numberHolds(order: Order): Comparison["holds"] {
  return (value, operand) =>
    isNumber(value) && isNumber(operand) && order(compareNumbers(value, operand));
}

function timestampHolds(order: Order): Comparison["holds"] {
  return (value, operand) => {
    const left = typeof value === "string" ? parseTimestamp(value) : undefined;
    const right = typeof operand === "string" ? parseTimestamp(operand) : undefined;
    return left !== undefined && right !== undefined && order(compareInstants(left, right));
  };
}

/** Operators that compare two values; each also exists with `Path`, except StringMatches. */
export const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ...Object.entries(orders).flatMap(([name, order]): [string, Comparison][] => [
    [`String${name}`, { operandType: "string", holds: textHolds(order) }],
    [`Numeric${name}`, { operandType: "number", holds: numberHolds(order) }],
    [`Timestamp${name}`, { operandType: "timestamp", holds: timestampHolds(order) }],
  ]),
  [
    "BooleanEquals",
    {
      operandType: "boolean",
      holds: (value, operand) => typeof value === "boolean" && value === operand,
    },
  ],
  ["StringMatches", { operandType: "pattern", holds: (value, operand) => matches(value, operand) }],
]);

function matches(value: Json, operand: Json): boolean {
  return typeof value === "string" && typeof operand === "string" && compileGlob(operand)(value);
}

/** Operators that ask what a value is; their own value is true or false. */
export const typeTests: ReadonlyMap<string, (value: Json) => boolean> = new Map([
  ["IsNull", (value: Json) => value === null],
  ["IsNumeric", (value: Json) => isNumber(value)],
  ["IsString", (value: Json) => typeof value === "string"],
  ["IsBoolean", (value: Json) => typeof value === "boolean"],
  [
    "IsTimestamp",
    (value: Json) => typeof value === "string" && parseTimestamp(value) !== undefined,
  ],
]);

/** Every operator that a rule may have. ASL counts 39 with And, Or and Not. */
export const operatorNames: readonly string[] = [
  ...[...comparisons.keys()].flatMap((name) =>
    name === "StringMatches" ? [name] : [name, `${name}Path`],
  ),
  ...typeTests.keys(),
  "IsPresent",
];
