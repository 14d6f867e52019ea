import type { ExecutionLinkFilter } from "../engine/engine.ts";
import { statusOf, timeMsOf } from "./filter-values.ts";
import { filterTerms, once, onlyEquals, refuseOperator, textOf, type Term } from "./filter.ts";
import { quoted, refuse } from "./violations.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const texts = {
  source_execution: "sourceExecution",
  source_state_machine: "sourceStateMachine",
  source_state: "sourceState",
  transformer: "transformer",
  target_execution: "targetExecution",
  target_state_machine: "targetStateMachine",
} as const satisfies Record<string, keyof ExecutionLinkFilter>;

/**
 * Reads what links can be filtered by: `source_execution = "orders/7" AND create_time > "2026-01-01T00:00:00Z"`.
 *
 * @throws EngineError ValidationException that names the part it does not understand.
 */
export function parseLinkFilter(text: string, field: string): ExecutionLinkFilter {
  const filter: Mutable<ExecutionLinkFilter> = {};
  for (const term of filterTerms(text, field)) {
    if (term.name === "source_status") {
      once(filter.sourceStatus, term);
      onlyEquals(term);
      filter.sourceStatus = statusOf(term);
    } else addLinkTerm(filter, term);
  }
  return filter;
}

/** One condition on a link itself. */
export function addLinkTerm(
  filter: Mutable<Omit<ExecutionLinkFilter, "sourceStatus">>,
  term: Term,
): void {
  if (term.name === "create_time") return addCreateTime(filter, term);
  const name = Object.hasOwn(texts, term.name) ? texts[term.name as keyof typeof texts] : undefined;
  if (name === undefined)
    refuse(
      term.field,
      `names ${quoted(term.name)}, which links do not have; known are ${Object.keys(texts).join(", ")}, create_time and, in lists of links, source_status`,
      "FILTER",
    );
  once(filter[name], term);
  onlyEquals(term);
  filter[name] = textOf(term);
}

function addCreateTime(filter: Mutable<ExecutionLinkFilter>, term: Term): void {
  const name =
    term.operator === ">"
      ? "createdAfterMs"
      : term.operator === "<"
        ? "createdBeforeMs"
        : refuseOperator(term);
  once(filter[name], term);
  filter[name] = timeMsOf(term);
}
