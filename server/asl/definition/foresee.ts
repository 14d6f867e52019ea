/** What a definition without errors will run into. AWS accepts such definitions: these are warnings. */
import type { JsonObject } from "../json.ts";
import { bodiesOf } from "./bodies.ts";
import type { BodyPlace, StatePlace } from "./bodies.ts";
import type { QueryLanguage } from "./definition.ts";
import type { Findings } from "./findings.ts";
import { assignments } from "./query-fields.ts";
import { didYouMean } from "./suggest.ts";
import { targetsOf } from "./transitions.ts";
import { variableReferencesOf } from "./variable-references.ts";

/** @param tree of a valid definition. */
export function foresee(tree: JsonObject, findings: Findings): void {
  const language = tree["QueryLanguage"] === "JSONata" ? "JSONata" : "JSONPath";
  for (const body of bodiesOf(tree)) {
    warnOfVariables(body, language, findings);
    warnOfDeadEnd(body, findings);
  }
}

/** Whoever reads a variable that nothing sets fails whenever it gets there. */
function warnOfVariables(body: BodyPlace, language: QueryLanguage, findings: Findings): void {
  const assigned = new Set(
    [...body.around, body].flatMap(({ states }) =>
      states.flatMap(({ state }) => assignments(state, language).map(({ name }) => name)),
    ),
  );
  for (const { state, pointer } of body.states) {
    const own = state["QueryLanguage"] === "JSONata" ? "JSONata" : language;
    for (const name of variableReferencesOf(state, own)) {
      if (assigned.has(name)) continue;
      findings.add({
        severity: "WARNING",
        code: "UNKNOWN_VARIABLE",
        message: `no state that can be seen from here assigns the variable '${name}'`,
        pointer,
        at: "Key",
        ...didYouMean(name, [...assigned], findings),
      });
    }
  }
}

/** States that only lead to each other: they run until the history is full. */
function warnOfDeadEnd({ states }: BodyPlace, findings: Findings): void {
  const sources = new Map<string, string[]>();
  for (const { name, state, pointer } of states)
    for (const target of targetsOf(state, pointer))
      sources.set(target.name, [...(sources.get(target.name) ?? []), name]);
  const ending = new Set<string>();
  const pending = states.filter(isTerminal).map(({ name }) => name);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (ending.has(name)) continue;
    ending.add(name);
    pending.push(...(sources.get(name) ?? []));
  }
  const trapped = states.find(({ name }) => !ending.has(name));
  if (trapped === undefined) return;
  const message = `no terminal state can be reached from state '${trapped.name}'`;
  findings.add({
    severity: "WARNING",
    code: "DEAD_END",
    message,
    pointer: trapped.pointer,
    at: "Key",
  });
}

function isTerminal({ state }: StatePlace): boolean {
  return state["End"] === true || state["Type"] === "Succeed" || state["Type"] === "Fail";
}
