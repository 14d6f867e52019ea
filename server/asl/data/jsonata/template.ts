/** Arguments, Output, Assign, Items, ItemSelector of a JSONata state: any JSON with expressions in it. */
import type { Evaluation, Expression } from "../../definition/definition.ts";
import { isArray, isObject, setKey, stringifyJson } from "../../json.ts";
import type { Json } from "../../json.ts";
import { pointerSegment } from "../../json-scan.ts";
import { compileQuery, isQuery, QuerySyntaxError } from "./expression.ts";
import type { QueryType } from "./values.ts";

/** A string in a template that is meant as an expression but is none. */
export interface QueryProblem {
  /** JSON pointer within the template. */
  readonly pointer: string;
  readonly source: string;
  readonly error: QuerySyntaxError;
}

export interface TemplateOptions {
  /** As AWS writes it: `Output`, `Catch[0]/Assign`. */
  readonly field: string;
  /** What it has to give if it is one expression. */
  readonly expected?: QueryType;
  /** Told of every problem; the template is of use only if there was none. */
  readonly report: (problem: QueryProblem) => void;
}

/** A template, with the variables its expressions refer to. */
export interface QueryTemplate extends Expression {
  readonly variables: readonly string[];
}

type Node = (evaluation: Evaluation) => Promise<Json>;

export function compileQueryTemplate(template: Json, options: TemplateOptions): QueryTemplate {
  const variables = new Set<string>();
  const node = compileNode(template, { ...options, pointer: "", variables });
  return {
    text: typeof template === "string" ? template : stringifyJson(template),
    variables: [...variables],
    evaluate: node ?? (() => template),
  };
}

interface Place extends TemplateOptions {
  readonly pointer: string;
  readonly variables: Set<string>;
}

/** `undefined` for what has nothing to evaluate. */
function compileNode(value: Json, place: Place): Node | undefined {
  if (typeof value === "string")
    return value.startsWith("{%") ? compileText(value, place) : undefined;
  const { expected: _, ...inner } = place;
  if (isArray(value)) {
    const nodes = value.map((item, i) =>
      compileNode(item, {
        ...inner,
        field: `${place.field}[${i}]`,
        pointer: `${place.pointer}/${i}`,
      }),
    );
    if (nodes.every((node) => node === undefined)) return undefined;
    return async (evaluation) => {
      const items: Json[] = [];
      for (const [i, item] of value.entries())
        items.push(nodes[i] === undefined ? item : await nodes[i](evaluation));
      return items;
    };
  }
  if (!isObject(value)) return undefined;
  const fields = Object.entries(value).map(([key, item]) => {
    const pointer = `${place.pointer}/${pointerSegment(key)}`;
    return {
      key,
      item,
      node: compileNode(item, { ...inner, field: `${place.field}/${key}`, pointer }),
    };
  });
  if (fields.every(({ node }) => node === undefined)) return undefined;
  return async (evaluation) => {
    const result: { [key: string]: Json } = {};
    for (const { key, item, node } of fields)
      setKey(result, key, node === undefined ? item : await node(evaluation));
    return result;
  };
}

function compileText(source: string, place: Place): Node | undefined {
  try {
    if (!isQuery(source))
      throw new QuerySyntaxError("JSONATA_SYNTAX", "the expression is not closed by '%}'");
    const query = compileQuery(source, place.field, place.expected);
    for (const name of query.variables) place.variables.add(name);
    return (evaluation) => query.evaluate(evaluation);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    place.report({ pointer: place.pointer, source, error });
    return undefined;
  }
}
