/** What is rewritten in a state, by its Type. Each rule is a habit of the library that the Amazon States Language has not. */
import { isArray, isObject, stringifyJson } from "../asl/index.ts";
import type { Json, JsonObject } from "../asl/index.ts";
import { importChoiceRule } from "./choice-rule.ts";
import type { ChoiceOptions } from "./choice-rule.ts";
import { edited, renamed, without } from "./edit.ts";
import type { Notes } from "./notes.ts";
import { importTemplate } from "./template.ts";

export type StateRule = (state: JsonObject, notes: Notes, options: ChoiceOptions) => JsonObject;

/** For states of every Type, before those of its own. */
export const commonRules: readonly StateRule[] = [nullPaths, nextAndEnd];

export const rulesByType: ReadonlyMap<string, readonly StateRule[]> = new Map([
  ["Pass", [passParameters]],
  ["Task", [templates, retriers, errorNames]],
  ["Choice", [choiceRules, choiceResultPath]],
  ["Parallel", [templates, errorNames]],
  ["Message", [messagePath, timeoutPath, retriers, errorNames]],
  ["Fail", [failPaths]],
]);

/** `null` is absence in the library; here it is an empty input, and a result or an output that is thrown away. */
function nullPaths(state: JsonObject, notes: Notes): JsonObject {
  const paths = ["InputPath", "ResultPath", "OutputPath"].filter((name) => state[name] === null);
  for (const name of paths)
    notes.at(name).changed("NULL_PATH", `${name}: null is left out; it did nothing, and would now`);
  return without(state, ...paths);
}

/** The library stops at `End: true` whatever Next says, and does not mind `End: false`. */
function nextAndEnd(state: JsonObject, notes: Notes): JsonObject {
  if (state["End"] === false) {
    notes.at("End").changed("NEXT_AND_END", "End: false is left out");
    return without(state, "End");
  }
  if (state["End"] !== true || state["Next"] === undefined) return state;
  notes.at("Next").changed("NEXT_AND_END", "Next is left out, because End is true");
  return without(state, "Next");
}

function templates(state: JsonObject, notes: Notes): JsonObject {
  const parameters = edited(state, "Parameters", notes, importTemplate);
  return edited(parameters, "ResultSelector", notes, importTemplate);
}

/** The library hands a Pass's Parameters on as they are written. */
function passParameters(state: JsonObject, notes: Notes): JsonObject {
  if (hasPathKey(state["Parameters"]))
    notes.at("Parameters").look("PASS_PARAMETERS", "keys that end in .$ are evaluated now");
  return state;
}

function hasPathKey(value: Json | undefined): boolean {
  if (isArray(value)) return value.some(hasPathKey);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => key.endsWith(".$") || hasPathKey(inner));
}

function choiceRules(state: JsonObject, notes: Notes, options: ChoiceOptions): JsonObject {
  const { Choices } = state;
  if (!isArray(Choices)) return state;
  const place = notes.at("Choices");
  if (options.guardMissing)
    place.changed("CHOICE_MISSING", "each comparison asks first whether its Variable is there");
  else
    place.look(
      "CHOICE_MISSING",
      "a Variable that is missing fails the execution; --guard-missing lets its rule not match",
    );
  return {
    ...state,
    Choices: Choices.map((rule, index) => importChoiceRule(rule, place.at(String(index)), options)),
  };
}

function choiceResultPath(state: JsonObject, notes: Notes): JsonObject {
  if (state["ResultPath"] === undefined) return state;
  notes.at("ResultPath").changed("CHOICE_RESULT_PATH", "left out: a Choice has no result");
  return without(state, "ResultPath");
}

/** The library declares it and never uses it as more than another ResultPath. */
function messagePath(state: JsonObject, notes: Notes): JsonObject {
  const { MessagePath, ResultPath } = state;
  if (MessagePath === undefined) return state;
  const place = notes.at("MessagePath");
  const isPath = typeof MessagePath === "string" && MessagePath.startsWith("$");
  if (isPath && ResultPath === undefined) {
    place.changed("MESSAGE_PATH", "is called ResultPath");
    return renamed(state, "MessagePath", "ResultPath");
  }
  place.changed(
    "MESSAGE_PATH",
    isPath ? "left out: ResultPath says where the message goes" : "left out: it is no path",
  );
  return without(state, "MessagePath");
}

function timeoutPath(state: JsonObject, notes: Notes): JsonObject {
  const { TimeoutPath } = state;
  if (typeof TimeoutPath === "string" && TimeoutPath.startsWith("$"))
    notes.at("TimeoutPath").look("MESSAGE_TIMEOUT_PATH", "must be the name of a state");
  return state;
}

/** `Cause.$` does nothing in the library. */
function failPaths(state: JsonObject, notes: Notes): JsonObject {
  return ["Error", "Cause"].reduce((fail, name) => {
    const path = `${name}.$`;
    if (fail[path] === undefined || fail[`${name}Path`] !== undefined) return fail;
    notes.at(path).changed("FAIL_PATH", `is called ${name}Path`);
    return renamed(fail, path, `${name}Path`);
  }, state);
}

/** The library makes one retry where none are asked for. */
function retriers(state: JsonObject, notes: Notes): JsonObject {
  const { Retry } = state;
  if (!isArray(Retry)) return state;
  for (const [index, retrier] of Retry.entries()) {
    if (!isObject(retrier)) continue;
    const place = notes.at("Retry").at(String(index));
    if (retrier["MaxAttempts"] === undefined)
      place.look("RETRY_COUNT", "without MaxAttempts there are 3 retries, where there was 1");
    else if (retrier["MaxAttempts"] === 0)
      place.look("RETRY_COUNT", "MaxAttempts 0 is no retry, where there was 1");
  }
  return state;
}

/** The library compares with the whole text of Go's error. */
function errorNames(state: JsonObject, notes: Notes): JsonObject {
  for (const field of ["Retry", "Catch"]) {
    const handlers = state[field];
    if (!isArray(handlers)) continue;
    for (const [index, handler] of handlers.entries()) {
      const names = isObject(handler) ? handler["ErrorEquals"] : undefined;
      const texts = isArray(names)
        ? names.filter((name) => typeof name === "string" && /\s/.test(name))
        : [];
      for (const name of texts)
        notes
          .at(field)
          .at(String(index))
          .look(
            "ERROR_NAME",
            `${stringifyJson(name)} is compared with the error's name, not its text`,
          );
    }
  }
  return state;
}
