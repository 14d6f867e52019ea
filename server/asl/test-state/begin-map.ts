/** A Map under test: everything up to its items, which do not run. */
import { evaluationOf, selectedInput } from "../data-flow.ts";
import { fail, toleranceExceeded } from "../fail.ts";
import { itemInput, itemsOf } from "../fan-out.ts";
import { Payload } from "../payload.ts";
import { maxConcurrencyOf, toleranceOf } from "../states/map.ts";
import { readerItems } from "./reader-data.ts";
import { InvalidTest } from "./state-test.ts";
import type { MapState } from "../definition/definition.ts";
import type { Tolerance } from "../effect.ts";
import type { Run } from "./run.ts";
import type { StateTest } from "./state-test.ts";

/** Items whose ItemSelector is evaluated before others have their turn. */
const itemsBetweenPauses = 100;

/** @throws InvalidTest when more iterations are to have failed than there are. */
export async function beginTestedMap(run: Run, state: MapState, test: StateTest): Promise<void> {
  const { progress, scope, observed } = run;
  const input = await selectedInput(progress, scope, state);
  const items = readerItems(run, test) ?? (await itemsOf(progress, scope, state));
  const evaluation = evaluationOf(progress, scope, input);
  observed.maxConcurrency = (await maxConcurrencyOf(state, evaluation)) ?? 0;
  const tolerance = await toleranceOf(state, evaluation);
  Object.assign(observed, tolerance);
  if (state.itemSelector !== undefined) await selectItems(run, state, items);

  const failed = test.configuration?.mapIterationFailureCount ?? 0;
  if (failed > items.length)
    throw new InvalidTest(
      "Map iteration failure count must be less than or equal to the number of Map iterations",
    );
  if (exceeds(tolerance, failed, items.length))
    return await fail(progress, scope, { failure: toleranceExceeded });
  scope.position = { kind: "Children", startedEventId: 0, count: items.length };
}

/** Shows the iterations' inputs, unless all together are larger than a payload may be. */
async function selectItems(run: Run, state: MapState, items: readonly Payload[]): Promise<void> {
  const { progress, scope, observed } = run;
  const texts: string[] = [];
  let length = 0;
  for (const [index, { value }] of items.entries()) {
    if (index % itemsBetweenPauses === 0) await progress.turn.pause?.();
    const { text } = await itemInput(progress, scope, state, { index, value });
    length += text.length;
    if (length > progress.turn.limits.payloadBytesMax) return;
    texts.push(text);
  }
  observed.afterItemSelector = Payload.ofCompactText(`[${texts.join(",")}]`);
}

function exceeds(tolerance: Tolerance, failed: number, count: number): boolean {
  const { toleratedFailureCount = count, toleratedFailurePercentage = 100 } = tolerance;
  return failed > toleratedFailureCount || failed * 100 > count * toleratedFailurePercentage;
}
