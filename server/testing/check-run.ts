import { isArray, parseJson, stringifyJson } from "../asl/index.ts";
import type { HistoryEvent, Json } from "../asl/index.ts";
import { clipped, differences } from "./differences.ts";
import type { CaseRun } from "./run-case.ts";
import { anyIndex, shortPath } from "./state-places.ts";
import { inputOf, namesOf } from "./call.ts";
import type { Expectation } from "./test-file.ts";

/** Something that came out otherwise. */
export interface Mismatch {
  /** The expectation: `output`, `calls.Charge`. */
  readonly field: string;
  readonly text: string;
}

/** Everything that the run is not and should be. */
export function checkRun(run: CaseRun, expected: Expectation = {}): readonly Mismatch[] {
  if (run.problem !== undefined) return [{ field: "mocks", text: run.problem }];
  return [
    ...checkEnd(run, expected),
    ...checkOutput(run, expected),
    ...checkWay(run, expected),
    ...checkCounts(run, expected),
  ];
}

function checkEnd({ execution, history }: CaseRun, expected: Expectation): readonly Mismatch[] {
  const { error, cause } = execution.failure ?? {};
  const isFailure = [expected.error, expected.cause, expected.causeMatches].some(
    (text) => text !== undefined,
  );
  const status = expected.status ?? (isFailure ? undefined : "SUCCEEDED");
  const isOther =
    status === undefined
      ? execution.status === "SUCCEEDED"
      : status !== "ANY" && execution.status !== status;
  const found: Mismatch[] = [];
  if (isOther) {
    const why =
      execution.failure === undefined
        ? ""
        : `: ${failureText(execution.failure)}${lastState(history)}`;
    found.push({
      field: "status",
      text: `expected ${status ?? "a failure"}, got ${execution.status}${why}`,
    });
  }
  // An execution that succeeded has neither, and that has been said.
  if (execution.status === "SUCCEEDED") return found;
  if (expected.error !== undefined && expected.error !== error)
    found.push({ field: "error", text: `expected ${expected.error}, got ${error ?? "none"}` });
  if (expected.cause !== undefined && expected.cause !== cause)
    found.push({
      field: "cause",
      text: `expected ${quoted(expected.cause)}, got ${quoted(cause)}`,
    });
  if (
    expected.causeMatches !== undefined &&
    !new RegExp(expected.causeMatches, "u").test(cause ?? "")
  )
    found.push({
      field: "causeMatches",
      text: `/${expected.causeMatches}/ finds nothing in ${quoted(cause)}`,
    });
  return found;
}

function checkOutput(
  { execution, variables }: CaseRun,
  expected: Expectation,
): readonly Mismatch[] {
  const found: Mismatch[] = [];
  const compare = (
    field: string,
    wanted: Json | undefined,
    texts: (wanted: Json) => readonly string[],
  ): void => {
    if (wanted !== undefined) found.push(...texts(wanted).map((text) => ({ field, text })));
  };
  if (execution.output !== undefined) {
    const output = parseJson(execution.output);
    compare("output", expected.output, (wanted) => differences(wanted, output, "Exact"));
    compare("outputMatches", expected.outputMatches, (wanted) =>
      differences(wanted, output, "Part"),
    );
  }
  for (const [name, wanted] of Object.entries(expected.variables ?? {})) {
    const actual = Object.hasOwn(variables, name) ? variables[name] : undefined;
    compare(`variables.${name}`, wanted, () => differences(wanted, actual, "Exact"));
  }
  return found;
}

function checkWay({ history }: CaseRun, { path, paths = {} }: Expectation): readonly Mismatch[] {
  const entered = enteredStates(history);
  const found: Mismatch[] = [];
  const compare = (field: string, wanted: readonly string[], actual: readonly string[]): void => {
    if (!followsPath(wanted, actual))
      found.push({ field, text: `expected ${wanted.join(" > ")}, got ${actual.join(" > ")}` });
  };
  if (path !== undefined) compare("path", path, entered.get("") ?? []);
  for (const [within, wanted] of Object.entries(paths)) {
    const reached = [...entered].filter(([at]) => at === within || anyIndex(at) === within);
    for (const [at, actual] of reached) compare(`paths.${at}`, wanted, actual);
    if (reached.length === 0)
      found.push({ field: `paths.${within}`, text: "the execution was never there" });
  }
  return found;
}

/** Names of the states entered, in order, by the branch or item they were entered in; "" is the top. */
function enteredStates(history: readonly HistoryEvent[]): ReadonlyMap<string, readonly string[]> {
  const entered = new Map<string, string[]>();
  for (const { type, stateName, within = "" } of history) {
    if (stateName === undefined || !type.endsWith("StateEntered")) continue;
    const at = shortPath(within);
    const names = entered.get(at);
    if (names === undefined) entered.set(at, [stateName]);
    else names.push(stateName);
  }
  return entered;
}

/** @param wanted `*` is any number of states; as few as will do, and one more wherever that fails. */
function followsPath(wanted: readonly string[], actual: readonly string[]): boolean {
  let [at, star, resumeAt] = [0, -1, 0];
  for (let i = 0; i < actual.length;) {
    if (wanted[at] === "*") {
      star = at;
      resumeAt = i;
      at += 1;
    } else if (wanted[at] === actual[i]) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      resumeAt += 1;
      i = resumeAt;
      at = star + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every((name) => name === "*");
}

function checkCounts(run: CaseRun, expected: Expectation): readonly Mismatch[] {
  const { durationSeconds, events = {}, calls = {} } = expected;
  const found: Mismatch[] = [];
  if (durationSeconds !== undefined && run.durationMs !== durationSeconds * 1000)
    found.push({
      field: "durationSeconds",
      text: `expected ${durationSeconds}, got ${run.durationMs / 1000}`,
    });
  for (const [type, wanted] of Object.entries(events)) {
    const count = run.history.filter((event) => event.type === type).length;
    if (count !== wanted)
      found.push({ field: `events.${type}`, text: `expected ${wanted}, got ${count}` });
  }
  for (const [name, wanted] of Object.entries(calls)) {
    const inputs = run.calls
      .filter((call) => namesOf(call).includes(name))
      .map((call) => parseJson(inputOf(call)));
    const texts = isArray(wanted)
      ? differences(wanted, inputs, "Exact")
      : countText(wanted, inputs);
    found.push(...texts.map((text) => ({ field: `calls.${name}`, text })));
  }
  return found;
}

function countText(wanted: number, inputs: readonly Json[]): readonly string[] {
  if (inputs.length === wanted) return [];
  const given = inputs.length === 0 ? "" : `, with ${clipped(inputs)}`;
  return [`expected ${wanted}, got ${inputs.length}${given}`];
}

function failureText({ error, cause }: NonNullable<CaseRun["execution"]["failure"]>): string {
  return [error, cause].filter((part) => part !== undefined && part !== "").join(": ");
}

/** Where an execution failed is where it was last. */
function lastState(history: readonly HistoryEvent[]): string {
  const last = history.findLast(({ stateName }) => stateName !== undefined);
  if (last?.stateName === undefined) return "";
  return ` (in ${[shortPath(last.within ?? ""), last.stateName].filter((part) => part !== "").join("/")})`;
}

function quoted(text: string | undefined): string {
  return text === undefined ? "none" : stringifyJson(text);
}
