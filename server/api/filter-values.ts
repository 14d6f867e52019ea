/** Values that several filters take. */
import type { ExecutionStatus } from "../asl/index.ts";
import { engineStatuses, type EngineStatusFilter } from "./convert/execution.ts";
import { once, refuseOperator, textOf, type Term } from "./filter.ts";
import { quoted, refuse } from "./violations.ts";

/** For what does not tell paused executions from others that run. */
export function statusOf(term: Term): ExecutionStatus {
  const { status, isPaused } = statusFilterOf(term);
  if (isPaused === true) refuse(term.field, "can not have status PAUSED here", "FILTER");
  return status;
}

export function statusFilterOf(term: Term): EngineStatusFilter {
  const { text } = term.value;
  const status = Object.hasOwn(engineStatuses, text) ? engineStatuses[text] : undefined;
  const known = Object.keys(engineStatuses).join(", ");
  return status ?? refuse(term.field, `has status ${quoted(text)}; known are ${known}`, "FILTER");
}

/** Milliseconds since the epoch. */
export function timeMsOf(term: Term): number {
  const ms = rfc3339.test(term.value.text) ? Date.parse(term.value.text) : Number.NaN;
  return Number.isNaN(ms)
    ? refuse(
        term.field,
        `has ${term.name} ${quoted(term.value.text)}, which is no RFC 3339 time`,
        "FILTER",
      )
    : ms;
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Adds `TIME > "..."` or `TIME < "..."`, each of which may stand once. */
export function addTime<Field extends string>(
  filter: { [Key in Field]?: number },
  term: Term,
  fields: { readonly after: Field; readonly before: Field },
): void {
  const ms = timeMsOf(term);
  if (term.operator !== ">" && term.operator !== "<") refuseOperator(term);
  const field = term.operator === ">" ? fields.after : fields.before;
  once(filter[field], term);
  filter[field] = ms;
  const { [fields.after]: afterMs, [fields.before]: beforeMs } = filter;
  if (afterMs !== undefined && beforeMs !== undefined && afterMs > beforeMs)
    refuse(
      term.field,
      `asks for ${/^[aeiou]/.test(term.name) ? "an" : "a"} ${term.name} after a later and before an earlier time`,
      "FILTER",
    );
}

export interface NamePattern {
  /** The whole name, or its beginning. */
  readonly text: string;
  readonly isPrefix: boolean;
}

/** A name, or its beginning and `*`. */
export function nameOf(term: Term): NamePattern {
  const text = textOf(term);
  const isPrefix = text.endsWith("*");
  const name = isPrefix ? text.slice(0, -1) : text;
  if (name.includes("*"))
    refuse(term.field, `has name ${quoted(text)}; * may only stand at the end`, "FILTER");
  return { text: name, isPrefix };
}
