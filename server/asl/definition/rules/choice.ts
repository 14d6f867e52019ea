/** ASL § Choice State. */
import { comparisons, operatorNames, typeTests } from "../../data/comparison.ts";
import { compileGlob } from "../../data/glob.ts";
import type { Json, JsonObject } from "../../json.ts";
import { isArray, isNumber, isObject } from "../../json.ts";
import type { At, Check, Fields } from "../fields.ts";
import {
  anything,
  checkFields,
  checkRequired,
  flag,
  inside,
  path,
  report,
  shown,
  text,
  timestamp,
} from "../fields.ts";
import type { StateRule } from "../state-rule.ts";
import { nearestField } from "../unknown-field.ts";
import { assign, queries, queryOr } from "../query-fields.ts";

const number: Check = (value, at) => {
  if (!isNumber(value))
    report(at, "FIELD_TYPE", `Expected value of type Number, but was ${shown(value)}`);
};

const pattern: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  try {
    compileGlob(value);
  } catch (error) {
    report(at, "PATTERN_INVALID", error instanceof Error ? error.message : "pattern is invalid");
  }
};

const operandChecks = { string: text, number, boolean: flag, timestamp, pattern };

const operators: Fields = Object.fromEntries(
  operatorNames.map((name): [string, Check] => {
    const comparison = comparisons.get(name);
    if (comparison !== undefined) return [name, operandChecks[comparison.operandType]];
    return [name, name === "IsPresent" || typeTests.has(name) ? flag : path];
  }),
);

const connectives = ["And", "Or", "Not"] as const;
const nestedFields: Fields = {
  ...operators,
  Variable: path,
  And: anything,
  Or: anything,
  Not: anything,
};
const ruleFields: Fields = { ...nestedFields, Next: text, Assign: assign };

const choices: Check = (value, at) => {
  if (!isArray(value))
    return report(at, "FIELD_TYPE", `Expected value of type Array, but was ${shown(value)}`);
  if (value.length === 0) report(at, "EMPTY_CHOICES", "Value cannot be empty");
  value.forEach((rule, index) => checkRule(rule, inside(at, index), true));
};

const queriedFields: Fields = {
  Condition: queryOr(flag),
  Next: text,
  Assign: assign,
  Output: queries,
};

const queriedChoices: Check = (value, at) => {
  if (!isArray(value))
    return report(at, "FIELD_TYPE", `Expected value of type Array, but was ${shown(value)}`);
  if (value.length === 0) report(at, "EMPTY_CHOICES", "Value cannot be empty");
  value.forEach((rule, index) => {
    const place = inside(at, index);
    if (!isObject(rule))
      return report(place, "FIELD_TYPE", `Expected value of type Object, but was ${shown(rule)}`);
    checkFields(rule, queriedFields, place, nearestField);
    checkRequired(rule, ["Condition", "Next"], place);
  });
};

function checkRule(rule: Json, at: At, isTop: boolean): void {
  if (!isObject(rule))
    return report(at, "FIELD_TYPE", `Expected value of type Object, but was ${shown(rule)}`);
  checkFields(rule, isTop ? ruleFields : nestedFields, at, nearestField);
  if (isTop) checkRequired(rule, ["Next"], at);
  const used = connectives.filter((name) => Object.hasOwn(rule, name));
  const compared = Object.keys(rule).filter((key) => Object.hasOwn(operators, key));
  if (used.length + compared.length > 1) {
    const message = `a rule has one operator, not several: [${[...used, ...compared].join(", ")}]`;
    at.findings.add({
      code: "MULTIPLE_OPERATORS",
      message,
      pointer: at.pointer,
      suggestion: "put each into a rule of its own inside And",
    });
  }
  const [connective] = used;
  if (connective !== undefined) checkConnective(connective, rule, at);
  else checkComparison(rule, compared, at);
}

function checkComparison(rule: JsonObject, compared: readonly string[], at: At): void {
  if (compared.length === 0)
    report(at, "MISSING_OPERATOR", "a rule needs a comparison operator, And, Or or Not");
  checkRequired(rule, ["Variable"], at);
}

function checkConnective(name: (typeof connectives)[number], rule: JsonObject, at: At): void {
  if (Object.hasOwn(rule, "Variable")) {
    const message = `Variable has no effect beside ${name}; give each rule inside ${name} its whole path`;
    report(inside(at, "Variable"), "UNKNOWN_FIELD", message);
  }
  const place = inside(at, name);
  const operand = rule[name] ?? null;
  if (name === "Not") return checkRule(operand, place, false);
  if (!isArray(operand))
    return report(place, "FIELD_TYPE", `Expected value of type Array, but was ${shown(operand)}`);
  if (operand.length === 0) report(place, "EMPTY_CHOICES", "Value cannot be empty");
  operand.forEach((inner, index) => checkRule(inner, inside(place, index), false));
}

export const choiceRule: StateRule = {
  fields: { Choices: choices, Default: text },
  jsonataFields: { Choices: queriedChoices, Default: text, Output: queries },
  paths: ["InputPath", "OutputPath"],
  required: ["Choices"],
  transition: "None",
};
