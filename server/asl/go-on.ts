import { fail, troubleOf } from "./fail.ts";
import { recallItems } from "./fan-out.ts";
import { Payload } from "./payload.ts";
import { skipTask } from "./states/task-lost.ts";
import { leaveWait } from "./states/wait.ts";
import { workDone } from "./work-done.ts";
import type { MapState, MessageState, TaskState } from "./definition/definition.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** What follows from a work that ended while the execution was paused. */
export async function goOn(progress: Progress, scope: Scope): Promise<void> {
  const { position } = scope;
  if (position.kind !== "Ended") throw new Error(`scope ${scope.id} has nothing to go on with`);
  const { result, trouble } = position;
  scope.position = { kind: "Turn" };
  try {
    if (scope.parent !== undefined) await recallItems(progress, scope);
    const state = progress.stateOf(scope);
    if (trouble !== undefined) await fail(progress, scope, trouble);
    else if (state.type === "Wait") await leaveWait(progress, scope, state);
    else if (result === undefined) skipTask(progress, scope, state as TaskState);
    else await workDone(progress, scope, state as Awaited, Payload.ofText(result));
  } catch (error) {
    await fail(progress, scope, troubleOf(scope, error));
  }
}

/** Whose results come from outside. */
type Awaited = MapState | MessageState | TaskState;
