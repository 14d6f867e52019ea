import { fail, troubleOf } from "./fail.ts";
import { haltChildren, noteAborted, recallItems, startNextItem } from "./fan-out.ts";
import { finish, join } from "./finish.ts";
import { goOn } from "./go-on.ts";
import { hasRoom } from "./scope-index.ts";
import { enterChoice } from "./states/choice.ts";
import { enterFail } from "./states/fail.ts";
import { startMap } from "./states/map.ts";
import { awaitMessage } from "./states/message.ts";
import { startParallel } from "./states/parallel.ts";
import { enterPass } from "./states/pass.ts";
import { enterSucceed } from "./states/succeed.ts";
import { scheduleTask } from "./states/task.ts";
import { enterWait } from "./states/wait.ts";
import { inputDetails } from "./text-details.ts";
import type { MapState, State } from "./definition/definition.ts";
import type { HistoryEventType } from "./history-event.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/**
 * Follows transitions until every thread waits for the outside or is over, or until this turn has
 * taken as many as it may. Then `ready` is not empty, and a later turn goes on; so it is while the
 * execution is paused.
 */
export async function settle(progress: Progress): Promise<void> {
  const { index, execution } = progress;
  while (execution.status === "RUNNING" && !progress.isPaused) {
    const id = index.ready.at(-1);
    if (id === undefined) return;
    const scope = execution.scopes.get(id);
    const kind = scope?.position.kind;
    if (scope !== undefined && (kind === "Turn" || kind === "Children" || kind === "Ended")) {
      if (progress.transitionsLeft <= 0) return;
      if (kind === "Children") await fill(progress, scope);
      else {
        index.ready.pop();
        progress.transitionsLeft -= 1;
        // One that was entered before is tried again, or taken up by a redrive.
        if (kind === "Ended") await goOn(progress, scope);
        else if (scope.enteredEventId > 0) await beginWork(progress, scope);
        else await enter(progress, scope);
      }
    } else {
      index.ready.pop();
      if (scope !== undefined && (kind === "Succeeded" || kind === "Failed"))
        await finish(progress, scope);
    }
  }
}

const entered = {
  Choice: "ChoiceStateEntered",
  Fail: "FailStateEntered",
  Map: "MapStateEntered",
  Message: "MessageStateEntered",
  Parallel: "ParallelStateEntered",
  Pass: "PassStateEntered",
  Succeed: "SucceedStateEntered",
  Task: "TaskStateEntered",
  Wait: "WaitStateEntered",
} as const satisfies { readonly [Type in State["type"]]: HistoryEventType };

async function enter(progress: Progress, scope: Scope): Promise<void> {
  const state = progress.stateOf(scope);
  const details = { ...inputDetails(scope.input), name: scope.stateName };
  progress.turn.visited?.(state);
  progress.beforeEntered.set(scope.id, scope.lastEventId);
  scope.enteredEventId = progress.advance(scope, entered[state.type], { details });
  scope.enteredTimeMs = progress.execution.lastEventTimeMs;
  scope.attempt = 1;
  delete scope.retries;
  delete scope.lastFailure;
  delete scope.lastHeartbeatDetails;
  delete scope.tokenTaskId;
  delete scope.mapRun;
  await beginWork(progress, scope);
}

async function beginWork(progress: Progress, scope: Scope): Promise<void> {
  try {
    if (scope.parent !== undefined) await recallItems(progress, scope);
    await begin(progress, scope, progress.stateOf(scope));
  } catch (error) {
    await fail(progress, scope, troubleOf(scope, error));
  }
}

/** The state's work begins. */
export async function begin(progress: Progress, scope: Scope, state: State): Promise<void> {
  switch (state.type) {
    case "Choice":
      return await enterChoice(progress, scope, state);
    case "Fail":
      return await enterFail(progress, scope, state);
    case "Map":
      return await startMap(progress, scope, state);
    case "Message":
      return await awaitMessage(progress, scope, state);
    case "Parallel":
      return await startParallel(progress, scope, state);
    case "Pass":
      return await enterPass(progress, scope, state);
    case "Succeed":
      return await enterSucceed(progress, scope, state);
    case "Task":
      return await scheduleTask(progress, scope, state);
    case "Wait":
      return await enterWait(progress, scope, state);
  }
}

/** Starts the next item of a Map that has room for it; joins children that a redrive found done. */
async function fill(progress: Progress, scope: Scope): Promise<void> {
  const fanOut = progress.index.fanOuts.get(scope.id);
  if (
    fanOut === undefined ||
    scope.position.kind !== "Children" ||
    !hasRoom(scope.position, fanOut)
  ) {
    progress.index.ready.pop();
    if (fanOut === undefined) return;
    fanOut.isReady = false;
    if (scope.position.kind === "Children" && fanOut.finished === scope.position.count)
      await join(progress, scope);
    return;
  }
  try {
    await startNextItem(progress, scope, progress.stateOf(scope) as MapState);
  } catch (error) {
    const trouble = troubleOf(scope, error);
    noteAborted(progress, scope, undefined, scope.lastEventId);
    haltChildren(progress, scope);
    await fail(progress, scope, { ...trouble, isOfChild: true });
  }
}
