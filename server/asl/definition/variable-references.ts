/** Which variables a definition refers to, state by state. */
import { compileQueryTemplate } from "../data/jsonata/template.ts";
import { looksIntrinsic, parseIntrinsic, pathsIn } from "../data/intrinsics/index.ts";
import { compileJsonPath } from "../data/json-path.ts";
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject } from "../json.ts";
import type { Body, Definition, QueryLanguage } from "./definition.ts";

/** As DescribeStateMachine shows it: names by state, sorted; states without any are left out. */
export function variableReferences(definition: Definition): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const pending: Body[] = [definition];
  for (let body = pending.pop(); body !== undefined; body = pending.pop()) {
    for (const [name, state] of body.states) {
      if (state.variableReferences !== undefined) found.set(name, state.variableReferences);
      if (state.type === "Map") pending.push(state.itemProcessor);
      if (state.type === "Parallel") pending.push(...state.branches);
    }
  }
  return found;
}

/** States inside are states of their own; a Result is no template. */
const notScanned: ReadonlySet<string> = new Set([
  "Branches",
  "ItemProcessor",
  "Iterator",
  "Result",
]);

/** Of one valid state, sorted. */
export function variableReferencesOf(
  state: JsonObject,
  language: QueryLanguage,
): readonly string[] {
  const names = new Set<string>();
  for (const [key, value] of Object.entries(state)) {
    if (notScanned.has(key)) continue;
    if (language === "JSONata") {
      const { variables } = compileQueryTemplate(value, { field: key, report: () => {} });
      for (const name of variables) names.add(name);
    } else addFromPaths(key, value, names);
  }
  names.delete("states");
  return Object.freeze([...names].toSorted());
}

/** TimeoutPath of a Message state is the name of a state. */
const isPath = (key: string): boolean =>
  (key.endsWith("Path") && key !== "TimeoutPath") || key === "Variable";

/** Everything inside them but `.$` is data. */
const templates: ReadonlySet<string> = new Set([
  "Parameters",
  "ResultSelector",
  "ItemSelector",
  "Assign",
  "BatchInput",
  "Credentials",
]);

function addFromPaths(key: string, value: Json, names: Set<string>): void {
  if (templates.has(key)) addFromTemplate(value, names);
  else if (isArray(value)) for (const item of value) addFromPaths("", item, names);
  else if (isObject(value))
    for (const [name, item] of Object.entries(value)) addFromPaths(name, item, names);
  else if (typeof value === "string" && isPath(key)) addFromExpression(value, names);
}

function addFromTemplate(value: Json, names: Set<string>): void {
  if (isArray(value)) for (const item of value) addFromTemplate(item, names);
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    if (name.endsWith(".$") && typeof item === "string") addFromExpression(item, names);
    else addFromTemplate(item, names);
  }
}

function addFromExpression(text: string, names: Set<string>): void {
  const paths = looksIntrinsic(text) ? pathsIn(parseIntrinsic(text)) : [compileJsonPath(text)];
  for (const { root } of paths) if (root.kind === "Variable") names.add(root.name);
}
