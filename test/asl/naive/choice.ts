/** Choice rules of JSONPath states. */
import { fail } from "./failure.ts";
import { find } from "./json-path.ts";
import type { Sight } from "./json-path.ts";
import type { Json, Rule } from "./machine.ts";

/** @throws Failure States.Runtime when Variable names nothing. */
export function holds(rule: Rule, sight: Sight): boolean {
  if (rule.And !== undefined) return rule.And.every((inner) => holds(inner, sight));
  if (rule.Or !== undefined) return rule.Or.some((inner) => holds(inner, sight));
  if (rule.Not !== undefined) return !holds(rule.Not, sight);
  const [operator = "", operand = null] =
    (Object.entries(rule) as [string, Json][]).find(([key]) =>
      /^(?:Is|String|Numeric|Boolean)/.test(key),
    ) ?? [];
  const found = find(rule.Variable ?? "", sight);
  if (operator === "IsPresent")
    return (found !== undefined && !isEmptyList(rule, found)) === operand;
  if (found === undefined) return fail("States.Runtime");
  if (!operator.endsWith("Path")) return compare(operator, found, operand);
  const other = find(operand as string, sight);
  return other === undefined
    ? fail("States.Runtime")
    : compare(operator.slice(0, -4), found, other);
}

/** What a path with a wildcard, a slice or a filter finds may be nothing. */
function isEmptyList({ Variable = "" }: Rule, found: Json): boolean {
  return /[*:?]|\.\./.test(Variable) && Array.isArray(found) && found.length === 0;
}

function compare(operator: string, value: Json, operand: Json): boolean {
  switch (operator) {
    case "IsNull":
      return (value === null) === operand;
    case "IsString":
      return (typeof value === "string") === operand;
    case "IsNumeric":
      return (typeof value === "number") === operand;
    case "IsBoolean":
      return (typeof value === "boolean") === operand;
    case "BooleanEquals":
      return typeof value === "boolean" && value === operand;
    case "StringMatches":
      return typeof value === "string" && globOf(operand as string).test(value);
  }
  const [, type, order] = /^(String|Numeric)(.*)$/.exec(operator) ?? [];
  const wanted = type === "String" ? "string" : "number";
  if (typeof value !== wanted || typeof operand !== wanted) return false;
  const [left, right] = [value as number, operand as number];
  switch (order) {
    case "Equals":
      return left === right;
    case "LessThan":
      return left < right;
    case "LessThanEquals":
      return left <= right;
    case "GreaterThan":
      return left > right;
    case "GreaterThanEquals":
      return left >= right;
    default:
      throw new Error(`the naive interpreter has no ${operator}`);
  }
}

function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "s");
}
