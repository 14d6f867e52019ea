import type { BatchFilter, BatchItem } from "../engine/engine.ts";
import { BatchStatus } from "../gen/pawl/v1/batch_service_pb.ts";
import { addTime, nameOf } from "./filter-values.ts";
import { filterTerms, once, onlyEquals, textOf, type Term } from "./filter.ts";
import { quoted, refuse } from "./violations.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * Reads what batches can be filtered by:
 * `status = PAUSED AND state_machine = "orders" AND name = "nightly-*" AND create_time > "2026-01-01T00:00:00Z"`.
 *
 * @throws EngineError ValidationException that names the part it does not understand.
 */
export function parseBatchFilter(text: string, field: string): BatchFilter {
  const filter: Mutable<BatchFilter> = {};
  for (const term of filterTerms(text, field)) addTerm(filter, term);
  return filter;
}

/** Reads `status = FAILED`. @throws as {@link parseBatchFilter} */
export function parseBatchItemFilter(
  text: string,
  field: string,
): { readonly status?: BatchItem["status"] } {
  const filter: { status?: BatchItem["status"] } = {};
  for (const term of filterTerms(text, field)) {
    if (term.name !== "status")
      refuse(field, `names ${quoted(term.name)}; items have status only`, "FILTER");
    once(filter.status, term);
    filter.status = oneOf(itemStatuses, term);
  }
  return filter;
}

function addTerm(filter: Mutable<BatchFilter>, term: Term): void {
  switch (term.name) {
    case "status":
      once(filter.status, term);
      filter.status = oneOf(batchStatuses, term);
      return;
    case "state_machine":
      once(filter.stateMachine, term);
      onlyEquals(term);
      filter.stateMachine = textOf(term);
      return;
    case "name": {
      once(filter.name ?? filter.namePrefix, term);
      onlyEquals(term);
      const { text, isPrefix } = nameOf(term);
      filter[isPrefix ? "namePrefix" : "name"] = text;
      return;
    }
    case "create_time":
      return addTime(filter, term, { after: "createdAfterMs", before: "createdBeforeMs" });
    case "end_time":
      return addTime(filter, term, { after: "endedAfterMs", before: "endedBeforeMs" });
    default:
      refuse(
        term.field,
        `names ${quoted(term.name)}; known are status, state_machine, name, create_time and end_time`,
        "FILTER",
      );
  }
}

const batchStatuses = Object.keys(BatchStatus).filter(
  (name): name is Exclude<keyof typeof BatchStatus, "UNSPECIFIED"> =>
    Number.isNaN(Number(name)) && name !== "UNSPECIFIED",
);
const itemStatuses = ["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "SKIPPED"] as const;

function oneOf<Status extends string>(statuses: readonly Status[], term: Term): Status {
  onlyEquals(term);
  const { text } = term.value;
  const status = statuses.find((known) => known === text);
  if (status !== undefined) return status;
  const known = statuses.join(", ");
  return refuse(term.field, `has status ${quoted(text)}; known are ${known}`, "FILTER");
}
