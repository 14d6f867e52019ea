/**
 * Text to path. The dialect is AWS's (Jayway JsonPath): keys by dot or bracket, indexes also from the
 * end, unions, slices, wildcards, `..`, filters, a few functions. Scripts do not exist in it.
 */
import { Cursor } from "./cursor.ts";
import { parseFilter } from "./parse-filter.ts";
import type { FunctionName, ParsedPath, PathRoot, Segment } from "./segment.ts";

/** @throws PathSyntaxError */
export function parsePath(text: string): ParsedPath {
  const cursor = new Cursor(text);
  const path = parsePathAt(cursor, parseRoot(cursor));
  if (!cursor.isAtEnd) cursor.fail(`unexpected '${cursor.peek()}'`);
  return path;
}

const identifier = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;

function parseRoot(cursor: Cursor): PathRoot {
  if (cursor.text === "") cursor.fail("path is empty");
  if (cursor.eat("$$")) return { kind: "Context" };
  if (!cursor.eat("$")) cursor.fail("path must start with '$'");
  const name = cursor.take(identifier);
  return name === undefined ? { kind: "Input" } : { kind: "Variable", name };
}

/** The rest of a path after its root; ends at the first character that can not continue it. */
export function parsePathAt(cursor: Cursor, root: PathRoot): ParsedPath {
  const segments: Segment[] = [];
  for (;;) {
    if (cursor.eat("..")) {
      segments.push(
        { kind: "Descendants" },
        cursor.peek() === "[" ? parseBracket(cursor) : parseDotted(cursor),
      );
    } else if (cursor.eat(".")) {
      const functionName = parseFunction(cursor);
      if (functionName !== undefined) return { root, segments, functionName };
      segments.push(cursor.peek() === "[" ? parseBracket(cursor) : parseDotted(cursor));
    } else if (cursor.peek() === "[") {
      segments.push(parseBracket(cursor));
    } else {
      return { root, segments };
    }
  }
}

const functionNames: readonly FunctionName[] = [
  "length",
  "min",
  "max",
  "avg",
  "sum",
  "keys",
  "first",
  "last",
];

function parseFunction(cursor: Cursor): FunctionName | undefined {
  const start = cursor.at;
  const called = cursor.take(/[@\p{L}_][\p{L}\p{N}_]*\(/uy);
  if (called === undefined) return undefined;
  const name = functionNames.find((known) => `${known}(` === called);
  if (name === undefined)
    cursor.unsupported(`function '${called.slice(0, -1)}()' is not supported`, start);
  cursor.blank();
  cursor.expect(")");
  return name;
}

/** What a key after a dot may not contain; such keys are written in brackets. */
const dottedKey = /[^\s.[\](){}<>=!?|&,;*'"`~^\\\u0000-\u001f]+/y;

function parseDotted(cursor: Cursor): Segment {
  if (cursor.eat("*")) return { kind: "Wildcard" };
  const key = cursor.take(dottedKey);
  if (key === undefined)
    cursor.fail(cursor.isAtEnd ? "path must not end with '.'" : "expected a key after '.'");
  return { kind: "Key", key };
}

function parseBracket(cursor: Cursor): Segment {
  const open = cursor.at;
  cursor.expect("[");
  cursor.blank();
  if (cursor.isAtEnd) cursor.fail("'[' is not closed", open);
  const segment = parseSelector(cursor);
  cursor.blank();
  if (cursor.isAtEnd) cursor.fail("'[' is not closed", open);
  cursor.expect("]");
  return segment;
}

function parseSelector(cursor: Cursor): Segment {
  const first = cursor.peek();
  if (first === "?") return parseFilterSelector(cursor);
  if (first === "'" || first === '"') return parseKeys(cursor);
  if (first === "(") cursor.unsupported("script expressions are not supported");
  if (cursor.eat("*")) return { kind: "Wildcard" };
  return parseIndexes(cursor);
}

function parseFilterSelector(cursor: Cursor): Segment {
  cursor.expect("?");
  cursor.blank();
  cursor.expect("(");
  const test = cursor.nested(() => parseFilter(cursor, parsePathAt));
  cursor.blank();
  cursor.expect(")");
  return { kind: "Filter", test };
}

function parseKeys(cursor: Cursor): Segment {
  const keys = [parseQuotedKey(cursor)];
  for (;;) {
    cursor.blank();
    if (!cursor.eat(",")) break;
    cursor.blank();
    keys.push(parseQuotedKey(cursor));
  }
  const [key] = keys;
  return keys.length === 1 && key !== undefined ? { kind: "Key", key } : { kind: "Keys", keys };
}

const singleQuoted = /'(?:[^'\\]|\\[^])*'/y;
const doubleQuoted = /"(?:[^"\\]|\\[^])*"/y;

/** Only the quote and the backslash are escapes; any other backslash is part of the key, as on AWS. */
function parseQuotedKey(cursor: Cursor): string {
  const start = cursor.at;
  const quote = cursor.peek();
  if (quote !== "'" && quote !== '"') cursor.fail("expected a key in quotes");
  const quoted = cursor.take(quote === "'" ? singleQuoted : doubleQuoted);
  if (quoted === undefined) cursor.fail("the quoted key is not closed", start);
  return quoted.slice(1, -1).replace(/\\(['\\])/g, "$1");
}

const integer = /-?[0-9]{1,15}(?![0-9])/y;

function parseIndexes(cursor: Cursor): Segment {
  const start = parseInteger(cursor);
  cursor.blank();
  if (cursor.eat(":")) {
    cursor.blank();
    const end = parseInteger(cursor);
    cursor.blank();
    if (cursor.peek() === ":") cursor.unsupported("a slice with a step is not supported");
    return { kind: "Slice", start, end };
  }
  if (start === undefined) cursor.fail("expected an index, a key in quotes, '*' or '?'");
  const indexes = [start];
  while (cursor.eat(",")) {
    cursor.blank();
    const index = parseInteger(cursor);
    if (index === undefined) cursor.fail("expected an index");
    indexes.push(index);
    cursor.blank();
  }
  return indexes.length === 1 ? { kind: "Index", index: start } : { kind: "Indexes", indexes };
}

function parseInteger(cursor: Cursor): number | undefined {
  const text = cursor.take(integer);
  return text === undefined ? undefined : Number(text);
}
