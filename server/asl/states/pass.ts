import { effectiveInput, exitOf } from "../data-flow.ts";
import { leave } from "../leave.ts";
import { Payload } from "../payload.ts";
import type { PassState } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** ASL § Pass State: its result is Result, or its effective input. */
export async function enterPass(progress: Progress, scope: Scope, state: PassState): Promise<void> {
  if (state.result !== undefined) progress.turn.probe?.see({ result: Payload.of(state.result) });
  const result =
    state.result === undefined
      ? await effectiveInput(progress, scope, state)
      : Payload.of(state.result);
  leave(progress, scope, await exitOf(progress, scope, state, result), state.next);
}
