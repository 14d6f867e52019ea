import { effectiveInput } from "../data-flow.ts";
import { beginChildren, startChild } from "../fan-out.ts";
import type { ParallelState } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** ASL § Parallel State. Begins all branches; also every retry of them. */
export async function startParallel(
  progress: Progress,
  scope: Scope,
  state: ParallelState,
): Promise<void> {
  const input = (await effectiveInput(progress, scope, state)).compact();
  const startedEventId = progress.advance(scope, "ParallelStateStarted");
  const count = state.branches.length;
  const { childIds } = beginChildren(progress, scope, { kind: "Children", startedEventId, count });
  for (let started = 0; started < count; started += 1)
    startChild(progress, scope, input, startedEventId);
  // The last one in `ready` goes first.
  progress.index.ready.splice(-count, count, ...childIds.toReversed());
}
