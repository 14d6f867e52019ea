/** Valid trees to frozen states: paths parsed, templates and rules made functions, resources classified. */
import { compileChoiceRule } from "../data/choice-rule.ts";
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject, textAt } from "../json.ts";
import { isQuery } from "../data/jsonata/expression.ts";
import {
  argumentsField,
  exitFields,
  numberSetting,
  optionalTemplate,
  pathField,
  pathSetting,
  queryTemplate,
  resultFields,
  resultPathField,
  templateField,
  templateSetting,
} from "./compile-fields.ts";
import type {
  Body,
  Catcher,
  ChoiceRule,
  ErrorFields,
  MapState,
  MessageState,
  QueryLanguage,
  Retrier,
  State,
  StateBase,
  Transition,
  WaitState,
} from "./definition.ts";
import { distributedField } from "./compile-distributed.ts";
import { classifyResource } from "./resource.ts";
import { variableReferencesOf } from "./variable-references.ts";

/**
 * @param body valid.
 * @param language of the machine: a state's own does not reach into the bodies it has inside.
 */
export function compileBody(body: JsonObject, language: QueryLanguage): Body {
  const states = isObject(body["States"]) ? body["States"] : {};
  const compiled = Object.entries(states).map(([name, state]): [string, State] => [
    name,
    compileState(name, asObject(state), language),
  ]);
  return Object.freeze({ startAt: textAt(body, "StartAt"), states: new Map(compiled) });
}

type Compile = (base: Base, state: JsonObject, language: QueryLanguage) => State;
type Base = StateBase & Transition;

const compilers: Record<State["type"], Compile> = {
  Pass: (base, state) => ({
    ...base,
    type: "Pass",
    ...(state["Result"] !== undefined && { result: state["Result"] }),
    ...optionalTemplate("parameters", state["Parameters"]),
    ...resultPathField(state),
  }),
  Task: (base, state) => ({
    ...base,
    type: "Task",
    resource: Object.freeze(classifyResource(textAt(state, "Resource"))),
    ...argumentsField(base, state),
    ...templateField("credentials", state["Credentials"], base, "Credentials"),
    ...resultFields(state),
    ...errorFields(base, state),
    ...numberSetting("timeoutSeconds", state, "TimeoutSeconds"),
    ...numberSetting("heartbeatSeconds", state, "HeartbeatSeconds"),
  }),
  Choice: (base, state) => ({
    ...base,
    type: "Choice",
    rules: objectsIn(state["Choices"]).map((rule, index) => compileRule(base, rule, index)),
    ...(typeof state["Default"] === "string" && { defaultNext: state["Default"] }),
  }),
  Wait: (base, state) => ({ ...base, type: "Wait", until: compileUntil(state) }),
  Succeed: (base) => ({ ...base, type: "Succeed" }),
  Fail: (base, state) => ({
    ...base,
    type: "Fail",
    ...templateSetting("error", state, { field: "Error", language: base.queryLanguage }),
    ...templateSetting("cause", state, { field: "Cause", language: base.queryLanguage }),
  }),
  Parallel: (base, state, language) => ({
    ...base,
    type: "Parallel",
    branches: Object.freeze(
      objectsIn(state["Branches"]).map((branch) => compileBody(branch, language)),
    ),
    ...argumentsField(base, state),
    ...resultFields(state),
    ...errorFields(base, state),
  }),
  Map: compileMap,
  Message: compileMessage,
};

function compileState(name: string, state: JsonObject, language: QueryLanguage): State {
  const { Type, Comment, Next, QueryLanguage: own } = state;
  const queryLanguage = own === "JSONata" ? own : language;
  const references = variableReferencesOf(state, queryLanguage);
  const base: Base = {
    name,
    queryLanguage,
    ...(references.length > 0 && { variableReferences: references }),
    ...exitFields(queryLanguage, state, ""),
    ...(typeof Comment === "string" && { comment: Comment }),
    ...(typeof Next === "string" && { next: Next }),
    ...pathField("inputPath", state["InputPath"]),
    ...pathField("outputPath", state["OutputPath"]),
  };
  return Object.freeze(compilers[Type as State["type"]](base, state, language));
}

function compileMap(base: Base, state: JsonObject, language: QueryLanguage): MapState {
  const selector = state["ItemSelector"] ?? state["Parameters"];
  const processor = asObject(state["ItemProcessor"] ?? state["Iterator"]);
  const itemProcessor = compileBody(processor, language);
  return {
    ...base,
    type: "Map",
    itemProcessor,
    ...distributedField(base, state, { ...itemProcessor, queryLanguage: language }),
    ...(typeof state["ItemsPath"] === "string" && { itemsPath: pathSetting(state["ItemsPath"]) }),
    ...(state["Items"] !== undefined && { items: queryTemplate(state["Items"], "Items", "array") }),
    ...templateField("itemSelector", selector, base, "ItemSelector"),
    ...numberSetting("maxConcurrency", state, "MaxConcurrency"),
    ...numberSetting("toleratedFailureCount", state, "ToleratedFailureCount"),
    ...numberSetting("toleratedFailurePercentage", state, "ToleratedFailurePercentage"),
    ...resultFields(state),
    ...errorFields(base, state),
  };
}

function compileMessage(base: Base, state: JsonObject): MessageState {
  const { CorrelationValue, CorrelationValuePath, MessagePath, TimeoutPath } = state;
  const fields = errorFields(base, state);
  // The library's own name of ResultPath.
  const result = MessagePath === undefined ? state : { ...state, ResultPath: MessagePath };
  const key = textAt(state, "CorrelationKey");
  return {
    ...base,
    type: "Message",
    correlationKey:
      base.queryLanguage === "JSONata" && isQuery(key)
        ? { query: queryTemplate(key, "CorrelationKey", "string") }
        : { value: key },
    ...(CorrelationValue !== undefined && {
      correlationValue: queryTemplate(CorrelationValue, "CorrelationValue"),
    }),
    ...(typeof CorrelationValuePath === "string" && {
      correlationValue: pathSetting(CorrelationValuePath),
    }),
    ...numberSetting("timeoutSeconds", state, "TimeoutSeconds"),
    ...resultFields(result),
    ...fields,
    ...(typeof TimeoutPath === "string" && {
      catch: Object.freeze([...fields.catch, timeoutCatcher(TimeoutPath, result)]),
    }),
  };
}

/** TimeoutPath, a state: what catches a timeout that no Catcher before it does. */
function timeoutCatcher(next: string, state: JsonObject): Catcher {
  return Object.freeze({ errorEquals: ["States.Timeout"], next, ...resultPathField(state) });
}

function compileUntil(state: JsonObject): WaitState["until"] {
  const { Timestamp, TimestampPath, Seconds } = state;
  if (typeof Timestamp === "string" && isQuery(Timestamp))
    return {
      kind: "Timestamp",
      timestamp: { query: queryTemplate(Timestamp, "Timestamp", "string") },
    };
  if (typeof Seconds === "string")
    return { kind: "Seconds", seconds: { query: queryTemplate(Seconds, "Seconds", "number") } };
  if (typeof Timestamp === "string") return { kind: "Timestamp", timestamp: { value: Timestamp } };
  if (typeof TimestampPath === "string") {
    return { kind: "Timestamp", timestamp: { path: pathSetting(TimestampPath, "TimestampPath") } };
  }
  if (typeof Seconds === "number") return { kind: "Seconds", seconds: { value: Seconds } };
  return {
    kind: "Seconds",
    seconds: { path: pathSetting(textAt(state, "SecondsPath"), "SecondsPath") },
  };
}

function compileRule({ queryLanguage }: Base, rule: JsonObject, index: number): ChoiceRule {
  const field = `Choices[${index}]/`;
  return Object.freeze({
    next: textAt(rule, "Next"),
    test:
      queryLanguage === "JSONata"
        ? compileCondition(rule["Condition"], `${field}Condition`)
        : compileChoiceRule(rule),
    ...exitFields(queryLanguage, rule, field),
  });
}

function compileCondition(condition: Json | undefined, field: string): ChoiceRule["test"] {
  if (typeof condition === "boolean") return () => condition;
  const query = queryTemplate(condition ?? null, field, "boolean");
  return async (evaluation) => (await query.evaluate(evaluation)) === true;
}

function errorFields(base: Base, state: JsonObject): ErrorFields {
  return {
    retry: Object.freeze(objectsIn(state["Retry"]).map(compileRetrier)),
    catch: Object.freeze(
      objectsIn(state["Catch"]).map((catcher, index) => compileCatcher(base, catcher, index)),
    ),
  };
}

/** ASL § Retrying after error: the defaults. */
function compileRetrier(retrier: JsonObject): Retrier {
  const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds, JitterStrategy } = retrier;
  return Object.freeze({
    errorEquals: textsIn(retrier["ErrorEquals"]),
    intervalSeconds: typeof IntervalSeconds === "number" ? IntervalSeconds : 1,
    maxAttempts: typeof MaxAttempts === "number" ? MaxAttempts : 3,
    backoffRate: typeof BackoffRate === "number" ? BackoffRate : 2,
    ...(typeof MaxDelaySeconds === "number" && { maxDelaySeconds: MaxDelaySeconds }),
    jitterStrategy: JitterStrategy === "FULL" ? "FULL" : "NONE",
  });
}

function compileCatcher({ queryLanguage }: Base, catcher: JsonObject, index: number): Catcher {
  return Object.freeze({
    errorEquals: textsIn(catcher["ErrorEquals"]),
    next: textAt(catcher, "Next"),
    ...resultPathField(catcher),
    ...exitFields(queryLanguage, catcher, `Catch[${index}]/`),
  });
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

function textsIn(value: Json | undefined): readonly string[] {
  return Object.freeze(isArray(value) ? value.map(String) : []);
}
