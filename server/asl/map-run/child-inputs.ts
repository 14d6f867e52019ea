import { stringifyJson } from "../json.ts";
import { utf8Length } from "../utf8-length.ts";
import type { Evaluation, MapState } from "../definition/definition.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Turn } from "../turn.ts";
import type { BatcherArguments, MapRunArguments, Snapshot } from "./arguments.ts";

/** What one child execution of a Map Run is given. */
export interface ChildInput {
  /** JSON text. */
  readonly input: string;
  readonly itemCount: number;
}

/**
 * Items to inputs of child executions, one after the other as they are asked for.
 *
 * ASL § ItemSelector, § ItemBatcher. The same items give the same children in the same order.
 *
 * @throws StatesError when an ItemSelector fails.
 */
export async function* childInputs(
  items: AsyncIterable<Json> | Iterable<Json>,
  state: MapState,
  { snapshot, batcher }: Pick<MapRunArguments, "snapshot" | "batcher">,
  turn: Turn,
): AsyncGenerator<ChildInput> {
  const texts = selected(items, state, snapshot, turn);
  if (batcher !== undefined) return yield* batches(texts, batcher);
  for await (const input of texts) yield { input, itemCount: 1 };
}

/** The items' texts, each as the ItemSelector makes it. */
async function* selected(
  items: AsyncIterable<Json> | Iterable<Json>,
  { itemSelector }: MapState,
  { input, context, variables }: Snapshot,
  turn: Turn,
): AsyncGenerator<string> {
  const visible = new Map(Object.entries(variables));
  let index = 0;
  for await (const value of items) {
    const evaluation: Evaluation = {
      input,
      context: withItem(context as JsonObject, index, value),
      variables: visible,
      turn,
    };
    yield stringifyJson((await itemSelector?.evaluate(evaluation)) ?? value);
    index += 1;
  }
}

function withItem(context: JsonObject, index: number, value: Json): () => Json {
  return () => ({ ...context, Map: { Item: { Index: index, Value: value } } });
}

/** Batches are filled until the next item would make one too large. A single item may. */
async function* batches(
  texts: AsyncIterable<string>,
  { maxItemsPerBatch = Infinity, maxInputBytesPerBatch = Infinity, batchInput }: BatcherArguments,
): AsyncGenerator<ChildInput> {
  const head =
    batchInput === undefined
      ? '{"Items":['
      : `{"BatchInput":${stringifyJson(batchInput)},"Items":[`;
  const emptyBytes = utf8Length(head) + 2;
  let batch: string[] = [];
  let bytes = emptyBytes;
  const filled = (): ChildInput => ({
    input: `${head}${batch.join(",")}]}`,
    itemCount: batch.length,
  });
  for await (const text of texts) {
    const added = utf8Length(text) + 1;
    const isFull = batch.length >= maxItemsPerBatch || bytes + added - 1 > maxInputBytesPerBatch;
    if (isFull && batch.length > 0) {
      yield filled();
      batch = [];
      bytes = emptyBytes;
    }
    batch.push(text);
    bytes += added;
  }
  if (batch.length > 0) yield filled();
}
