/** Fields that several states share, from tree to Definition. Each gives the part of the state it fills. */
import { compileJsonPath } from "../data/json-path.ts";
import { invalidPath, noInputValue, pathExpression } from "../data/path-expression.ts";
import { compilePayloadTemplate, compileTemplateExpression } from "../data/payload-template.ts";
import { compileReferencePath } from "../data/reference-path.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Expression, ReferencePath, ResultFields, Setting } from "./definition.ts";

type Part<Name extends string, Value> = { readonly [Key in Name]?: Value };

function part<Name extends string, Value>(name: Name, value: Value): Part<Name, Value> {
  return { [name]: value } as Part<Name, Value>;
}

/** InputPath and OutputPath. */
export function pathField<Name extends string>(
  name: Name,
  value: Json | undefined,
): Part<Name, Expression | "discard"> {
  if (value === null) return part(name, "discard");
  return typeof value === "string" ? part(name, pathSetting(value)) : {};
}

/** @param field named in the cause when the path names nothing; only Wait's causes do that. */
export function pathSetting(text: string, field?: "SecondsPath" | "TimestampPath"): Expression {
  return pathExpression(
    compileJsonPath(text),
    field === undefined ? invalidPath : noInputValue(field),
  );
}

/** A number, or the path in `<field>Path`. */
export function numberSetting<Name extends string>(
  name: Name,
  state: JsonObject,
  field: string,
): Part<Name, Setting<number>> {
  const value = state[field];
  const path = state[`${field}Path`];
  if (typeof value === "number") return part(name, { value });
  return typeof path === "string" ? part(name, { path: pathSetting(path) }) : {};
}

/** Error and Cause of Fail: a text, or the path or intrinsic function in `<field>Path`. */
export function templateSetting<Name extends string>(
  name: Name,
  state: JsonObject,
  field: string,
): Part<Name, Setting<string>> {
  const value = state[field];
  const path = state[`${field}Path`];
  if (typeof value === "string") return part(name, { value });
  return typeof path === "string"
    ? part(name, { path: compileTemplateExpression(path, `${field}Path`) })
    : {};
}

export function optionalTemplate<Name extends string>(
  name: Name,
  template: Json | undefined,
): Part<Name, Expression> {
  return template === undefined
    ? {}
    : part(name, compilePayloadTemplate(template, invalidTemplate));
}

function invalidTemplate(): never {
  throw new Error("the template was not validated");
}

export function resultFields(state: JsonObject): ResultFields {
  return {
    ...optionalTemplate("resultSelector", state["ResultSelector"]),
    ...resultPathField(state),
  };
}

/** Absent means `$`, and so does `$` itself. */
export function resultPathField({ ResultPath }: JsonObject): {
  readonly resultPath?: ReferencePath | "discard";
} {
  if (ResultPath === null) return { resultPath: "discard" };
  return typeof ResultPath === "string" ? { resultPath: compileReferencePath(ResultPath) } : {};
}
