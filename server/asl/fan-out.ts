/** The branches of a Parallel and the items of a Map: started, counted, joined, aborted. */
import { evaluationOf, selectedInput, withinLimit } from "./data-flow.ts";
import { QueryError } from "./data/jsonata/query-error.ts";
import { isArray, stringifyJson } from "./json.ts";
import { Payload } from "./payload.ts";
import { recordWaiting } from "./record-waiting.ts";
import { hasRoom, newFanOut } from "./scope-index.ts";
import { StatesError } from "./states-error.ts";
import type { MapItem } from "./context-of.ts";
import type { MapState } from "./definition/definition.ts";
import type { HistoryEventType } from "./history-event.ts";
import type { Progress } from "./progress.ts";
import type { Children, Scope } from "./scope.ts";
import type { FanOut } from "./scope-index.ts";

/** The scope's state begins its branches or items; `ready` starts them. */
export function beginChildren(
  progress: Progress,
  scope: Scope,
  children: Children,
  items?: readonly Payload[],
): FanOut {
  const fanOut = newFanOut();
  if (items !== undefined) fanOut.items = items;
  progress.index.fanOuts.set(scope.id, fanOut);
  scope.position = children;
  progress.changedScopes.add(scope.id);
  return fanOut;
}

/** Puts a Map's scope where `settle` starts the next item, if there is one that may start. */
export function makeRoomReady(progress: Progress, scope: Scope): void {
  const fanOut = fanOutOf(progress, scope);
  if (fanOut.isReady || scope.position.kind !== "Children" || !hasRoom(scope.position, fanOut))
    return;
  fanOut.isReady = true;
  progress.index.ready.push(scope.id);
}

/** A new thread for the branch or item, ready to enter its first state. */
export function startChild(
  progress: Progress,
  scope: Scope,
  input: Payload,
  previousEventId: number,
): void {
  const { childIds } = fanOutOf(progress, scope);
  const index = childIds.length;
  const child: Scope = {
    id: progress.execution.nextScopeId,
    parent: { scopeId: scope.id, index },
    path: `${scope.path}${scope.stateName}[${index}]/`,
    stateName: "",
    input,
    enteredEventId: 0,
    enteredTimeMs: 0,
    lastEventId: previousEventId,
    attempt: 1,
    position: { kind: "Turn" },
  };
  child.stateName = progress.bodyOf(child).startAt;
  progress.execution.nextScopeId += 1;
  childIds.push(child.id);
  progress.addScope(child);
  progress.index.ready.push(child.id);
}

/** Starts a Map's next item. ASL § Map State. */
export async function startNextItem(
  progress: Progress,
  scope: Scope,
  state: MapState,
): Promise<void> {
  const { position } = scope;
  if (position.kind !== "Children") throw new Error("the Map has no items running");
  const fanOut = fanOutOf(progress, scope);
  const index = fanOut.childIds.length;
  const item = (await itemsOf(progress, scope, state))[index];
  if (item === undefined) throw new Error(`the Map has no item ${index}`);
  const input = await itemInput(progress, scope, state, { index, value: item.value });
  // An item that had to wait follows the one that made room for it.
  const hadToWait = position.maxConcurrency !== undefined && index >= position.maxConcurrency;
  const previousEventId = hadToWait ? fanOut.lastFinishedEventId : position.startedEventId;
  const details = { index, name: scope.stateName };
  const startedEventId = progress.note(scope, "MapIterationStarted", previousEventId, { details });
  startChild(progress, scope, input, startedEventId);
}

/**
 * What a Map iterates over: its effective input, or what ItemsPath finds there.
 *
 * @throws StatesError States.Runtime when that is not an array.
 */
export async function itemsOf(
  progress: Progress,
  scope: Scope,
  state: MapState,
): Promise<readonly Payload[]> {
  const fanOut = progress.index.fanOuts.get(scope.id);
  if (fanOut?.items !== undefined) return fanOut.items;
  const input = await selectedInput(progress, scope, state);
  const from = state.itemsPath ?? state.items;
  const value =
    from === undefined ? input.value : await from.evaluate(evaluationOf(progress, scope, input));
  if (!isArray(value)) {
    if (state.queryLanguage === "JSONata")
      throw new QueryError(`Map state input must be an array but was: ${stringifyJson(value)}`);
    throw new StatesError(
      "States.Runtime",
      `Reference path "${state.itemsPath?.text.replace(/^\$\$/, "$") ?? "$"}" must point to array.`,
    );
  }
  progress.turn.probe?.see({ afterItemsPath: Payload.of(value) });
  const items = value.map((item) => Payload.of(item));
  if (fanOut !== undefined) fanOut.items = items;
  return items;
}

/** After a restore, looks up the items of the Maps around the scope: `$$.Map.Item` may be asked for. */
export async function recallItems(progress: Progress, scope: Scope): Promise<void> {
  const parent = progress.parentOf(scope);
  if (parent === undefined) return;
  await recallItems(progress, parent);
  if (fanOutOf(progress, parent).items !== undefined) return;
  const state = progress.stateOf(parent);
  if (state.type === "Map") await itemsOf(progress, parent, state);
}

/** ASL § ItemSelector. */
export async function itemInput(
  progress: Progress,
  scope: Scope,
  state: MapState,
  mapItem: MapItem,
): Promise<Payload> {
  if (state.itemSelector === undefined) return Payload.of(mapItem.value);
  const input = await selectedInput(progress, scope, state);
  const value = await state.itemSelector.evaluate(
    evaluationOf(progress, scope, input, { mapItem }),
  );
  return withinLimit(progress, Payload.of(value), scope.stateName);
}

/** The outputs of the children that succeeded, in order, as one array. */
export function joinedOutput(progress: Progress, scope: Scope): Payload {
  const texts: string[] = [];
  for (const id of fanOutOf(progress, scope).childIds) {
    const child = progress.execution.scopes.get(id);
    if (child?.position.kind === "Succeeded") texts.push(child.input.text);
  }
  return Payload.ofCompactText(`[${texts.join(",")}]`);
}

/** The Map may still stand in `ready` to start more items; its next turn must be its only one. */
export function startNoMore(progress: Progress, scope: Scope): void {
  const fanOut = fanOutOf(progress, scope);
  const { ready } = progress.index;
  if (fanOut.isReady) ready.splice(ready.lastIndexOf(scope.id), 1);
  fanOut.isReady = false;
}

/** Withdraws the open tasks and timers of the children, whatever they are doing. They stand where they stood. */
export function haltChildren(progress: Progress, scope: Scope): void {
  const { tasks, timers } = progress.index;
  startNoMore(progress, scope);
  for (const id of fanOutOf(progress, scope).childIds) {
    const child = progress.execution.scopes.get(id);
    if (child === undefined) continue;
    const { position } = child;
    if (position.kind === "Children") haltChildren(progress, child);
    if (position.kind === "Task" && tasks.has(position.taskId))
      progress.cancelTask(position.taskId, "BranchFailed");
    if ("timerId" in position && timers.has(position.timerId))
      progress.cancelTimer(position.timerId);
    if (position.kind === "Message") progress.endMessageWait(position);
  }
}

/** Drops the children, which are done or halted, if there are any. */
export function removeChildren(progress: Progress, scope: Scope): void {
  const fanOut = progress.index.fanOuts.get(scope.id);
  if (fanOut === undefined) return;
  for (const id of fanOut.childIds) {
    const child = progress.execution.scopes.get(id);
    if (child === undefined) continue;
    removeChildren(progress, child);
    progress.removeScope(id);
  }
  progress.index.fanOuts.delete(scope.id);
  if (scope.position.kind === "Children") scope.position = { kind: "Turn" };
}

const aborted: { readonly [type: string]: HistoryEventType } = {
  Map: "MapStateAborted",
  Message: "MessageStateAborted",
  Parallel: "ParallelStateAborted",
  Task: "TaskStateAborted",
  Wait: "WaitStateAborted",
};

/**
 * Records what a failing child cuts short: every iteration and every state that was active, all of
 * them following the failure, and its own state too (as AWS does it).
 */
export function noteAborted(
  progress: Progress,
  scope: Scope,
  failed: Scope | undefined,
  failureEventId: number,
): void {
  for (const id of fanOutOf(progress, scope).childIds) {
    const child = progress.execution.scopes.get(id);
    if (
      child === undefined ||
      child.position.kind === "Succeeded" ||
      child.position.kind === "Failed"
    )
      continue;
    if (child !== failed) recordWaiting(progress, child);
    if (child !== failed && progress.stateOf(scope).type === "Map") {
      const details = { index: child.parent?.index ?? 0, name: scope.stateName };
      progress.note(scope, "MapIterationAborted", failureEventId, { details });
    }
    if (child.position.kind === "Task" && child.position.mapRunId !== undefined)
      progress.note(child, "MapRunAborted", failureEventId);
    const type = aborted[progress.stateOf(child).type];
    if (type !== undefined && child.enteredEventId > 0) progress.note(child, type, failureEventId);
    if (child !== failed && child.position.kind === "Children")
      noteAborted(progress, child, undefined, failureEventId);
  }
}

export function fanOutOf(progress: Progress, scope: Scope): FanOut {
  const fanOut = progress.index.fanOuts.get(scope.id);
  if (fanOut === undefined) throw new Error(`scope ${scope.id} has no children`);
  return fanOut;
}
