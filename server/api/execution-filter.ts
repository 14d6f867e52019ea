import type { ExecutionStatus } from "../asl/index.ts";
import type { ExecutionFilter as EngineFilter, ExecutionLinkFilter } from "../engine/engine.ts";
import { addTime, nameOf, statusFilterOf, type NamePattern } from "./filter-values.ts";
import { filterTerms, once, onlyEquals, textOf, type Term } from "./filter.ts";
import { addLinkTerm } from "./link-filter.ts";
import { quoted, refuse } from "./violations.ts";

/** What a filter on executions asks for. All parts must hold. */
interface ExecutionFilter {
  readonly status?: ExecutionStatus;
  readonly isPaused?: boolean;
  readonly stateMachine?: string;
  /** Id or ARN of the Map Run whose children they are. */
  readonly mapRun?: string;
  /** The whole name, or its beginning. */
  readonly name?: NamePattern;
  readonly error?: string;
  readonly currentState?: string;
  readonly startedAfterMs?: number;
  readonly startedBeforeMs?: number;
  readonly endedAfterMs?: number;
  readonly endedBeforeMs?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly linked?: NonNullable<EngineFilter["linked"]>;
}

/**
 * The filter as the engine takes it.
 *
 * @throws EngineError ValidationException that names the part it does not understand.
 */
export function engineFilterOf(text: string, field: string): EngineFilter {
  const { name, ...filter } = parseExecutionFilter(text, field);
  if (name === undefined) return filter;
  return { ...filter, ...(name.isPrefix ? { namePrefix: name.text } : { name: name.text }) };
}

/**
 * Reads the subset of AIP-160 that executions can be filtered by:
 *
 *     status = FAILED AND state_machine = "orders" AND name = "nightly-*"
 *       AND start_time > "2026-01-01T00:00:00Z" AND end_time < "2026-01-02T00:00:00Z"
 *       AND error = "Payment.Declined" AND current_state = "Charge" AND labels.tenant = "a"
 *       AND linked = false AND link.target_state_machine = "invoices"
 *
 * @throws EngineError ValidationException that names the part it does not understand.
 */
function parseExecutionFilter(text: string, field: string): ExecutionFilter {
  const filter: Mutable<ExecutionFilter> = {};
  const links: Links = { by: {} };
  for (const term of filterTerms(text, field)) addTerm(filter, links, term);
  const { isLinked, by } = links;
  if (isLinked !== undefined) filter.linked = { isLinked, by };
  else if (Object.keys(by).length > 0)
    refuse(
      field,
      "has conditions on a link, and neither linked = true nor linked = false",
      "FILTER",
    );
  return filter;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** `linked = true AND link.FIELD = ...`, as far as it was read. */
interface Links {
  isLinked?: boolean;
  readonly by: Mutable<Omit<ExecutionLinkFilter, "sourceStatus">>;
}

function addTerm(filter: Mutable<ExecutionFilter>, links: Links, term: Term): void {
  if (term.name.startsWith("labels.")) {
    addLabel(filter, term);
    return;
  }
  if (term.name.startsWith("link."))
    return addLinkTerm(links.by, { ...term, name: term.name.slice("link.".length) });
  switch (term.name) {
    case "status":
      once(filter.status, term);
      onlyEquals(term);
      Object.assign(filter, statusFilterOf(term));
      return;
    case "state_machine":
      once(filter.stateMachine, term);
      onlyEquals(term);
      filter.stateMachine = textOf(term);
      return;
    case "map_run":
      once(filter.mapRun ?? filter.stateMachine, term);
      onlyEquals(term);
      filter.mapRun = textOf(term);
      return;
    case "name":
      once(filter.name, term);
      onlyEquals(term);
      filter.name = nameOf(term);
      return;
    case "error":
      once(filter.error, term);
      onlyEquals(term);
      filter.error = textOf(term);
      return;
    case "current_state":
      once(filter.currentState, term);
      onlyEquals(term);
      filter.currentState = textOf(term);
      return;
    case "start_time":
      addTime(filter, term, { after: "startedAfterMs", before: "startedBeforeMs" });
      return;
    case "end_time":
      addTime(filter, term, { after: "endedAfterMs", before: "endedBeforeMs" });
      return;
    case "linked":
      once(links.isLinked, term);
      onlyEquals(term);
      links.isLinked = booleanOf(term);
      return;
    default:
      refuse(
        term.field,
        `names ${quoted(term.name)}; known are status, state_machine, map_run, name, error, current_state, start_time, end_time, labels.KEY, linked and link.FIELD`,
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

function booleanOf(term: Term): boolean {
  const { text } = term.value;
  if (text === "true" || text === "false") return text === "true";
  return refuse(
    term.field,
    `has ${term.name} ${quoted(text)}; accepted are true and false`,
    "FILTER",
  );
}
