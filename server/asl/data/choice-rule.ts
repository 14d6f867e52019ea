/** ASL § Choice State: a rule's condition, compiled to one function. The rule was validated before. */
import type { Evaluation } from "../definition/definition.ts";
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject, textAt } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { comparisons, typeTests } from "./comparison.ts";
import { compileGlob } from "./glob.ts";
import type { JsonPath } from "./json-path.ts";
import { compileJsonPath } from "./json-path.ts";
import { invalidVariable } from "./path-expression.ts";

/** @throws StatesError States.Runtime when Variable, or the path it is compared with, names nothing. */
export type Test = (evaluation: Evaluation) => boolean;

/** @param rule valid. */
export function compileChoiceRule(rule: JsonObject): Test {
  if (isArray(rule["And"])) {
    const tests = rule["And"].filter(isObject).map(compileChoiceRule);
    return (evaluation) => tests.every((test) => test(evaluation));
  }
  if (isArray(rule["Or"])) {
    const tests = rule["Or"].filter(isObject).map(compileChoiceRule);
    return (evaluation) => tests.some((test) => test(evaluation));
  }
  if (isObject(rule["Not"])) {
    const test = compileChoiceRule(rule["Not"]);
    return (evaluation) => !test(evaluation);
  }
  return compileComparison(rule);
}

function compileComparison(rule: JsonObject): Test {
  const variable = compileJsonPath(textAt(rule, "Variable"));
  for (const operator of Object.keys(rule)) {
    const test = compileOperator(operator, rule, variable);
    if (test !== undefined) return test;
  }
  throw new Error("the rule has no operator");
}

function compileOperator(operator: string, rule: JsonObject, variable: JsonPath): Test | undefined {
  const operand = rule[operator] ?? null;
  if (operator === "IsPresent") return (evaluation) => isPresent(variable, evaluation) === operand;
  if (operator === "StringMatches") {
    const matches = compileGlob(textAt(rule, operator));
    return (evaluation) => {
      const value = valueOf(variable, evaluation);
      return typeof value === "string" && matches(value);
    };
  }
  const typeTest = typeTests.get(operator);
  if (typeTest !== undefined)
    return (evaluation) => typeTest(valueOf(variable, evaluation)) === operand;
  const comparison = comparisons.get(operator);
  if (comparison !== undefined)
    return (evaluation) => comparison.holds(valueOf(variable, evaluation), operand);
  const byPath = operator.endsWith("Path")
    ? comparisons.get(operator.slice(0, -"Path".length))
    : undefined;
  if (byPath === undefined) return undefined;
  const other = compileJsonPath(textAt(rule, operator));
  return (evaluation) => byPath.holds(valueOf(variable, evaluation), valueOf(other, evaluation));
}

function isPresent(variable: JsonPath, evaluation: Evaluation): boolean {
  const value = variable.find(evaluation);
  return value !== undefined && (variable.isDefinite || (isArray(value) && value.length > 0));
}

function valueOf(path: JsonPath, evaluation: Evaluation): Json {
  const value = path.find(evaluation);
  if (value === undefined)
    throw new StatesError("States.Runtime", invalidVariable(path, evaluation));
  return value;
}
