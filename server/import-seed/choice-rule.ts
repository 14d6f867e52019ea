/**
 * A Choice Rule. The library takes several operators in one rule and tests the first it knows of, and a
 * `Variable` beside And, Or or Not is where the paths inside begin. Here a rule has one operator, and
 * paths begin at the state's input.
 */
import { isArray, isObject } from "../asl/index.ts";
import type { Json, JsonObject } from "../asl/index.ts";
import { without } from "./edit.ts";
import type { Notes } from "./notes.ts";

export interface ChoiceOptions {
  /** A rule whose Variable is missing does not match, as in the library, instead of failing the execution. */
  readonly guardMissing: boolean;
}

/** @param base the Variable of the rules around it. */
export function importChoiceRule(
  rule: Json,
  notes: Notes,
  options: ChoiceOptions,
  base = "$",
): Json {
  if (!isObject(rule)) return rule;
  const variable = variableOf(rule, base, notes);
  const connectives = Object.keys(rule).filter((key) => connectiveNames.has(key));
  const operators = Object.keys(rule).filter((key) => !otherNames.has(key));
  if (connectives.length > 0 && variable !== undefined)
    notes.changed("CHOICE_VARIABLE", `the paths inside begin with ${variable} now`);
  if (operators.length > 1)
    notes.changed(
      "CHOICE_OPERATORS",
      `${operators.join(" and ")} became an And: all must hold, where only one was tested`,
    );
  const tests = [
    ...operators.flatMap((name) => comparison(name, rule[name]!, variable, options)),
    ...connectives.map((name) => ({
      [name]: inner(rule[name]!, notes.at(name), options, variable ?? base),
    })),
  ];
  const rest = without(rule, "Variable", ...operators, ...connectives);
  const [only = {}] = tests;
  return { ...(tests.length > 1 ? { And: tests } : only), ...rest };
}

/** The tests that stand for one operator. */
function comparison(
  name: string,
  value: Json,
  variable: string | undefined,
  { guardMissing }: ChoiceOptions,
): readonly JsonObject[] {
  if (variable === undefined) return [{ [name]: value }];
  const test = { Variable: variable, [name]: value };
  return guardMissing && name !== "IsPresent"
    ? [{ Variable: variable, IsPresent: true }, test]
    : [test];
}

function inner(value: Json, notes: Notes, options: ChoiceOptions, base: string): Json {
  if (!isArray(value)) return importChoiceRule(value, notes, options, base);
  return value.map((each, index) => importChoiceRule(each, notes.at(String(index)), options, base));
}

/** A rule's Variable as a path into the state's input. */
function variableOf({ Variable }: JsonObject, base: string, notes: Notes): string | undefined {
  if (typeof Variable !== "string") return undefined;
  if (base === "$" || /^\$[.[]/.test(Variable) || Variable === "$")
    return base === "$" ? Variable : base + Variable.slice(1);
  notes.look("CHOICE_VARIABLE", `"${Variable}" is no path and was left`);
  return Variable;
}

const connectiveNames = new Set(["And", "Or", "Not"]);
const otherNames = new Set([...connectiveNames, "Variable", "Next", "Comment", "Assign"]);
