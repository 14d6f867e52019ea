/**
 * ASL § Payload Template: Parameters, ResultSelector, ItemSelector, Assign.
 *
 * A field whose name ends in `.$` gets the value of the path or intrinsic function that it holds;
 * everything else is copied. What holds no such field is shared between evaluations, not copied.
 */
import type { Evaluation, Expression } from "../definition/definition.ts";
import type { Json } from "../json.ts";
import { isArray, isObject, setKey, stringifyJson } from "../json.ts";
import { pointerSegment } from "../json-scan.ts";
import { compileIntrinsic, IntrinsicSyntaxError, looksIntrinsic } from "./intrinsics/index.ts";
import { compileJsonPath, PathSyntaxError } from "./json-path.ts";
import { notFoundInInput, pathExpression } from "./path-expression.ts";
import type { SyncExpression } from "./path-expression.ts";

/** A field of a template that holds neither a path nor a call. */
export interface TemplateProblem {
  /** The field's name, with its `.$`. */
  readonly field: string;
  /** JSON pointer of the object that has the field, within the template. */
  readonly pointer: string;
  /** Absent when the value is no text at all. */
  readonly error?: PathSyntaxError | IntrinsicSyntaxError;
}

type Node = (evaluation: Evaluation) => Json;

/** @param report told of every problem; the expression is of use only if there was none. */
export function compilePayloadTemplate(
  template: Json,
  report: (problem: TemplateProblem) => void,
): Expression {
  const evaluate = compileNode(template, "", report);
  return { text: stringifyJson(template), evaluate: evaluate ?? (() => template) };
}

/** `undefined` for what has nothing to evaluate. */
function compileNode(
  value: Json,
  pointer: string,
  report: (problem: TemplateProblem) => void,
): Node | undefined {
  if (isArray(value)) return compileArray(value, pointer, report);
  return isObject(value) ? compileObject(value, pointer, report) : undefined;
}

function compileArray(
  items: readonly Json[],
  pointer: string,
  report: (p: TemplateProblem) => void,
): Node | undefined {
  const nodes = items.map((item, index) => compileNode(item, `${pointer}/${index}`, report));
  if (nodes.every((node) => node === undefined)) return undefined;
  return (evaluation) => items.map((item, index) => nodes[index]?.(evaluation) ?? item);
}

function compileObject(
  object: { readonly [key: string]: Json },
  pointer: string,
  report: (problem: TemplateProblem) => void,
): Node | undefined {
  const fields = Object.entries(object).map(([key, value]) => {
    const isDynamic = key.endsWith(".$");
    const node = isDynamic
      ? compileField(key, value, pointer, report)
      : compileNode(value, `${pointer}/${pointerSegment(key)}`, report);
    return { name: isDynamic ? key.slice(0, -2) : key, value, node };
  });
  if (fields.every(({ node }) => node === undefined)) return undefined;
  return (evaluation) => {
    const result: { [key: string]: Json } = {};
    for (const { name, value, node } of fields)
      setKey(result, name, node === undefined ? value : node(evaluation));
    return result;
  };
}

function compileField(
  field: string,
  value: Json,
  pointer: string,
  report: (problem: TemplateProblem) => void,
): Node | undefined {
  if (typeof value !== "string") {
    report({ field, pointer });
    return undefined;
  }
  try {
    const expression = compileTemplateExpression(value, field);
    return (evaluation) => expression.evaluate(evaluation);
  } catch (error) {
    if (!(error instanceof PathSyntaxError) && !(error instanceof IntrinsicSyntaxError))
      throw error;
    report({ field, pointer, error });
    return undefined;
  }
}

/**
 * A path or an intrinsic function, as `.$` fields, ErrorPath and CausePath hold.
 *
 * @param field its name in causes, with `.$` where it has one.
 * @throws PathSyntaxError, IntrinsicSyntaxError
 */
export function compileTemplateExpression(text: string, field: string): SyncExpression {
  const missing = notFoundInInput(field);
  return looksIntrinsic(text)
    ? compileIntrinsic(text, missing)
    : pathExpression(compileJsonPath(text), missing);
}
