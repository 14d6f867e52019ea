import { compileQuery, QuerySyntaxError } from "./data/jsonata/expression.ts";
import { parseJson, stringifyJson } from "./json.ts";
import type { Json } from "./json.ts";
import type { Turn } from "./turn.ts";

const field = "transformer";

/** What is wrong with a JSONata expression, or undefined. */
export function queryProblem(expression: string): string | undefined {
  try {
    compileQuery(asQuery(expression), field);
    return undefined;
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error.message;
    throw error;
  }
}

/**
 * A JSONata expression outside any definition, with the functions and bounds of those inside.
 *
 * @param input JSON text, `$states.input`.
 * @param context `$states.context`.
 * @returns JSON text.
 * @throws StatesError States.QueryEvaluationError
 */
export async function transformJson(
  expression: string,
  { input, context }: { readonly input: string; readonly context: Json },
  turn: Turn,
): Promise<string> {
  const query = compileQuery(asQuery(expression), field);
  const value = await query.evaluate({
    input: parseJson(input),
    context: () => context,
    variables: new Map(),
    turn,
  });
  return stringifyJson(value);
}

function asQuery(expression: string): string {
  return `{%${expression}%}`;
}
