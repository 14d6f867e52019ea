/** `?( ... )`: comparisons of `@` and `$` paths with literals and each other, `&&`, `||`, `!`, existence. */
import type { Json } from "../../json.ts";
import { numberOf } from "../../json.ts";
import type { Cursor } from "./cursor.ts";
import type { ComparisonOperator, FilterNode, Operand, ParsedPath, PathRoot } from "./segment.ts";

/** Paths hold filters and filters hold paths: the parser of paths hands itself in. */
export type ParsePath = (cursor: Cursor, root: PathRoot) => ParsedPath;

/** @throws PathSyntaxError */
export function parseFilter(cursor: Cursor, parsePath: ParsePath): FilterNode {
  const parseTerms = (): FilterNode =>
    parseSeries(cursor, "And", "&&", () => parseTerm(cursor, parsePath));
  return parseSeries(cursor, "Or", "||", parseTerms);
}

function parseSeries(
  cursor: Cursor,
  kind: "And" | "Or",
  operator: string,
  parse: () => FilterNode,
): FilterNode {
  const first = parse();
  const nodes = [first];
  for (cursor.blank(); cursor.eat(operator); cursor.blank()) nodes.push(parse());
  return nodes.length === 1 ? first : { kind, nodes };
}

function parseTerm(cursor: Cursor, parsePath: ParsePath): FilterNode {
  cursor.blank();
  if (cursor.eat("!"))
    return { kind: "Not", node: cursor.nested(() => parseTerm(cursor, parsePath)) };
  if (cursor.eat("(")) {
    const node = cursor.nested(() => parseFilter(cursor, parsePath));
    cursor.blank();
    cursor.expect(")");
    return node;
  }
  return parseComparison(cursor, parsePath);
}

function parseComparison(cursor: Cursor, parsePath: ParsePath): FilterNode {
  const start = cursor.at;
  const left = parseOperand(cursor, parsePath);
  cursor.blank();
  const operator = parseOperator(cursor);
  if (operator === undefined) {
    if (left.kind !== "Path") cursor.fail("expected a comparison", start);
    return { kind: "Exists", path: left.path };
  }
  cursor.blank();
  return { kind: "Compare", operator, left, right: parseOperand(cursor, parsePath) };
}

const symbol = /[=<>!~]+|(?:in|nin|subsetof|anyof|noneof|contains|size|empty|matches)\b/iy;
const operators: readonly ComparisonOperator[] = ["==", "!=", "<", "<=", ">", ">=", "in", "nin"];

function parseOperator(cursor: Cursor): ComparisonOperator | undefined {
  const start = cursor.at;
  const text = cursor.take(symbol)?.toLowerCase();
  if (text === undefined) return undefined;
  return (
    operators.find((known) => known === text) ??
    cursor.unsupported(`operator '${text}' is not supported`, start)
  );
}

function parseOperand(cursor: Cursor, parsePath: ParsePath): Operand {
  const first = cursor.peek();
  if (first === "@" || first === "$")
    return { kind: "Path", path: parseOperandPath(cursor, parsePath) };
  return { kind: "Literal", value: parseLiteral(cursor) };
}

function parseOperandPath(cursor: Cursor, parsePath: ParsePath): ParsedPath {
  const start = cursor.at;
  if (cursor.startsWith("$$"))
    cursor.unsupported("the context object can not be used in a filter", start);
  const isCurrent = cursor.eat("@");
  if (!isCurrent) cursor.expect("$");
  return cursor.nested(() => parsePath(cursor, { kind: isCurrent ? "Current" : "Input" }));
}

const quoted = /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y;
const number = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const constant = /(?:true|false|null)\b/y;
const constants: { readonly [text: string]: Json } = { true: true, false: false, null: null };

function parseLiteral(cursor: Cursor): Json {
  const text = cursor.take(quoted);
  if (text !== undefined) return text.slice(1, -1).replace(/\\(['"\\])/g, "$1");
  const digits = cursor.take(number);
  if (digits !== undefined) return numberOf(digits);
  const name = cursor.take(constant);
  if (name !== undefined) return constants[name] ?? null;
  if (cursor.peek() === "[") return parseList(cursor);
  if (cursor.peek() === "/") cursor.unsupported("regular expressions are not supported");
  return cursor.fail("expected a path, a string, a number, true, false or null");
}

function parseList(cursor: Cursor): Json {
  cursor.expect("[");
  const items: Json[] = [];
  cursor.blank();
  if (cursor.eat("]")) return items;
  do {
    cursor.blank();
    items.push(cursor.nested(() => parseLiteral(cursor)));
    cursor.blank();
  } while (cursor.eat(","));
  cursor.expect("]");
  return items;
}
