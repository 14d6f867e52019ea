/** Whether every transition of a body leads to one of its states, and every state can be reached. */
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject } from "../json.ts";
import { pointerSegment } from "../json-scan.ts";
import type { At } from "./fields.ts";
import { didYouMean } from "./suggest.ts";

/** Where a state may lead. */
export interface Target {
  readonly name: string;
  readonly pointer: string;
}

export function checkTransitions(body: JsonObject, states: JsonObject, at: At): void {
  const { StartAt } = body;
  const start =
    typeof StartAt === "string" ? [{ name: StartAt, pointer: `${at.pointer}/StartAt` }] : [];
  const targets = new Map(
    Object.entries(states).map(([name, state]) => [
      name,
      targetsOf(state, `${at.pointer}/States/${pointerSegment(name)}`),
    ]),
  );
  const names = [...targets.keys()];
  for (const target of [...start, ...[...targets.values()].flat()]) {
    if (!targets.has(target.name)) reportMissing(target, names, at);
  }
  // Where the start is unknown, everything would be unreachable: no news.
  if (start.some(({ name }) => targets.has(name))) reportUnreachable(start, targets, at);
}

/** AWS calls every transition's field Next, whatever its name. */
function reportMissing({ name, pointer }: Target, names: readonly string[], at: At): void {
  at.findings.add({
    code: "UNKNOWN_STATE",
    awsCode: "MISSING_TRANSITION_TARGET",
    message: `Missing 'Next' target: ${name}`,
    pointer,
    ...didYouMean(name, names, at.findings),
  });
}

function reportUnreachable(
  start: readonly Target[],
  targets: ReadonlyMap<string, readonly Target[]>,
  at: At,
): void {
  const reached = new Set<string>();
  const pending = start.map(({ name }) => name);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const target of targets.get(name) ?? []) pending.push(target.name);
  }
  for (const name of targets.keys()) {
    if (reached.has(name)) continue;
    at.findings.add({
      code: "UNREACHABLE_STATE",
      awsCode: "MISSING_TRANSITION_TARGET",
      message: `State "${name}" is not reachable.`,
      pointer: `${at.pointer}/States/${pointerSegment(name)}`,
      at: "Key",
    });
  }
}

/** Every transition of a state, in the order of ASL § Transitions; `pointer` is the state's own. */
export function targetsOf(state: Json, pointer: string): readonly Target[] {
  if (!isObject(state)) return [];
  return [
    ...named(state, "Next", pointer),
    ...(state["Type"] === "Choice" ? named(state, "Default", pointer) : []),
    ...(state["Type"] === "Choice" ? fromRules(state["Choices"], `${pointer}/Choices`) : []),
    ...fromRules(state["Catch"], `${pointer}/Catch`),
    ...(state["Type"] === "Message" ? named(state, "TimeoutPath", pointer) : []),
  ];
}

/** The branches of a Parallel or the processor of a Map. */
export function innerBodies(
  state: Json | undefined,
  pointer: string,
): readonly { readonly body: JsonObject; readonly pointer: string }[] {
  if (!isObject(state)) return [];
  const branches = isArray(state["Branches"]) ? state["Branches"] : [];
  return [
    ...branches.map((body, index) => ({ body, pointer: `${pointer}/Branches/${index}` })),
    ...["ItemProcessor", "Iterator"].map((name) => ({
      body: state[name],
      pointer: `${pointer}/${name}`,
    })),
  ].filter((inner): inner is { body: JsonObject; pointer: string } => isObject(inner.body));
}

function fromRules(rules: Json | undefined, pointer: string): readonly Target[] {
  if (!isArray(rules)) return [];
  return rules.flatMap((rule, index) =>
    isObject(rule) ? named(rule, "Next", `${pointer}/${index}`) : [],
  );
}

function named(object: JsonObject, field: string, pointer: string): readonly Target[] {
  const name = object[field];
  return typeof name === "string" ? [{ name, pointer: `${pointer}/${field}` }] : [];
}
