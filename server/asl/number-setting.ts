import { isNumber, stringifyJson } from "./json.ts";
import { QueryError } from "./data/jsonata/query-error.ts";
import { StatesError } from "./states-error.ts";
import type { Evaluation, Setting } from "./definition/definition.ts";
import type { Json } from "./json.ts";

/** The value of a setting that is written down or referred to by a path. */
export async function settingValue(
  setting: Setting<number | string>,
  evaluation: Evaluation,
): Promise<{ readonly value: Json; readonly path?: string }> {
  if ("value" in setting) return { value: setting.value };
  if ("query" in setting) return { value: await setting.query.evaluate(evaluation) };
  return { value: await setting.path.evaluate(evaluation), path: setting.path.text };
}

/**
 * A whole number that a `...Path` field refers to, or that the definition has.
 *
 * @param field without `Path`: `MaxConcurrency`.
 * @throws StatesError States.Runtime in AWS's words.
 */
export async function integerSetting(
  field: string,
  setting: Setting<number> | undefined,
  evaluation: Evaluation,
): Promise<number | undefined> {
  return await numberSetting(field, setting, evaluation, integer);
}

export async function floatSetting(
  field: string,
  setting: Setting<number> | undefined,
  evaluation: Evaluation,
): Promise<number | undefined> {
  return await numberSetting(field, setting, evaluation, float);
}

/** A whole number that may also stand in a string: AWS takes that for readers and batchers. */
export async function countSetting(
  field: string,
  setting: Setting<number> | undefined,
  evaluation: Evaluation,
): Promise<number | undefined> {
  return await numberSetting(field, setting, evaluation, count);
}

/** What passes for a number, and what AWS calls it. */
interface NumberForm {
  readonly name: "integer" | "float";
  readonly read: (value: Json) => number | undefined;
}

const float: NumberForm = { name: "float", read: asNumber };
const integer: NumberForm = { name: "integer", read: wholeNumber };
const count: NumberForm = {
  name: "integer",
  read: (value) => wholeNumber(isDigits(value) ? Number(value) : value),
};

function wholeNumber(value: Json): number | undefined {
  const number = asNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function isDigits(value: Json): boolean {
  return typeof value === "string" && /^-?\d+$/.test(value);
}

async function numberSetting(
  field: string,
  setting: Setting<number> | undefined,
  evaluation: Evaluation,
  { name, read }: NumberForm,
): Promise<number | undefined> {
  if (setting === undefined) return undefined;
  const { value, path } = await settingValue(setting, evaluation);
  const number = read(value);
  if (number !== undefined) return number;
  if ("query" in setting) {
    const cause = `The ${field} field has value "${plainText(value)}" which is not a valid ${name}`;
    throw new QueryError(cause, { location: field });
  }
  throw new StatesError(
    "States.Runtime",
    `The ${field}Path field refers to value "${plainText(value)}" which is not a valid ${name}: ${path}`,
  );
}

/** A number of the right kind that is out of range. */
export function outOfRange(
  field: string,
  setting: Setting<number | string> | undefined,
  cause: string,
): StatesError {
  return setting !== undefined && "query" in setting
    ? new QueryError(cause, { location: field, isAfterEvaluation: true })
    : new StatesError("States.Runtime", cause);
}

/** The number, or undefined when the value is something else. */
export function asNumber(value: Json): number | undefined {
  if (typeof value === "number") return value;
  return isNumber(value) ? Number(value.rawJSON) : undefined;
}

/** A value within a sentence: strings as they are, everything else as JSON. */
export function plainText(value: Json): string {
  return typeof value === "string" ? value : stringifyJson(value);
}
