import { exitOf } from "./data-flow.ts";
import { fail, troubleOf } from "./fail.ts";
import { keepEnd } from "./keep-end.ts";
import { leave } from "./leave.ts";
import type { MapState, MessageState, TaskState } from "./definition/definition.ts";
import type { Payload } from "./payload.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** What the state waited for has come: it is left with what its fields make of the result. */
export async function workDone(
  progress: Progress,
  scope: Scope,
  state: MapState | MessageState | TaskState,
  result: Payload,
): Promise<void> {
  if (progress.isPaused) return keepEnd(progress, scope, { result: result.text });
  try {
    leave(progress, scope, await exitOf(progress, scope, state, result), state.next);
  } catch (error) {
    await fail(progress, scope, troubleOf(scope, error));
  }
}
