/** Checks of single fields, from which the rules of the states are put together. */
import {
  IntrinsicSyntaxError,
  looksIntrinsic,
  parseIntrinsic,
  pathsIn,
} from "../data/intrinsics/index.ts";
import { compileJsonPath, PathSyntaxError } from "../data/json-path.ts";
import type { JsonPath } from "../data/json-path.ts";
import { compilePayloadTemplate, compileTemplateExpression } from "../data/payload-template.ts";
import { compileReferencePath } from "../data/reference-path.ts";
import { parseTimestamp } from "../data/timestamp.ts";
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject, stringifyJson } from "../json.ts";
import { pointerSegment } from "../json-scan.ts";
import { constantCallProblem } from "./constant-call.ts";
import { contextPathProblem } from "./context-path.ts";
import type { QueryLanguage } from "./definition.ts";
import type { Findings } from "./findings.ts";

/** Where a check looks, and what it has to know of the whole. */
export interface At {
  readonly findings: Findings;
  readonly pointer: string;
  /** The field's name. */
  readonly field: string;
  readonly machine: MachineFacts;
  /** The query language of the state around it. */
  readonly language: QueryLanguage;
}

export interface MachineFacts {
  readonly type: "STANDARD" | "EXPRESS";
}

export type Check = (value: Json, at: At) => void;
export type Fields = { readonly [name: string]: Check };

/** The same checks one level further in. */
export function inside(at: At, key: string | number): At {
  return { ...at, pointer: `${at.pointer}/${pointerSegment(String(key))}`, field: String(key) };
}

export function report(at: At, code: string, message: string, suggestion?: string): void {
  at.findings.add({
    code,
    message,
    pointer: at.pointer,
    ...(suggestion !== undefined && { suggestion }),
  });
}

export const anything: Check = () => {};

export const text: Check = (value, at) => {
  if (typeof value !== "string")
    report(at, "FIELD_TYPE", `Expected value of type String, but was ${shown(value)}`);
};

/** Only what the seed's users write unquoted in YAML: `Version: 1.0`. */
export const textOrNumber: Check = (value, at) => {
  if (typeof value !== "number") text(value, at);
};

export const flag: Check = (value, at) => {
  if (typeof value !== "boolean")
    report(at, "FIELD_TYPE", `Expected value of type Boolean, but was ${shown(value)}`);
};

export const object: Check = (value, at) => {
  if (!isObject(value))
    report(at, "FIELD_TYPE", `Expected value of type Object, but was ${shown(value)}`);
};

/** A whole number from `least` to `most`. */
export function integer(least: number, most = 99_999_999, code = "FIELD_RANGE"): Check {
  return (value, at) => {
    if (typeof value !== "number" || !Number.isInteger(value)) {
      report(
        at,
        typeof value === "number" ? code : code === "FIELD_RANGE" ? "FIELD_TYPE" : code,
        `Expected value of type Integer, but was ${shown(value)}`,
      );
    } else if (value < least || value > most) {
      report(at, code, `${at.field} is ${value}; it must be from ${least} to ${most}`);
    }
  };
}

export function number(least: number, most = Number.MAX_VALUE): Check {
  return (value, at) => {
    if (typeof value !== "number")
      report(at, "FIELD_TYPE", `Expected value of type Number, but was ${shown(value)}`);
    else if (value < least)
      report(at, "FIELD_RANGE", `${at.field} is ${value}; it must be at least ${least}`);
    else if (value > most)
      report(at, "FIELD_RANGE", `${at.field} is ${value}; it must be at most ${most}`);
  };
}

export function oneOf(...values: readonly string[]): Check {
  return (value, at) => {
    if (typeof value === "string" && values.includes(value)) return;
    report(
      at,
      "FIELD_VALUE",
      `The field '${at.field}' should have one of these values: [${values.join(", ")}]`,
    );
  };
}

/** A JSONPath, `$$` paths included. */
export const path: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  try {
    checkRoot(compileJsonPath(value), at);
  } catch (error) {
    reportSyntax(error, value, at);
  }
};

export const pathOrNull: Check = (value, at) => {
  if (value !== null) path(value, at);
};

/** ResultPath: a reference path, or null to discard the result. */
export const referencePathOrNull: Check = (value, at) => {
  if (value === null) return;
  if (typeof value !== "string") return text(value, at);
  try {
    compileReferencePath(value);
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    const code = isPath(value) ? "REFERENCE_PATH_REQUIRED" : error.code;
    report(
      at,
      code,
      `Value is not a Reference Path: ${error.message} (column ${error.column} of '${clip(value)}')`,
    );
  }
};

/** ErrorPath and CausePath: a path, or an intrinsic function that gives a string. */
export const pathOrIntrinsic: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  try {
    compileTemplateExpression(value, at.field);
    checkRoots(value, at);
  } catch (error) {
    reportSyntax(error, value, at);
  }
};

export const timestamp: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  if (parseTimestamp(value) === undefined)
    report(at, "TIMESTAMP_INVALID", "String does not match RFC3339 timestamp");
};

/** ASL § Payload Template. */
export const template: Check = (value, at) => {
  compilePayloadTemplate(value, ({ field, pointer, error }) => {
    const code = error?.code ?? "FIELD_TYPE";
    const message = `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`;
    const place = { ...at, pointer: at.pointer + pointer };
    report(
      place,
      code,
      message,
      error === undefined ? undefined : `${error.message} (column ${error.column})`,
    );
  });
  checkTemplatePaths(value, at);
};

/** Context paths and variables inside a template whose syntax is right. */
function checkTemplatePaths(value: Json, at: At): void {
  if (isArray(value)) {
    value.forEach((item, index) => checkTemplatePaths(item, inside(at, index)));
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (!key.endsWith(".$")) checkTemplatePaths(item, inside(at, key));
      else if (typeof item === "string" && isExpression(item, key))
        checkRoots(item, inside(at, key));
    }
  }
}

function isPath(value: string): boolean {
  try {
    compileJsonPath(value);
    return true;
  } catch {
    return false;
  }
}

function isExpression(value: string, field: string): boolean {
  try {
    compileTemplateExpression(value, field);
    return true;
  } catch {
    return false;
  }
}

/** @param value a path or an intrinsic function whose syntax is right. */
function checkRoots(value: string, at: At): void {
  const paths = looksIntrinsic(value) ? pathsIn(parseIntrinsic(value)) : [compileJsonPath(value)];
  for (const found of paths) checkRoot(found, at);
  const problem = paths.length === 0 ? constantCallProblem(value) : undefined;
  if (problem === undefined) return;
  const { findings, pointer } = at;
  findings.add({ severity: "WARNING", code: "INTRINSIC_FAILS", message: problem, pointer });
}

function checkRoot(found: JsonPath, at: At): void {
  const problem = contextPathProblem(found);
  if (problem !== undefined) report(at, "CONTEXT_PATH_UNKNOWN", problem);
}

function reportSyntax(error: unknown, value: string, at: At): void {
  if (!(error instanceof PathSyntaxError) && !(error instanceof IntrinsicSyntaxError)) throw error;
  report(at, error.code, `${error.message} (column ${error.column} of '${clip(value)}')`);
}

export function shown(value: Json): string {
  return clip(stringifyJson(value));
}

export function clip(value: string): string {
  return value.length > 64 ? `${value.slice(0, 64)}...` : value;
}

/** Fields by name: unknown ones, missing ones, and each one's own check. */
export function checkFields(
  value: JsonObject,
  fields: Fields,
  at: At,
  nearest: NearestField,
): void {
  for (const [key, item] of Object.entries(value)) {
    const check = Object.hasOwn(fields, key) ? fields[key] : key === "Comment" ? text : undefined;
    if (check !== undefined) check(item, inside(at, key));
    else nearest(key, fields, inside(at, key));
  }
}

export type NearestField = (key: string, fields: Fields, at: At) => void;

export function checkRequired(value: JsonObject, names: readonly string[], at: At): void {
  const missing = names.filter((name) => !Object.hasOwn(value, name));
  if (missing.length > 0)
    report(at, "MISSING_FIELD", `These fields are required: [${missing.join(", ")}]`);
}

/** Of several ways to say one thing, only one may be taken. */
export function checkExclusive(value: JsonObject, names: readonly string[], at: At): void {
  const present = names.filter((name) => Object.hasOwn(value, name));
  if (present.length > 1)
    report(
      at,
      "FIELDS_EXCLUDE_EACH_OTHER",
      `There should only be one of the following fields: [${present.join(", ")}]`,
    );
}
