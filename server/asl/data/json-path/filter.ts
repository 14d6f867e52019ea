/** Whether a node passes a filter. Comparisons are Jayway's: a number equals the text that spells it. */
import type { Json } from "../../json.ts";
import { equalJson, isArray, isNumber, numberOf } from "../../json.ts";
import { compareNumbers } from "../../json-number.ts";
import type { Search } from "./search.ts";
import type { ComparisonOperator, FilterNode, Operand, ParsedPath } from "./segment.ts";
import { isDefinite } from "./segment.ts";

/** @param current what `@` names. */
export function testFilter(node: FilterNode, current: Json, search: Search): boolean {
  switch (node.kind) {
    case "And":
      return node.nodes.every((part) => testFilter(part, current, search));
    case "Or":
      return node.nodes.some((part) => testFilter(part, current, search));
    case "Not":
      return !testFilter(node.node, current, search);
    case "Exists":
      return exists(node.path, current, search);
    case "Compare":
      return compare(
        node.operator,
        valueOf(node.left, current, search),
        valueOf(node.right, current, search),
      );
  }
}

function exists(path: ParsedPath, current: Json, search: Search): boolean {
  const value = find(path, current, search);
  return value !== undefined && (isDefinite(path) || (isArray(value) && value.length > 0));
}

function valueOf(operand: Operand, current: Json, search: Search): Json | undefined {
  return operand.kind === "Literal" ? operand.value : find(operand.path, current, search);
}

function find(path: ParsedPath, current: Json, search: Search): Json | undefined {
  return search.find(path, path.root.kind === "Current" ? current : search.root);
}

function compare(
  operator: ComparisonOperator,
  left: Json | undefined,
  right: Json | undefined,
): boolean {
  switch (operator) {
    case "==":
      return equals(left, right);
    case "!=":
      return !equals(left, right);
    case "in":
      return isArray(right) && right.some((item) => equals(left, item));
    case "nin":
      return !(isArray(right) && right.some((item) => equals(left, item)));
    case "<":
      return order(left, right, (sign) => sign < 0);
    case "<=":
      return order(left, right, (sign) => sign <= 0);
    case ">":
      return order(left, right, (sign) => sign > 0);
    case ">=":
      return order(left, right, (sign) => sign >= 0);
  }
}

function equals(left: Json | undefined, right: Json | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (isNumber(left) && typeof right === "string") return equalsText(left, right);
  if (typeof left === "string" && isNumber(right)) return equalsText(right, left);
  return equalJson(left, right);
}

function equalsText(value: Json, text: string): boolean {
  return (
    /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text) && equalJson(value, numberOf(text))
  );
}

function order(
  left: Json | undefined,
  right: Json | undefined,
  holds: (sign: number) => boolean,
): boolean {
  if (isNumber(left) && isNumber(right)) return holds(compareNumbers(left, right));
  if (typeof left === "string" && typeof right === "string")
    return holds(left < right ? -1 : left > right ? 1 : 0);
  return false;
}
