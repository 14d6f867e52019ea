import type { ExecutionStatus } from "../asl/index.ts";
import { engineStatuses, engineStatusOf } from "./convert/execution.ts";
import { quoted, refuse } from "./violations.ts";

/** What a filter on executions asks for. All parts must hold. */
export interface ExecutionFilter {
  readonly status?: ExecutionStatus;
  readonly stateMachine?: string;
  /** The whole name, or its beginning. */
  readonly name?: { readonly text: string; readonly isPrefix: boolean };
  readonly startedAfterMs?: number;
  readonly startedBeforeMs?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Reads the subset of AIP-160 that executions can be filtered by:
 *
 *     status = FAILED AND state_machine = "orders" AND name = "nightly-*"
 *       AND start_time > "2026-01-01T00:00:00Z" AND labels.tenant = "a"
 *
 * @throws EngineError ValidationException that names the part it does not understand.
 */
export function parseExecutionFilter(text: string, field: string): ExecutionFilter {
  const tokens = tokensOf(text, field);
  const filter: Mutable<ExecutionFilter> = {};
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
    addTerm(filter, { name: name.text, operator: operator.text, value, field });
  }
  return filter;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

interface Token {
  readonly kind: "word" | "text" | "operator";
  readonly text: string;
}

interface Term {
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

function addTerm(filter: Mutable<ExecutionFilter>, term: Term): void {
  if (term.name.startsWith("labels.")) {
    addLabel(filter, term);
    return;
  }
  switch (term.name) {
    case "status":
      once(filter.status, term);
      onlyEquals(term);
      filter.status = statusOf(term);
      return;
    case "state_machine":
      once(filter.stateMachine, term);
      onlyEquals(term);
      filter.stateMachine = textOf(term);
      return;
    case "name":
      once(filter.name, term);
      onlyEquals(term);
      filter.name = nameOf(term);
      return;
    case "start_time":
      addStartTime(filter, term);
      return;
    default:
      refuse(
        term.field,
        `names ${quoted(term.name)}; known are status, state_machine, name, start_time and labels.KEY`,
        "FILTER",
      );
  }
}

function addLabel(filter: Mutable<ExecutionFilter>, term: Term): void {
  const key = term.name.slice("labels.".length);
  if (key === "") refuse(term.field, "names a label without key", "FILTER");
  onlyEquals(term);
  once(filter.labels !== undefined && Object.hasOwn(filter.labels, key) ? key : undefined, term);
  filter.labels = Object.fromEntries([...Object.entries(filter.labels ?? {}), [key, textOf(term)]]);
}

function addStartTime(filter: Mutable<ExecutionFilter>, term: Term): void {
  const ms = timeMsOf(term);
  if (term.operator === ">") {
    once(filter.startedAfterMs, term);
    filter.startedAfterMs = ms;
  } else if (term.operator === "<") {
    once(filter.startedBeforeMs, term);
    filter.startedBeforeMs = ms;
  } else {
    refuse(
      term.field,
      `compares start_time by ${quoted(term.operator)}; accepted are > and <`,
      "FILTER",
    );
  }
  if (
    filter.startedAfterMs !== undefined &&
    filter.startedBeforeMs !== undefined &&
    filter.startedAfterMs > filter.startedBeforeMs
  ) {
    refuse(term.field, "asks for a start_time after a later and before an earlier time", "FILTER");
  }
}

function statusOf(term: Term): ExecutionStatus {
  const status = engineStatusOf(term.value.text);
  return (
    status ??
    refuse(
      term.field,
      `has status ${quoted(term.value.text)}; known are ${engineStatuses.join(", ")}`,
      "FILTER",
    )
  );
}

function nameOf(term: Term): NonNullable<ExecutionFilter["name"]> {
  const text = textOf(term);
  const isPrefix = text.endsWith("*");
  const name = isPrefix ? text.slice(0, -1) : text;
  if (name.includes("*"))
    refuse(term.field, `has name ${quoted(text)}; * may only stand at the end`, "FILTER");
  return { text: name, isPrefix };
}

function timeMsOf(term: Term): number {
  const ms = rfc3339.test(term.value.text) ? Date.parse(term.value.text) : Number.NaN;
  return Number.isNaN(ms)
    ? refuse(
        term.field,
        `has start_time ${quoted(term.value.text)}, which is no RFC 3339 time`,
        "FILTER",
      )
    : ms;
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

function textOf(term: Term): string {
  if (term.value.kind === "text") return term.value.text;
  return refuse(
    term.field,
    `has ${quoted(term.value.text)} for ${term.name}; the value must stand in double quotes`,
    "FILTER",
  );
}

function onlyEquals(term: Term): void {
  if (term.operator !== "=")
    refuse(
      term.field,
      `compares ${term.name} by ${quoted(term.operator)}; accepted is =`,
      "FILTER",
    );
}

function once(before: unknown, term: Term): void {
  if (before !== undefined) refuse(term.field, `names ${term.name} twice`, "FILTER");
}
