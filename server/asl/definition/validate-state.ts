/** One state: its type's fields, and whether it says where to go. */
import type { Json, JsonObject } from "../json.ts";
import type { At, Check, Fields, NearestField } from "./fields.ts";
import {
  anything,
  checkFields,
  checkRequired,
  flag,
  inside,
  oneOf,
  pathOrNull,
  referencePathOrNull,
  report,
  shown,
  text,
} from "./fields.ts";
import { choiceRule } from "./rules/choice.ts";
import { failRule } from "./rules/fail.ts";
import { mapRule } from "./rules/map.ts";
import { messageRule } from "./rules/message.ts";
import { parallelRule } from "./rules/parallel.ts";
import { passRule } from "./rules/pass.ts";
import { succeedRule } from "./rules/succeed.ts";
import { taskRule } from "./rules/task.ts";
import { waitRule } from "./rules/wait.ts";
import { assign } from "./query-fields.ts";
import type { PathField, StateRule } from "./state-rule.ts";
import { didYouMean } from "./suggest.ts";
import { nearestField } from "./unknown-field.ts";
import type { QueryLanguage, State } from "./definition.ts";

/** In the order of AWS's message. */
const awsRules: Record<Exclude<State["type"], "Message">, StateRule> = {
  Task: taskRule,
  Wait: waitRule,
  Pass: passRule,
  Succeed: succeedRule,
  Fail: failRule,
  Choice: choiceRule,
  Parallel: parallelRule,
  Map: mapRule,
};

const rules: Record<State["type"], StateRule> = { ...awsRules, Message: messageRule };

const pathChecks: Record<PathField, Check> = {
  InputPath: pathOrNull,
  OutputPath: pathOrNull,
  ResultPath: referencePathOrNull,
};

export function checkState(state: JsonObject, at: At): void {
  const { Type } = state;
  if (Type === undefined) return checkRequired(state, ["Type"], at);
  const rule =
    typeof Type === "string" && Object.hasOwn(rules, Type)
      ? rules[Type as State["type"]]
      : undefined;
  if (rule === undefined) return reportType(Type, inside(at, "Type"));
  checkFields(state, fieldsOf(rule, at.language), at, nearestOf(rule));
  checkRequired(state, rule.required, at);
  if (rule.transition === "NextOrEnd") checkNextOrEnd(state, at);
  rule.check?.(state, at);
}

/** A field that only states of the other query language have is named as what it is. */
function nearestOf(rule: StateRule): NearestField {
  return (key, fields, at) => {
    const other = at.language === "JSONata" ? "JSONPath" : "JSONata";
    if (!Object.hasOwn(fieldsOf(rule, other), key)) return nearestField(key, fields, at);
    at.findings.add({
      code: "OTHER_QUERY_LANGUAGE",
      message: `The QueryLanguage is set to '${at.language}', but field '${key}' is only supported for the '${other}' QueryLanguage`,
      pointer: at.pointer,
      at: "Key",
    });
  };
}

function reportType(type: Json, at: At): void {
  at.findings.add({
    code: "UNKNOWN_TYPE",
    message: `The field 'Type' should have one of these values: [${Object.keys(awsRules).join(", ")}]`,
    pointer: at.pointer,
    ...didYouMean(typeof type === "string" ? type : shown(type), Object.keys(rules), at.findings),
  });
}

function fieldsOf(rule: StateRule, language: QueryLanguage): Fields {
  return {
    Type: anything,
    QueryLanguage: oneOf("JSONPath", "JSONata"),
    ...(rule.isFinal !== true && { Assign: assign }),
    ...(rule.transition === "NextOrEnd" && { Next: text, End: flag }),
    ...(language === "JSONata"
      ? rule.jsonataFields
      : {
          ...rule.fields,
          ...Object.fromEntries(rule.paths.map((name) => [name, pathChecks[name]])),
        }),
  };
}

function checkNextOrEnd(state: JsonObject, at: At): void {
  const hasNext = Object.hasOwn(state, "Next");
  const { End } = state;
  if (hasNext && End === true) report(at, "NEXT_AND_END", "Next and End can not both be set");
  if (!hasNext && End !== true) {
    const message =
      End === undefined
        ? "These fields are required: [Next] or [End]"
        : "End is false and Next is missing";
    report(at, "MISSING_NEXT", message);
  }
}
