/**
 * Definitions of state-machine-amz-go as definitions of Pawl.
 *
 * The library reads the Amazon States Language with habits of its own. What it meant differently is
 * rewritten, and each rewriting is noted; what nobody can know from the text is noted to be looked at.
 */
import {
  compileDefinition,
  isArray,
  isNumber,
  isObject,
  parseDefinition,
  pointerSegment,
  stringifyJson,
  writeDefinition,
} from "../asl/index.ts";
import type { DefinitionFormat, Diagnostic, Json, JsonObject } from "../asl/index.ts";
import type { ChoiceOptions } from "./choice-rule.ts";
import { edited, without } from "./edit.ts";
import { Notes } from "./notes.ts";
import type { Note } from "./notes.ts";
import { commonRules, rulesByType } from "./state-rules.ts";

export interface ImportOptions extends ChoiceOptions {
  /** Of the text; found out from it unless given. */
  readonly from?: DefinitionFormat;
  /** Of the result; that of the text unless given. */
  readonly to?: DefinitionFormat;
}

export interface ImportedDefinition {
  /** Absent when the text could not be read; `diagnostics` say why. */
  readonly text?: string;
  /** The name that the definition has inside, for `pawl apply --name`. */
  readonly name?: string;
  /** In the order of the text. */
  readonly notes: readonly Note[];
  /** What is wrong or doubtful with the result; lines and columns are the result's. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws for what a user wrote. Without `guardMissing`, importing the result again changes nothing. */
export function importSeed(source: string, options: ImportOptions): ImportedDefinition {
  const { tree, format } = parseDefinition(source, options.from);
  if (!isObject(tree)) {
    const { diagnostics } = compileDefinition(source, { format });
    return { notes: [], diagnostics };
  }
  const notes = new Notes();
  const { Name: name } = tree;
  const machine = importMachine(tree, notes, options);
  const to = options.to ?? format;
  const text = writeDefinition(machine, to);
  const { diagnostics } = compileDefinition(text, { format: to });
  return { text, notes: notes.all, diagnostics, ...(typeof name === "string" && { name }) };
}

function importMachine(tree: JsonObject, notes: Notes, options: ChoiceOptions): JsonObject {
  let machine = tree;
  if (tree["Name"] !== undefined) {
    notes.at("Name").changed("NAME", "left out: a state machine gets its name when it is applied");
    machine = without(machine, "Name");
  }
  machine = edited(machine, "Version", notes, (version, place) => {
    if (!isNumber(version)) return version;
    const text = stringifyJson(version) + (Number.isInteger(version) ? ".0" : "");
    place.changed("VERSION", `is the text "${text}"`);
    return text;
  });
  return importBody(machine, notes, options);
}

function importBody(body: JsonObject, notes: Notes, options: ChoiceOptions): JsonObject {
  return edited(body, "States", notes, (states, place) => {
    if (!isObject(states)) return states;
    return Object.fromEntries(
      Object.entries(states).map(([name, state]) => [
        name,
        importState(state, place.at(pointerSegment(name)), options),
      ]),
    );
  });
}

function importState(state: Json, notes: Notes, options: ChoiceOptions): Json {
  if (!isObject(state)) return state;
  const { Type } = state;
  const rules = [...commonRules, ...((typeof Type === "string" && rulesByType.get(Type)) || [])];
  const imported = rules.reduce((result, rule) => rule(result, notes, options), state);
  const inner = (body: Json, place: Notes): Json =>
    isObject(body) ? importBody(body, place, options) : body;
  return edited(imported, "Branches", notes, (branches, place) =>
    isArray(branches)
      ? branches.map((branch, index) => inner(branch, place.at(String(index))))
      : branches,
  );
}
