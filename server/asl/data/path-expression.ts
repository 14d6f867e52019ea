/** A JSONPath as a field's expression: what it gives, and in which words it fails. */
import type { Evaluation, Expression } from "../definition/definition.ts";
import type { Json } from "../json.ts";
import { stringifyJson } from "../json.ts";
import { StatesError } from "../states-error.ts";
import type { JsonPath } from "./json-path.ts";

/** An expression that never has to be awaited: anything but JSONata. */
export interface SyncExpression extends Expression {
  evaluate(evaluation: Evaluation): Json;
}

/** The cause when a path names nothing. AWS words it differently from field to field. */
export type MissingText = (path: JsonPath, evaluation: Evaluation) => string;

/** @throws StatesError from `evaluate`: States.Runtime with the field's text when the path names nothing. */
export function pathExpression(path: JsonPath, missing: MissingText): SyncExpression {
  return {
    text: path.text,
    evaluate: (evaluation) => {
      const value = path.find(evaluation);
      if (value === undefined) throw new StatesError("States.Runtime", missing(path, evaluation));
      return value;
    },
  };
}

/** InputPath, OutputPath, TimeoutSecondsPath and most others. */
export const invalidPath: MissingText = (path, evaluation) =>
  `Invalid path '${path.text}' : ${path.explain(evaluation)}`;

/** Fields of payload templates (with their `.$`), ErrorPath, CausePath. */
export function notFoundInInput(field: string): MissingText {
  return (path, evaluation) =>
    `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input ` +
    `'${stringifyJson(evaluation.input)}'`;
}

/** SecondsPath and TimestampPath. */
export function noInputValue(field: string): MissingText {
  return (path) => `The ${field} parameter does not reference an input value: ${path.text}`;
}

/** Choice: Variable and the comparison's path. */
export const invalidVariable: MissingText = (path) =>
  `Invalid path '${path.text}': The choice state's condition path references an invalid value.`;
