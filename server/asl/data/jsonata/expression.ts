/**
 * A JSONata expression: compiled once, then evaluated for one execution after the other.
 *
 * Time, chance and ids come from the turn; what an evaluation may use up is bounded (budget.ts).
 */
import jsonata from "jsonata";
import type { Evaluation } from "../../definition/definition.ts";
import { stringifyJson } from "../../json.ts";
import type { Json, RawNumber } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import {
  Budget,
  BudgetError,
  countByParts,
  depthMax,
  sequenceItemsMax,
  timeoutMs,
} from "./budget.ts";
import { guardExpression } from "./frame.ts";
import type { Bind, Session } from "./frame.ts";
import { bindFunctions, isFunctionName } from "./functions.ts";
import { LinearRegex, patternProblem } from "./linear-regex.ts";
import { QueryError } from "./query-error.ts";
import { fromQuery, toQuery, typeName, UnsupportedResult } from "./values.ts";
import type { QueryType } from "./values.ts";

/** Characters of one expression. */
export const expressionLengthMax = 32_768;

export interface Query {
  /** Without `{%` and `%}`. */
  readonly text: string;
  /** Variables it refers to, as far as can be told from the text. */
  readonly variables: readonly string[];
  /** @throws QueryError */
  evaluate(evaluation: Evaluation): Promise<Json>;
}

/** The text is not JSONata, or uses what is not offered. */
export class QuerySyntaxError extends Error {
  readonly code: "JSONATA_SYNTAX" | "JSONATA_UNSUPPORTED" | "EXPRESSION_TOO_LARGE";

  constructor(code: QuerySyntaxError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** Whether a string of a JSONata state is an expression: all of it, without a blank around it. */
export function isQuery(value: string): boolean {
  return value.startsWith("{%") && value.endsWith("%}") && value.length >= 4;
}

/**
 * @param source with `{%` and `%}`.
 * @param field where it stands, as AWS writes it: `Output/result`.
 * @param expected what it has to give; anything if absent.
 * @throws QuerySyntaxError
 */
export function compileQuery(source: string, field: string, expected?: QueryType): Query {
  const text = source.slice(2, -2).trim();
  const { start, variables } = compiledOf(text);
  const subject = `The JSONata expression '${text}' specified for the field '${field}'`;
  return {
    text,
    variables,
    evaluate: async (evaluation) => {
      const exact = new Map<number, RawNumber>();
      const result = await start(evaluation, exact).catch((error: unknown) => {
        throw failed(error, subject, field);
      });
      return checked(result, { exact, subject, field, expected });
    },
  };
}

interface Compiled {
  readonly start: Start;
  readonly variables: readonly string[];
}

/** A definition is validated, asked for its variables and compiled: each expression is parsed once. */
const recent = new Map<string, Compiled>();
let recentLength = 0;
/** Characters of the expressions that are kept at hand. */
const recentLengthMax = 262_144;

function compiledOf(text: string): Compiled {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const compiled = compileText(text);
  recentLength += text.length;
  if (recentLength > recentLengthMax) {
    recent.clear();
    recentLength = text.length;
  }
  recent.set(text, compiled);
  return compiled;
}

function compileText(text: string): Compiled {
  const expression = parse(text);
  const found = survey(expression.ast());
  const problem = found.patterns.map(patternProblem).find((message) => message !== undefined);
  if (problem !== undefined) throw new QuerySyntaxError("JSONATA_UNSUPPORTED", problem);
  const variables = found.names.filter((name) => isVariable(name) && !found.bound.has(name));
  return { start: prepare(expression, found), variables };
}

/** Not the context, not `$states`, not a function. */
function isVariable(name: string): boolean {
  return name !== "" && name !== "$" && name !== "states" && !isFunctionName(name);
}

function parse(text: string): jsonata.Expression {
  if (text === "") throw new QuerySyntaxError("JSONATA_SYNTAX", "the expression is empty");
  if (text.length > expressionLengthMax) {
    const message = `the expression is ${text.length} characters; the limit is ${expressionLengthMax}`;
    throw new QuerySyntaxError("EXPRESSION_TOO_LARGE", message);
  }
  try {
    return jsonata(text, {
      stack: depthMax,
      sequence: sequenceItemsMax,
      timeout: timeoutMs,
      RegexEngine: LinearRegex as unknown as RegExpConstructor,
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw new QuerySyntaxError("EXPRESSION_TOO_LARGE", "the expression is nested too deep");
    const { position } = error as { readonly position?: number };
    const place = position === undefined ? "" : ` (column ${position})`;
    throw new QuerySyntaxError("JSONATA_SYNTAX", `${messageOf(error)}${place}`);
  }
}

type Start = (evaluation: Evaluation, exact: Map<number, RawNumber>) => Promise<unknown>;

function prepare(expression: jsonata.Expression, { names, marksArrays, sorts }: Survey): Start {
  let opening: Session | undefined;
  // The library takes symbols too, its typings do not say so.
  const bind: Bind = (name, value) => expression.assign(name as string, value);
  bindFunctions(bind, names);
  guardExpression(bind, () => opening!, { isSlow: sorts });
  const needsStates = names.includes("states");
  return async (evaluation, exact) => {
    const { turn, variables } = evaluation;
    const toValue = (value: Json): unknown =>
      marksArrays ? structuredClone(toQuery(value, exact)) : toQuery(value, exact);
    const bindings: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const name of names) {
      const value = variables.get(name);
      if (value !== undefined) bindings[name] = toValue(value);
    }
    if (needsStates) bindings["states"] = statesOf(evaluation, toValue);
    // The library makes the evaluation's frame before it awaits anything.
    const budget = new Budget(turn.pause);
    opening = { turn, budget };
    const result: unknown = await expression.evaluate(undefined, bindings);
    budget.admit(result);
    return result;
  };
}

/** `$states`: each part is looked up when it is first asked for. */
function statesOf(evaluation: Evaluation, toValue: (value: Json) => unknown): object {
  const { result, errorOutput } = evaluation;
  const states = {};
  const define = (name: string, make: () => Json): void => {
    let value: unknown;
    const get = (): unknown => (value ??= toValue(make()));
    Object.defineProperty(states, name, { get, enumerable: true });
  };
  define("input", () => evaluation.input);
  define("context", () => evaluation.context());
  if (result !== undefined) define("result", result);
  if (errorOutput !== undefined) define("errorOutput", () => errorOutput);
  return countByParts(states);
}

interface Check {
  readonly exact: ReadonlyMap<number, RawNumber>;
  readonly subject: string;
  readonly field: string;
  readonly expected: QueryType | undefined;
}

function checked(result: unknown, { exact, subject, field, expected }: Check): Json {
  if (result === undefined)
    throw new QueryError(`${subject} returned nothing (undefined).`, { location: field });
  let value: Json;
  try {
    value = fromQuery(result, exact);
  } catch (error) {
    if (!(error instanceof UnsupportedResult) && !(error instanceof RangeError)) throw error;
    throw new QueryError(`${subject} returned an unsupported result type.`, { location: field });
  }
  const type = typeName(value);
  if (expected === undefined || type === expected) return value;
  const cause = `${subject} returned an unexpected result type. Expected '${expected}', but was '${type}' for value: ${stringifyJson(value)}`;
  throw new QueryError(cause, { location: field });
}

function failed(error: unknown, subject: string, field: string): QueryError {
  return new QueryError(`${subject} threw an error during evaluation. ${messageOf(error)}`, {
    location: field,
  });
}

/** With JSONata's code, as AWS shows it: `T1006: Attempted to invoke a non-function`. */
function messageOf(error: unknown): string {
  if (error instanceof BudgetError) return error.message;
  if (error instanceof RangeError) return "D1011: Stack overflow";
  if (error instanceof StatesError || !(error instanceof Object))
    return error instanceof Error ? error.message : String(error);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === "string" ? message : "unknown error";
  return typeof code === "string" ? `${code}: ${text}` : text;
}

interface Survey {
  readonly names: readonly string[];
  /** Names that the expression itself gives a value. */
  readonly bound: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
  /** `[]` behind a path: the library marks the array it finds, which may be the input's own. */
  readonly marksArrays: boolean;
  /** The operator `^`: the library moves half of the items for each that it compares. */
  readonly sorts: boolean;
}

/** What occurs in an expression. Its tree may be deep: no recursion. */
function survey(tree: unknown): Survey {
  const names = new Set<string>();
  const bound = new Set<string>();
  const patterns: RegExp[] = [];
  const seen = new Set<unknown>();
  const pending: unknown[] = [tree];
  let marksArrays = false;
  let sorts = false;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== "object" || node === null || seen.has(node)) continue;
    seen.add(node);
    if (node instanceof RegExp) {
      patterns.push(node);
      continue;
    }
    const { type, value } = node as { readonly type?: unknown; readonly value?: unknown };
    if ("keepArray" in node || "keepSingletonArray" in node) marksArrays = true;
    if (type === "sort") sorts = true;
    if (type === "variable" && typeof value === "string") names.add(value);
    for (const name of boundBy(node)) bound.add(name);
    for (const inner of Object.values(node)) if (typeof inner === "object") pending.push(inner);
  }
  return { names: [...names], bound, patterns, marksArrays, sorts };
}

/** Parameters of a function, the left side of `:=`, and what `@` and `#` name. */
function boundBy(node: object): readonly string[] {
  const { type, lhs, arguments: parameters, focus, index } = node as Record<string, unknown>;
  const found: unknown[] = [];
  if (type === "bind") found.push((lhs as { readonly value?: unknown } | undefined)?.value);
  if (type === "lambda" && Array.isArray(parameters))
    for (const parameter of parameters)
      found.push((parameter as { readonly value?: unknown }).value);
  found.push(focus, typeof index === "object" ? undefined : index);
  return found.filter((name) => typeof name === "string");
}
