/** The items of a batch on their way to the server. */
import type { BatchExecutions, BatchInput } from "./batch.ts";
import type { ExecutionFilter } from "./execution-filter.ts";
import { toJsonText } from "./json.ts";

/** Items that one call takes. */
const chunkItemsMax = 1_000;
/** Characters of them, about: a message may have 4 MiB. */
const chunkCharactersMax = 1024 * 1024;

/** What finds the items; undefined: they are given. */
export function filterOf(input: BatchInput): ExecutionFilter | undefined {
  return "executions" in input && !isList(input.executions) ? input.executions : undefined;
}

/** Items as they are sent; undefined: they come later. */
export function textsOf(input: BatchInput): Iterable<string> | AsyncIterable<string> | undefined {
  if ("executions" in input) return isList(input.executions) ? input.executions : undefined;
  return input.inputs && jsonTexts(input.inputs);
}

export async function* jsonTexts(
  values: Iterable<unknown> | AsyncIterable<unknown>,
): AsyncGenerator<string, undefined, undefined> {
  for await (const value of values) yield toJsonText(value);
}

/** As many in each as one call takes. */
export async function* chunksOf(
  texts: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<readonly string[], undefined, undefined> {
  let chunk: string[] = [];
  let characters = 0;
  for await (const text of texts) {
    if (chunk.length === chunkItemsMax || characters + text.length > chunkCharactersMax) {
      if (chunk.length > 0) yield chunk;
      chunk = [];
      characters = 0;
    }
    chunk.push(text);
    characters += text.length;
  }
  if (chunk.length > 0) yield chunk;
}

export async function* joined<Item>(
  first: readonly Item[],
  rest: AsyncIterable<Item>,
): AsyncGenerator<Item> {
  yield* first;
  yield* rest;
}

function isList(executions: BatchExecutions): executions is readonly string[] {
  return Array.isArray(executions);
}
