/** Values that several filters take. */
import type { ExecutionStatus } from "../asl/index.ts";
import { engineStatuses, engineStatusOf } from "./convert/execution.ts";
import type { Term } from "./filter.ts";
import { quoted, refuse } from "./violations.ts";

export function statusOf(term: Term): ExecutionStatus {
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
