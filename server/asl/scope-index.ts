import type { ExecutionState } from "./execution-state.ts";
import type { Json } from "./json.ts";
import type { Children, Scope } from "./scope.ts";
import type { Payload } from "./payload.ts";

/**
 * What can be found from the scopes, kept beside them so that no event has to look at all of them.
 *
 * Never stored: built from the scopes when an execution is restored, then carried along.
 */
export interface ScopeIndex {
  /** Scope that waits for a task, by task id. */
  readonly tasks: Map<number, number>;
  /** Scope that waits for a timer, by timer id. */
  readonly timers: Map<number, number>;
  /** Scope that waits for a message, by the id of the wait. */
  readonly messages: Map<number, number>;
  /** By the id of the scope whose state is the Map or Parallel. */
  readonly fanOuts: Map<number, FanOut>;
  /** Scopes with work to do now, the next one last. May name scopes that are gone or done. */
  readonly ready: number[];
  /** The execution's input, parsed when the context object is first asked for. */
  executionInput?: Json;
}

/** Bookkeeping of one Map or Parallel that is running. */
export interface FanOut {
  /** Scope of each branch or item that was started, by index. Items start in order. */
  readonly childIds: number[];
  finished: number;
  failed: number;
  /** Last event on the thread of the child that finished last; 0 while there is none. */
  lastFinishedEventId: number;
  /** The same, its MapIteration event included: what the Map's or Parallel's end follows. */
  lastEndedEventId: number;
  /** A Map's items; looked up again after a restore. */
  items?: readonly Payload[];
  /** Whether it stands in `ready` to start more children. */
  isReady: boolean;
}

/** Where the index hangs on its execution. Not enumerable: a copy of the execution builds its own. */
const indexKey = Symbol("scopeIndex");

export function scopeIndexOf(execution: ExecutionState & { [indexKey]?: ScopeIndex }): ScopeIndex {
  const known = execution[indexKey];
  if (known !== undefined) return known;
  const index = buildIndex(execution);
  Object.defineProperty(execution, indexKey, { value: index });
  return index;
}

export function newFanOut(): FanOut {
  return {
    childIds: [],
    finished: 0,
    failed: 0,
    lastFinishedEventId: 0,
    lastEndedEventId: 0,
    isReady: false,
  };
}

/** Whether children have to be started or joined. */
function isInNeed(children: Children, fanOut: FanOut): boolean {
  return fanOut.finished === children.count || hasRoom(children, fanOut);
}

/** Whether a Map may start its next item now. */
export function hasRoom(children: Children, fanOut: FanOut): boolean {
  const started = fanOut.childIds.length;
  if (started >= children.count) return false;
  return (
    children.maxConcurrency === undefined || started - fanOut.finished < children.maxConcurrency
  );
}

function buildIndex(execution: ExecutionState): ScopeIndex {
  const index: ScopeIndex = {
    tasks: new Map(),
    timers: new Map(),
    messages: new Map(),
    fanOuts: new Map(),
    ready: [],
  };
  fillIndex(index, execution);
  return index;
}

/**
 * The scopes have changed all at once: what can be found from them is found anew. Threads go on in the
 * order they were begun, new items of a Map after them.
 */
export function rebuildIndex(index: ScopeIndex, execution: ExecutionState): void {
  for (const map of [index.tasks, index.timers, index.messages, index.fanOuts]) map.clear();
  index.ready.length = 0;
  fillIndex(index, execution);
  // The last one in `ready` goes first.
  const { scopes } = execution;
  index.ready.sort((a, b) => rank(scopes.get(b)) - rank(scopes.get(a)) || b - a);
}

function rank(scope: Scope | undefined): number {
  return scope?.position.kind === "Children" ? 1 : 0;
}

function fillIndex(index: ScopeIndex, execution: ExecutionState): void {
  // Children are made after their parents: in order of ids, deeper scopes end up nearer to their turn.
  const scopes = [...execution.scopes.values()].toSorted((a, b) => a.id - b.id);
  for (const scope of scopes) {
    indexScope(index, scope);
    // The time of the last event is not stored; no event is earlier than a state that was entered.
    execution.lastEventTimeMs = Math.max(execution.lastEventTimeMs, scope.enteredTimeMs);
  }
  for (const scope of scopes) {
    const fanOut = index.fanOuts.get(scope.id);
    if (scope.position.kind === "Turn" || scope.position.kind === "Ended")
      index.ready.push(scope.id);
    if (
      fanOut !== undefined &&
      scope.position.kind === "Children" &&
      isInNeed(scope.position, fanOut)
    ) {
      fanOut.isReady = true;
      index.ready.push(scope.id);
    }
  }
}

function indexScope(index: ScopeIndex, scope: Scope): void {
  const { position } = scope;
  if (position.kind === "Children") index.fanOuts.set(scope.id, newFanOut());
  if (position.kind === "Task" || position.kind === "Input")
    index.tasks.set(position.taskId, scope.id);
  if (position.kind === "Retry" || position.kind === "Wait")
    index.timers.set(position.timerId, scope.id);
  if (position.kind === "Message") {
    index.messages.set(position.waitId, scope.id);
    if (position.dueAtMs !== undefined) index.timers.set(position.waitId, scope.id);
  }
  const fanOut = scope.parent && index.fanOuts.get(scope.parent.scopeId);
  if (fanOut === undefined || scope.parent === undefined) return;
  fanOut.childIds[scope.parent.index] = scope.id;
  if (position.kind !== "Succeeded" && position.kind !== "Failed") return;
  countFinished(fanOut, scope);
}

/** Takes account of a child that is over. */
export function countFinished(fanOut: FanOut, { position, lastEventId }: Scope): void {
  fanOut.finished += 1;
  if (position.kind === "Failed") fanOut.failed += 1;
  // After a restore they come in any order; the ids of the last one are the highest.
  fanOut.lastFinishedEventId = Math.max(fanOut.lastFinishedEventId, lastEventId);
  const endedEventId =
    "iterationEventId" in position ? (position.iterationEventId ?? lastEventId) : lastEventId;
  fanOut.lastEndedEventId = Math.max(fanOut.lastEndedEventId, endedEventId);
}
