import { quoted, refuse } from "./violations.ts";

/**
 * Reads `name = "text" AND name > "text"`, the subset of AIP-160 that lists can be filtered by.
 *
 * @param field the request's, for messages.
 * @throws EngineError ValidationException that names the part it does not understand.
 */
export function filterTerms(text: string, field: string): readonly Term[] {
  const tokens = tokensOf(text, field);
  const terms: Term[] = [];
  for (let at = 0; at < tokens.length; at += 4) {
    const [name, operator, value, and] = tokens.slice(at, at + 4);
    if (
      name?.kind !== "word" ||
      operator?.kind !== "operator" ||
      value === undefined ||
      value.kind === "operator"
    ) {
      const part = tokens
        .slice(at, at + 3)
        .map(({ text: word }) => word)
        .join(" ");
      refuse(field, `has ${quoted(part)} where \`field operator value\` is expected`, "FILTER");
    }
    if (and !== undefined && (and.kind !== "word" || and.text.toUpperCase() !== "AND")) {
      refuse(field, `has ${quoted(and.text)} where AND is expected`, "FILTER");
    }
    if (and !== undefined && at + 4 === tokens.length) refuse(field, "ends with AND", "FILTER");
    terms.push({ name: name.text, operator: operator.text, value, field });
  }
  return terms;
}

interface Token {
  readonly kind: "word" | "text" | "operator";
  readonly text: string;
}

export interface Term {
  readonly name: string;
  readonly operator: string;
  readonly value: Token;
  /** The request's field, for messages. */
  readonly field: string;
}

function tokensOf(text: string, field: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:("(?:[^"\\]|\\.)*")|(<=|>=|!=|[=<>:])|([\p{L}\p{N}_.*+-]+))/uy;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const [, literal, operator, word] = pattern.exec(text) ?? [];
    if (literal !== undefined) tokens.push({ kind: "text", text: unquoted(literal, field) });
    else if (operator !== undefined) tokens.push({ kind: "operator", text: operator });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else
      refuse(
        field,
        `is not understood at character ${from + 1}: ${quoted(text.slice(from).trim())}`,
        "FILTER",
      );
  }
  return tokens;
}

function unquoted(literal: string, field: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return refuse(field, `has a malformed text ${quoted(literal)}`, "FILTER");
  }
}

export function textOf(term: Term): string {
  if (term.value.kind === "text") return term.value.text;
  return refuse(
    term.field,
    `has ${quoted(term.value.text)} for ${term.name}; the value must stand in double quotes`,
    "FILTER",
  );
}

export function onlyEquals(term: Term): void {
  if (term.operator !== "=")
    refuse(
      term.field,
      `compares ${term.name} by ${quoted(term.operator)}; accepted is =`,
      "FILTER",
    );
}

/** Of a field that only > and < make sense for. */
export function refuseOperator(term: Term): never {
  return refuse(
    term.field,
    `compares ${term.name} by ${quoted(term.operator)}; accepted are > and <`,
    "FILTER",
  );
}

export function once(before: unknown, term: Term): void {
  if (before !== undefined) refuse(term.field, `names ${term.name} twice`, "FILTER");
}
