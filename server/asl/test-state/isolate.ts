/** The state under test, taken out of its definition. */
import { compileBody } from "../definition/compile-body.ts";
import { diagnosticsOf } from "../definition/compile.ts";
import type { Definition, State } from "../definition/definition.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import { parseDefinition } from "../definition/parse.ts";
import type { DefinitionFormat, ParsedDefinition } from "../definition/parse.ts";
import { innerBodies, targetsOf } from "../definition/transitions.ts";
import { validate } from "../definition/validate.ts";
import type { Json, JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import { InvalidTest } from "./state-test.ts";
import type { StateTest } from "./state-test.ts";

/** AWS calls every state under test so, whatever its name. */
export const testedName = "StateName";

/** A machine that has nothing but the state. */
export interface Isolated {
  readonly definition: Definition;
  readonly state: State;
  /** The state as it stands in the definition. */
  readonly source: JsonObject;
}

/** @throws InvalidTest for a definition with errors, and for a name that it does not have. */
export function isolate({ definition: text, format, stateName }: StateTest): Isolated {
  const checked = check(text, format, stateName !== undefined);
  const { machine, diagnostics } = checked;
  const errors = diagnostics.filter(({ severity }) => severity === "ERROR");
  if (errors.length > 0 || !isObject(machine))
    throw new InvalidTest("the definition has errors", "InvalidDefinition", errors);
  const source = findState(machine, stateName ?? testedName);
  if (source === undefined) throw new InvalidTest("State not found in definition");
  const queryLanguage = machine["QueryLanguage"] === "JSONata" ? "JSONata" : "JSONPath";
  const alone = { StartAt: testedName, States: { [testedName]: source } };
  const definition = { ...compileBody(alone, queryLanguage), queryLanguage } as const;
  return { definition, state: definition.states.get(testedName) as State, source };
}

/** Everything that is wrong with a state on its own, whose targets need not exist. */
export function validateState(text: string, format?: DefinitionFormat): readonly Diagnostic[] {
  return check(text, format, false).diagnostics;
}

interface Checked {
  /** Absent when the text can not be read at all. */
  readonly machine?: Json;
  readonly diagnostics: readonly Diagnostic[];
}

function check(text: string, format: DefinitionFormat | undefined, isMachine: boolean): Checked {
  const parsed = parseDefinition(text, format);
  const { tree, findings } = parsed;
  if (tree === undefined) return { diagnostics: diagnosticsOf(findings, parsed) };
  const machine = isMachine ? tree : machineAround(tree);
  const { found } = validate(machine, { type: "STANDARD" });
  const located = isMachine ? parsed : { ...parsed, locate: locateInside(parsed) };
  return { machine, diagnostics: diagnosticsOf([...findings, ...found], located) };
}

function machineAround(state: Json): JsonObject {
  const targets = targetsOf(state, "").map(({ name }) => [name, { Type: "Succeed" }] as const);
  return {
    StartAt: testedName,
    States: { ...Object.fromEntries(targets), [testedName]: state },
  };
}

/** Findings name places in the machine around the state. */
function locateInside({ locate }: ParsedDefinition): ParsedDefinition["locate"] {
  const around = `/States/${testedName}`;
  return (spot) => locate({ ...spot, pointer: spot.pointer.replace(around, "") });
}

/** Names are unique in a whole definition. */
export function findState(body: JsonObject, name: string): JsonObject | undefined {
  const states = isObject(body["States"]) ? body["States"] : {};
  if (Object.hasOwn(states, name) && isObject(states[name])) return states[name];
  for (const state of Object.values(states)) {
    for (const { body: inner } of innerBodies(state, "")) {
      const found = findState(inner, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
