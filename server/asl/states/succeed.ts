import { exitOf, selectedInput } from "../data-flow.ts";
import { leave } from "../leave.ts";
import type { SucceedState } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** ASL § Succeed State: the end of its scope. */
export async function enterSucceed(
  progress: Progress,
  scope: Scope,
  state: SucceedState,
): Promise<void> {
  const input = await selectedInput(progress, scope, state);
  leave(progress, scope, await exitOf(progress, scope, state, input), undefined);
}
