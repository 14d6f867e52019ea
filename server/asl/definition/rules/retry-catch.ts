/** ASL § Errors: Retry and Catch of Task, Parallel and Map. */
import type { Json, JsonObject } from "../../json.ts";
import { isArray, isObject } from "../../json.ts";
import type { QueryLanguage } from "../definition.ts";
import type { At, Check, Fields } from "../fields.ts";
import {
  checkFields,
  checkRequired,
  inside,
  integer,
  number,
  oneOf,
  referencePathOrNull,
  report,
  shown,
  text,
} from "../fields.ts";
import { nearestField } from "../unknown-field.ts";
import { assign, queries } from "../query-fields.ts";

/** ASL § Appendix A, and names that AWS adds. Others that begin with `States.` are reserved. */
const predefinedErrors: ReadonlySet<string> = new Set([
  "States.ALL",
  "States.BranchFailed",
  "States.DataLimitExceeded",
  "States.ExceedToleratedFailureThreshold",
  "States.HeartbeatTimeout",
  "States.Http.Socket",
  "States.IntrinsicFailure",
  "States.ItemReaderFailed",
  "States.NoChoiceMatched",
  "States.ParameterPathFailure",
  "States.Permissions",
  "States.QueryEvaluationError",
  "States.ResultPathMatchFailure",
  "States.ResultWriterFailed",
  "States.Runtime",
  "States.TaskFailed",
  "States.Timeout",
]);

const errorEquals: Check = (value, at) => {
  if (!isArray(value))
    return report(at, "FIELD_TYPE", `Expected value of type Array, but was ${shown(value)}`);
  if (value.length === 0) report(at, "EMPTY_ERROR_EQUALS", "Value cannot be empty");
  value.forEach((name, index) => checkErrorName(name, inside(at, index)));
};

function checkErrorName(name: Json, at: At): void {
  if (typeof name !== "string") return text(name, at);
  if (name === "") report(at, "EMPTY_VALUE", "Value cannot be empty");
  else if (name.startsWith("States.") && !predefinedErrors.has(name)) {
    report(
      at,
      "RESERVED_ERROR_NAME",
      `'${name}' is not one of the predefined errors; names that begin with States. are reserved`,
    );
  }
}

const retrierFields: Fields = {
  ErrorEquals: errorEquals,
  IntervalSeconds: integer(1),
  MaxAttempts: integer(0),
  BackoffRate: number(1),
  MaxDelaySeconds: integer(1, 31_622_399),
  JitterStrategy: oneOf("FULL", "NONE"),
};

const catcherFields: Fields = { ErrorEquals: errorEquals, Next: text, Assign: assign };

const catcherFieldsIn: Record<QueryLanguage, Fields> = {
  JSONPath: { ...catcherFields, ResultPath: referencePathOrNull },
  JSONata: { ...catcherFields, Output: queries },
};

export const retry: Check = (value, at) => {
  eachRule(value, at, (rule, place) => {
    checkFields(rule, retrierFields, place, nearestField);
    checkRequired(rule, ["ErrorEquals"], place);
    const { IntervalSeconds = 1, MaxDelaySeconds } = rule;
    if (
      typeof IntervalSeconds === "number" &&
      typeof MaxDelaySeconds === "number" &&
      MaxDelaySeconds < IntervalSeconds
    ) {
      const message = `MaxDelaySeconds is ${MaxDelaySeconds}; it must not be below IntervalSeconds, ${IntervalSeconds}`;
      report(inside(place, "MaxDelaySeconds"), "FIELD_RANGE", message);
    }
  });
};

export const catchers: Check = (value, at) => {
  eachRule(value, at, (rule, place) => {
    checkFields(rule, catcherFieldsIn[at.language], place, nearestField);
    checkRequired(rule, ["ErrorEquals", "Next"], place);
  });
};

function eachRule(value: Json, at: At, check: (rule: JsonObject, at: At) => void): void {
  if (!isArray(value))
    return report(at, "FIELD_TYPE", `Expected value of type Array, but was ${shown(value)}`);
  value.forEach((rule, index) => {
    const place = inside(at, index);
    if (!isObject(rule))
      return report(place, "FIELD_TYPE", `Expected value of type Object, but was ${shown(rule)}`);
    check(rule, place);
    checkStatesAll(rule, index === value.length - 1, inside(place, "ErrorEquals"));
  });
}

/** ASL: States.ALL "must appear alone in the array" and "in the last retrier". */
function checkStatesAll(rule: JsonObject, isLast: boolean, at: At): void {
  const { ErrorEquals } = rule;
  if (!isArray(ErrorEquals) || !ErrorEquals.includes("States.ALL")) return;
  if (ErrorEquals.length > 1)
    report(at, "STATES_ALL_ALONE_LAST", "States.ALL must appear alone in ErrorEquals");
  if (!isLast) report(at, "STATES_ALL_ALONE_LAST", "States.ALL must appear in the last entry");
}
