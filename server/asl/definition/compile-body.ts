/** Valid trees to frozen states: paths parsed, templates and rules made functions, resources classified. */
import { compileChoiceRule } from "../data/choice-rule.ts";
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject, textAt } from "../json.ts";
import {
  numberSetting,
  optionalTemplate,
  pathField,
  pathSetting,
  resultFields,
  resultPathField,
  templateSetting,
} from "./compile-fields.ts";
import type {
  Body,
  Catcher,
  ChoiceRule,
  ErrorFields,
  MapState,
  Retrier,
  State,
  StateBase,
  Transition,
  WaitState,
} from "./definition.ts";
import { classifyResource } from "./resource.ts";

/** @param body valid. */
export function compileBody(body: JsonObject): Body {
  const states = isObject(body["States"]) ? body["States"] : {};
  const compiled = Object.entries(states).map(([name, state]): [string, State] => [
    name,
    compileState(name, asObject(state)),
  ]);
  return Object.freeze({ startAt: textAt(body, "StartAt"), states: new Map(compiled) });
}

type Compile = (base: StateBase & Transition, state: JsonObject) => State;

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
    ...optionalTemplate("parameters", state["Parameters"]),
    ...optionalTemplate("credentials", state["Credentials"]),
    ...resultFields(state),
    ...errorFields(state),
    ...numberSetting("timeoutSeconds", state, "TimeoutSeconds"),
    ...numberSetting("heartbeatSeconds", state, "HeartbeatSeconds"),
  }),
  Choice: (base, state) => ({
    ...base,
    type: "Choice",
    rules: objectsIn(state["Choices"]).map(compileRule),
    ...(typeof state["Default"] === "string" && { defaultNext: state["Default"] }),
  }),
  Wait: (base, state) => ({ ...base, type: "Wait", until: compileUntil(state) }),
  Succeed: (base) => ({ ...base, type: "Succeed" }),
  Fail: (base, state) => ({
    ...base,
    type: "Fail",
    ...templateSetting("error", state, "Error"),
    ...templateSetting("cause", state, "Cause"),
  }),
  Parallel: (base, state) => ({
    ...base,
    type: "Parallel",
    branches: Object.freeze(objectsIn(state["Branches"]).map(compileBody)),
    ...optionalTemplate("parameters", state["Parameters"]),
    ...resultFields(state),
    ...errorFields(state),
  }),
  Map: compileMap,
};

function compileState(name: string, state: JsonObject): State {
  const { Type, Comment, Next } = state;
  const base: StateBase & Transition = {
    name,
    queryLanguage: "JSONPath",
    ...(typeof Comment === "string" && { comment: Comment }),
    ...(typeof Next === "string" && { next: Next }),
    ...pathField("inputPath", state["InputPath"]),
    ...pathField("outputPath", state["OutputPath"]),
  };
  return Object.freeze(compilers[Type as State["type"]](base, state));
}

function compileMap(base: StateBase & Transition, state: JsonObject): MapState {
  return {
    ...base,
    type: "Map",
    itemProcessor: compileBody(asObject(state["ItemProcessor"] ?? state["Iterator"])),
    ...(typeof state["ItemsPath"] === "string" && { itemsPath: pathSetting(state["ItemsPath"]) }),
    ...optionalTemplate("itemSelector", state["ItemSelector"] ?? state["Parameters"]),
    ...numberSetting("maxConcurrency", state, "MaxConcurrency"),
    ...numberSetting("toleratedFailureCount", state, "ToleratedFailureCount"),
    ...numberSetting("toleratedFailurePercentage", state, "ToleratedFailurePercentage"),
    ...resultFields(state),
    ...errorFields(state),
  };
}

function compileUntil(state: JsonObject): WaitState["until"] {
  const { Timestamp, TimestampPath, Seconds } = state;
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

function compileRule(rule: JsonObject): ChoiceRule {
  return Object.freeze({ next: textAt(rule, "Next"), test: compileChoiceRule(rule) });
}

function errorFields(state: JsonObject): ErrorFields {
  return {
    retry: Object.freeze(objectsIn(state["Retry"]).map(compileRetrier)),
    catch: Object.freeze(objectsIn(state["Catch"]).map(compileCatcher)),
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

function compileCatcher(catcher: JsonObject): Catcher {
  return Object.freeze({
    errorEquals: textsIn(catcher["ErrorEquals"]),
    next: textAt(catcher, "Next"),
    ...resultPathField(catcher),
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
