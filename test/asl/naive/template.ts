/** Payload templates, their intrinsic functions, and JSONata templates. */
import jsonata from "jsonata";
import { isDeepStrictEqual } from "node:util";
import { AmbiguousError, anyCause, fail } from "./failure.ts";
import { get, isArray, isObject } from "./json-path.ts";
import type { Sight } from "./json-path.ts";
import type { Json, JsonObject } from "./machine.ts";

export function fill(template: Json, sight: Sight): Json {
  if (isArray(template)) return template.map((item) => fill(item, sight));
  if (!isObject(template)) return template;
  const fields = Object.entries(template).map(([key, value]): [string, Json] =>
    key.endsWith(".$")
      ? [key.slice(0, -2), evaluate(value as string, sight)]
      : [key, fill(value, sight)],
  );
  return Object.fromEntries(fields);
}

/** A path or an intrinsic function. */
export function evaluate(text: string, sight: Sight): Json {
  const [, name, list] = /^(States\.\w+)\((.*)\)$/.exec(text) ?? [];
  if (name === undefined) return get(text, sight);
  return call(
    name,
    splitArguments(list ?? "").map((argument) => valueOf(argument, sight)),
  );
}

function valueOf(argument: string, sight: Sight): Json {
  if (/^(?:\$|States\.)/.test(argument)) return evaluate(argument, sight);
  return argument.startsWith("'") ? argument.slice(1, -1) : (JSON.parse(argument) as Json);
}

/** At commas outside quotes, parentheses and brackets. */
function splitArguments(list: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let argument = "";
  for (const character of list) {
    if (character === "'") isQuoted = !isQuoted;
    if (!isQuoted && "([".includes(character)) depth += 1;
    if (!isQuoted && ")]".includes(character)) depth -= 1;
    if (character === "," && depth === 0 && !isQuoted) {
      found.push(argument.trim());
      argument = "";
    } else argument += character;
  }
  return argument.trim() === "" ? found : [...found, argument.trim()];
}

function call(name: string, args: readonly Json[]): Json {
  // A text made of a cause is as unknown as the cause.
  if (JSON.stringify(args).includes(`"${anyCause}"`)) throw new AmbiguousError();
  const [first = null, second = null, third = null] = args;
  const items = (): readonly Json[] => (isArray(first) ? first : refuse());
  const text = (value: Json): string => (typeof value === "string" ? value : refuse());
  const number = (value: Json): number => (typeof value === "number" ? value : refuse());
  switch (name) {
    case "States.Array":
      return args;
    case "States.ArrayContains":
      return items().some((item) => isDeepStrictEqual(item, second));
    case "States.ArrayGetItem":
      return number(second) in items() ? (items()[number(second)] as Json) : refuse();
    case "States.ArrayLength":
      return items().length;
    case "States.ArrayPartition":
      return chunks(items(), number(second));
    case "States.ArrayRange":
      return range(number(first), number(second), number(third));
    case "States.ArrayUnique":
      return items().filter(
        (item, i, all) => all.findIndex((other) => isDeepStrictEqual(other, item)) === i,
      );
    case "States.Base64Encode":
      return Buffer.from(text(first)).toString("base64");
    case "States.Format":
      return format(text(first), args.slice(1));
    case "States.JsonMerge":
      return isObject(first) && isObject(second) ? { ...first, ...second } : refuse();
    case "States.JsonToString":
      return JSON.stringify(first);
    case "States.MathAdd":
      return number(first) + number(second);
    case "States.StringSplit":
      return text(first)
        .split(text(second))
        .filter((part) => part !== "");
    default:
      throw new Error(`the naive interpreter has no ${name}`);
  }
}

function refuse(): never {
  return fail("States.IntrinsicFailure");
}

function chunks(items: readonly Json[], size: number): Json {
  if (size < 1) return refuse();
  return items.length === 0
    ? []
    : [items.slice(0, size), ...(chunks(items.slice(size), size) as Json[])];
}

function range(first: number, last: number, step: number): Json {
  if (step === 0) return refuse();
  const found: number[] = [];
  for (let at = first; step > 0 ? at <= last : at >= last; at += step) found.push(at);
  return found;
}

function format(template: string, args: readonly Json[]): string {
  const parts = template.split("{}");
  if (parts.length !== args.length + 1) return refuse();
  return parts.map((part, i) => part + (i < args.length ? shown(args[i] ?? null) : "")).join("");
}

/** As Java prints it. */
function shown(value: Json): string {
  if (isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${shown(item)}`)
      .join(", ")}}`;
  return String(value);
}

/** What `$states` and the variables are in a JSONata state. */
export interface QuerySight {
  readonly states: { readonly [name: string]: Json | undefined };
  readonly variables: JsonObject;
}

/** Any JSON with `{% %}` in it. @throws Failure States.QueryEvaluationError */
export async function query(template: Json, sight: QuerySight): Promise<Json> {
  if (isArray(template)) {
    const items: Json[] = [];
    for (const item of template) items.push(await query(item, sight));
    return items;
  }
  if (isObject(template)) {
    const fields: [string, Json][] = [];
    for (const [key, value] of Object.entries(template))
      fields.push([key, await query(value, sight)]);
    return Object.fromEntries(fields);
  }
  if (typeof template !== "string" || !template.startsWith("{%")) return template;
  const expression = parsed(template.slice(2, -2));
  const result: unknown = await expression
    .evaluate({}, { ...sight.variables, states: sight.states })
    .catch(() => undefined);
  return result === undefined
    ? fail("States.QueryEvaluationError")
    : (JSON.parse(JSON.stringify(result)) as Json);
}

const known = new Map<string, jsonata.Expression>();

function parsed(text: string): jsonata.Expression {
  const expression = known.get(text) ?? jsonata(text);
  known.set(text, expression);
  return expression;
}
