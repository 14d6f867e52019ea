/** A definition's tree to everything that is wrong with it. ASL § Structure of a State Machine. */
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject } from "../json.ts";
import type { QueryLanguage } from "./definition.ts";
import type { At, Fields, MachineFacts } from "./fields.ts";
import {
  anything,
  checkFields,
  checkRequired,
  inside,
  integer,
  object,
  oneOf,
  report,
  shown,
  text,
  textOrNumber,
} from "./fields.ts";
import { Findings } from "./findings.ts";
import { assignments } from "./query-fields.ts";
import { isDistributed } from "./rules/distributed-map.ts";
import { checkTransitions } from "./transitions.ts";
import { nearestField } from "./unknown-field.ts";
import { checkState } from "./validate-state.ts";

/** States that a definition may have, those of branches and processors included. */
export const statesMax = 10_000;

/** Parallel and Map states one inside the other that a definition may have. */
export const bodyDepthMax = 32;

export function validate(tree: Json, machine: MachineFacts): Findings {
  const findings = new Findings();
  const at: At = { findings, pointer: "", field: "", machine, language: "JSONPath" };
  if (!isObject(tree)) {
    report(at, "DEFINITION_NOT_OBJECT", "Definition must be a valid JSON object");
    return findings;
  }
  checkMachine(tree, at);
  const language = languageOf(tree) ?? "JSONPath";
  checkBody(tree, at, {
    depth: 0,
    names: new Map(),
    labels: new Map(),
    language,
    outerVariables: new Map(),
  });
  return findings;
}

/** What holds across the whole definition. */
interface Walk {
  readonly depth: number;
  /** Names taken so far, and where. */
  readonly names: Map<string, string>;
  /** Labels of distributed Maps, and where. */
  readonly labels: Map<string, string>;
  readonly language: QueryLanguage;
  /** Variables that states around this body assign, and which state does. */
  readonly outerVariables: ReadonlyMap<string, string>;
}

const bodyFields: Fields = { StartAt: text, States: object };

const machineFields: Fields = {
  ...bodyFields,
  Version: textOrNumber,
  TimeoutSeconds: integer(1),
  QueryLanguage: oneOf("JSONPath", "JSONata"),
};

const branchFields: Fields = { ...bodyFields, QueryLanguage: oneOf("JSONPath", "JSONata") };

/** AWS refuses QueryLanguage here. */
const processorFields: Fields = { ...bodyFields, ProcessorConfig: anything };

function checkMachine(tree: JsonObject, at: At): void {
  checkFields(tree, machineFields, at, (key, fields, place) => {
    if (key !== "Name") return nearestField(key, fields, place);
    const message = "field Name is ignored; the name is given when the state machine is created";
    at.findings.add({
      severity: "WARNING",
      code: "IGNORED_FIELD",
      message,
      pointer: place.pointer,
      at: "Key",
    });
  });
}

function checkBody(body: JsonObject, at: At, walk: Walk): void {
  const missing = ["States", "StartAt"].filter((name) => !Object.hasOwn(body, name));
  if (missing.length > 0) {
    const code = missing.includes("StartAt") ? "MISSING_START_AT" : "NO_STATES";
    report(at, code, `These fields are required: [${missing.join(", ")}]`);
  }
  const states = body["States"];
  if (!isObject(states)) return;
  const place = inside(at, "States");
  if (Object.keys(states).length === 0) return report(place, "NO_STATES", "Value cannot be empty");
  const inner = { ...walk, outerVariables: withAssigned(states, walk) };
  for (const [name, state] of Object.entries(states)) {
    checkNamed(name, state, inside(place, name), inner);
    checkScope(state, { ...inside(place, name), language: walk.language }, walk);
  }
  checkTransitions(body, states, at);
}

function checkNamed(name: string, state: Json, at: At, walk: Walk): void {
  checkName(name, at, walk);
  if (walk.names.size > statesMax) return;
  if (!isObject(state))
    return report(at, "FIELD_TYPE", `Expected value of type Object, but was ${shown(state)}`);
  const language = stateLanguage(state, at, walk);
  checkState(state, { ...at, language });
  checkInner(state, at, { ...walk, depth: walk.depth + 1 });
}

function checkName(name: string, at: At, { names }: Walk): void {
  const length = Array.from(name).length;
  if (length === 0 || length > 80) {
    at.findings.add({
      code: "STATE_NAME_LENGTH",
      message: `state name is ${length} characters; it must be from 1 to 80`,
      pointer: at.pointer,
      at: "Key",
    });
  }
  const other = names.get(name);
  if (other !== undefined) {
    const message = `state name '${name}' is taken by ${other}; names are unique in the whole definition`;
    at.findings.add({ code: "DUPLICATE_STATE_NAME", message, pointer: at.pointer, at: "Key" });
  }
  names.set(other === undefined ? name : at.pointer, at.pointer);
  if (names.size === statesMax + 1) {
    at.findings.add({
      code: "TOO_MANY_STATES",
      message: `the limit is ${statesMax} states`,
      pointer: "/States",
    });
  }
}

function languageOf({ QueryLanguage: language }: JsonObject): QueryLanguage | undefined {
  return language === "JSONPath" || language === "JSONata" ? language : undefined;
}

function stateLanguage(state: JsonObject, at: At, walk: Walk): QueryLanguage {
  const own = languageOf(state);
  if (own === "JSONPath" && walk.language === "JSONata") {
    const message =
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
    report(at, "QUERY_LANGUAGE_DOWNGRADE", message);
  }
  return walk.language === "JSONata" ? walk.language : (own ?? walk.language);
}

/** The outer variables of the bodies inside these states. */
function withAssigned(states: JsonObject, walk: Walk): ReadonlyMap<string, string> {
  const found = new Map(walk.outerVariables);
  for (const [stateName, state] of Object.entries(states))
    for (const { name } of assignments(state, walk.language)) found.set(name, stateName);
  return found;
}

/**
 * An inner scope reads the variables of the scopes around it; it can not set them. AWS accepts such an
 * Assign (recorded for a variable that the Parallel's Catcher assigns, too), so it is a warning.
 */
function checkScope(state: Json, at: At, walk: Walk): void {
  for (const { name, pointer } of assignments(state, walk.language)) {
    const owner = walk.outerVariables.get(name);
    if (owner === undefined) continue;
    at.findings.add({
      severity: "WARNING",
      code: "VARIABLE_OF_OUTER_SCOPE",
      message: `variable '${name}' hides the one that state '${owner}' assigns, and does not change it`,
      pointer: at.pointer + pointer,
      at: "Key",
    });
  }
}

/** The bodies that a Parallel or a Map has inside. A state's own QueryLanguage does not reach into them. */
function checkInner(state: JsonObject, at: At, walk: Walk): void {
  if (state["Type"] === "Parallel" && isArray(state["Branches"])) {
    state["Branches"].forEach((branch, index) => {
      checkInnerBody(branch, inside(inside(at, "Branches"), index), walk, branchFields);
    });
  }
  if (state["Type"] !== "Map") return;
  checkLabel(state, at, walk);
  for (const name of ["ItemProcessor", "Iterator"]) {
    const processor = state[name];
    if (processor === undefined) continue;
    const place = inside(at, name);
    checkInnerBody(processor, asChildren(processor, place), walk, processorFields);
    if (isObject(processor))
      checkProcessorConfig(processor["ProcessorConfig"], inside(place, "ProcessorConfig"));
  }
}

/** The executions of a distributed Map's items have a type of their own. */
function asChildren(processor: Json, at: At): At {
  if (!isDistributed(processor) || !isObject(processor)) return at;
  const { ProcessorConfig: config } = processor;
  const isExpress = isObject(config) && config["ExecutionType"] === "EXPRESS";
  return isExpress ? { ...at, machine: { type: "EXPRESS" } } : at;
}

function checkLabel({ Label: label }: JsonObject, at: At, { labels }: Walk): void {
  if (typeof label !== "string") return;
  const other = labels.get(label);
  if (other !== undefined) {
    const message = `Label '${label}' is taken by ${other}; labels are unique in the whole definition`;
    report(inside(at, "Label"), "DUPLICATE_LABEL", message);
  } else labels.set(label, at.pointer);
}

function checkInnerBody(body: Json, at: At, walk: Walk, fields: Fields): void {
  if (!isObject(body))
    return report(at, "FIELD_TYPE", `Expected value of type Object, but was ${shown(body)}`);
  if (walk.depth > bodyDepthMax) {
    return report(
      at,
      "NESTING_TOO_DEEP",
      `Parallel and Map states are nested deeper than ${bodyDepthMax}`,
    );
  }
  checkFields(body, fields, at, nearestField);
  checkBody(body, at, walk);
}

const configFields: Fields = {
  Mode: oneOf("INLINE", "DISTRIBUTED"),
  ExecutionType: oneOf("STANDARD", "EXPRESS"),
};

function checkProcessorConfig(config: Json | undefined, at: At): void {
  if (config === undefined) return;
  if (!isObject(config))
    return report(at, "FIELD_TYPE", `Expected value of type Object, but was ${shown(config)}`);
  checkFields(config, configFields, at, nearestField);
  if (config["Mode"] === "DISTRIBUTED") checkRequired(config, ["ExecutionType"], at);
}
