/** Fields that several states share, from tree to Definition. Each gives the part of the state it fills. */
import { compileJsonPath } from "../data/json-path.ts";
import { invalidPath, noInputValue, pathExpression } from "../data/path-expression.ts";
import { compilePayloadTemplate, compileTemplateExpression } from "../data/payload-template.ts";
import { compileReferencePath } from "../data/reference-path.ts";
import type { Json, JsonObject } from "../json.ts";
import { isQuery } from "../data/jsonata/expression.ts";
import { compileQueryTemplate } from "../data/jsonata/template.ts";
import type { QueryType } from "../data/jsonata/values.ts";
import type {
  Expression,
  QueryLanguage,
  ReferencePath,
  ResultFields,
  Setting,
  StateBase,
} from "./definition.ts";

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
  if (typeof value === "string")
    return part(name, { query: queryTemplate(value, field, "number") });
  return typeof path === "string" ? part(name, { path: pathSetting(path) }) : {};
}

/** Error and Cause of Fail: a text, an expression, or the path or intrinsic function in `<field>Path`. */
export function templateSetting<Name extends string>(
  name: Name,
  state: JsonObject,
  { field, language }: { readonly field: string; readonly language: QueryLanguage },
): Part<Name, Setting<string>> {
  const value = state[field];
  const path = state[`${field}Path`];
  if (typeof value === "string" && language === "JSONata" && isQuery(value))
    return part(name, { query: queryTemplate(value, field, "string") });
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

/** Parameters or, in JSONata, Arguments. */
export function argumentsField(base: StateBase, state: JsonObject): Part<"parameters", Expression> {
  return base.queryLanguage === "JSONata"
    ? templateField("parameters", state["Arguments"], base, "Arguments")
    : optionalTemplate("parameters", state["Parameters"]);
}

/** A template in the state's language. */
export function templateField<Name extends string>(
  name: Name,
  template: Json | undefined,
  { queryLanguage }: StateBase,
  field: string,
): Part<Name, Expression> {
  if (queryLanguage === "JSONPath" || template === undefined)
    return optionalTemplate(name, template);
  return part(name, queryTemplate(template, field));
}

/** @param template valid. */
export function queryTemplate(template: Json, field: string, expected?: QueryType): Expression {
  return compileQueryTemplate(template, {
    field,
    ...(expected !== undefined && { expected }),
    report: invalidTemplate,
  });
}

/** Assign and, in JSONata, Output: of a state, a Choice Rule or a Catcher. */
export function exitFields(
  language: QueryLanguage,
  { Assign, Output }: JsonObject,
  prefix: string,
): { readonly assign?: Expression; readonly output?: Expression } {
  if (language === "JSONPath") return optionalTemplate("assign", Assign);
  return {
    ...(Assign !== undefined && { assign: queryTemplate(Assign, `${prefix}Assign`) }),
    ...(Output !== undefined && { output: queryTemplate(Output, `${prefix}Output`) }),
  };
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
