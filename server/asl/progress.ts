import { scopeIndexOf } from "./scope-index.ts";
import { bodyOf, parentOf, stateOf } from "./whereabouts.ts";
import type { Body, Definition, State } from "./definition/definition.ts";
import type { CancelTask, Effect } from "./effect.ts";
import type { Event, Verdict } from "./event.ts";
import type { ExecutionState } from "./execution-state.ts";
import type { HistoryEvent, HistoryEventType } from "./history-event.ts";
import type { Json } from "./json.ts";
import type { Position, Scope } from "./scope.ts";
import type { ScopeIndex } from "./scope-index.ts";
import type { Turn } from "./turn.ts";

type Details = { readonly [key: string]: Json };
type Draft = { -readonly [Key in keyof HistoryEvent]: HistoryEvent[Key] };

/** What an event says besides its type. */
export interface Note {
  readonly details?: Details | undefined;
  /** When it happened, if not now. */
  readonly atMs?: number | undefined;
  /** On a task's events. */
  readonly attempt?: number;
  readonly worker?: string | undefined;
}

/** No more events fit into the history, but for the one that closes it. */
export class HistoryLimitReached extends Error {
  override readonly name = "HistoryLimitReached";
}

/** One call of `step` at work: the execution it changes and what it has brought about so far. */
export class Progress {
  readonly definition: Definition;
  readonly execution: ExecutionState;
  readonly turn: Turn;
  readonly index: ScopeIndex;
  readonly history: HistoryEvent[] = [];
  readonly changedScopes = new Set<number>();
  readonly removedScopes = new Set<number>();
  /** What the StateEntered event follows, by scope, for states entered in this step. */
  readonly beforeEntered = new Map<number, number>();
  /** The events of this step, the first of them that has not had its turn, and what is said of each so far. */
  readonly events: readonly Event[];
  nextEvent = 0;
  readonly verdicts: (Verdict | undefined)[] = [];
  /** States it may still enter. */
  transitionsLeft: number;
  readonly #effects: Effect[] = [];
  #hasCancelled = false;

  constructor(
    definition: Definition,
    execution: ExecutionState,
    events: readonly Event[],
    turn: Turn,
  ) {
    this.definition = definition;
    this.execution = execution;
    this.events = events;
    this.turn = turn;
    this.index = scopeIndexOf(execution);
    this.transitionsLeft = turn.limits.transitionsPerTurnMax;
  }

  /** The next event on the scope's thread. Returns its id. */
  advance(scope: Scope, type: HistoryEventType, note?: Note): number {
    scope.lastEventId = this.note(scope, type, scope.lastEventId, note);
    this.changedScopes.add(scope.id);
    return scope.lastEventId;
  }

  /** An event about the scope's state that no later event follows. Returns its id. */
  note(scope: Scope, type: HistoryEventType, previousEventId: number, note?: Note): number {
    const event = this.#draft(type, previousEventId, note);
    event.stateName = scope.stateName;
    if (scope.parent !== undefined) event.within = scope.path;
    if (note?.attempt !== undefined) event.attempt = note.attempt;
    if (note?.worker !== undefined) event.worker = note.worker;
    if (event.id >= this.turn.limits.historyEventsMax) throw new HistoryLimitReached();
    return this.#write(event);
  }

  /** An Execution* event. The one that closes the execution may be the last that the limit allows. */
  noteExecution(type: HistoryEventType, previousEventId: number, details: Details): void {
    this.#write(this.#draft(type, previousEventId, { details }));
  }

  #draft(type: HistoryEventType, previousEventId: number, note?: Note): Draft {
    const { execution } = this;
    const atMs = Math.max(note?.atMs ?? this.turn.nowMs, execution.lastEventTimeMs);
    const event: Draft = { id: execution.nextEventId, previousEventId, timestampMs: atMs, type };
    if (note?.details !== undefined) event.details = note.details;
    return event;
  }

  #write(event: HistoryEvent): number {
    this.execution.nextEventId = event.id + 1;
    this.execution.lastEventTimeMs = event.timestampMs;
    this.history.push(event);
    return event.id;
  }

  /** Nothing new begins: what ends meanwhile is kept ({@link Ended}). */
  get isPaused(): boolean {
    return this.execution.pause !== undefined;
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  cancelTask(taskId: number, reason: CancelTask["reason"]): void {
    const position = this.execution.scopes.get(this.index.tasks.get(taskId) ?? -1)?.position;
    this.index.tasks.delete(taskId);
    this.#hasCancelled = true;
    this.#effects.push({ type: "CancelTask", taskId, reason });
    if (position?.kind === "Task" && position.mapRunId !== undefined)
      this.effect({ type: "EndMapRun", mapRunId: position.mapRunId, status: "ABORTED" });
  }

  cancelTimer(timerId: number): void {
    this.index.timers.delete(timerId);
    this.#hasCancelled = true;
    this.#effects.push({ type: "CancelTimer", timerId });
  }

  /** The scope waits for its message no longer; nothing if it did not any more. */
  endMessageWait({ waitId, dueAtMs }: Extract<Position, { readonly kind: "Message" }>): void {
    if (!this.index.messages.delete(waitId)) return;
    if (dueAtMs !== undefined) this.cancelTimer(waitId);
    this.#hasCancelled = true;
    this.#effects.push({ type: "EndMessageWait", waitId });
  }

  /** What is to be done; what was begun and withdrawn in this same step cancels out. */
  effects(): readonly Effect[] {
    if (!this.#hasCancelled) return this.#effects;
    const begun = new Set<number>();
    const withdrawn = new Set<number>();
    for (const effect of this.#effects) {
      const id = subject(effect);
      if (id === undefined) continue;
      if (beginnings.has(effect.type)) begun.add(id);
      else if (begun.has(id)) withdrawn.add(id);
    }
    return this.#effects.filter((effect) => !withdrawn.has(subject(effect) ?? 0));
  }

  /** The scope's thread goes on in its own turn. */
  makeReady(scope: Scope): void {
    this.changedScopes.add(scope.id);
    this.index.ready.push(scope.id);
  }

  addScope(scope: Scope): void {
    this.execution.scopes.set(scope.id, scope);
    this.changedScopes.add(scope.id);
  }

  removeScope(id: number): void {
    this.execution.scopes.delete(id);
    this.index.fanOuts.delete(id);
    this.changedScopes.delete(id);
    this.removedScopes.add(id);
  }

  /** The state the scope is in or about to enter. */
  stateOf(scope: Scope): State {
    return stateOf(this.definition, this.execution, scope);
  }

  bodyOf(scope: Scope): Body {
    return bodyOf(this.definition, this.execution, scope);
  }

  /** The scope whose Parallel or Map this one is a branch or an item of. */
  parentOf(scope: Scope): Scope | undefined {
    return parentOf(this.execution, scope);
  }
}

const beginnings: ReadonlySet<Effect["type"]> = new Set([
  "ScheduleTask",
  "StartTimer",
  "AwaitMessage",
]);

/** The task, timer or wait an effect is about. All have ids of events; a wait shares its with its timer. */
function subject(effect: Effect): number | undefined {
  switch (effect.type) {
    case "ScheduleTask":
    case "CancelTask":
      return effect.taskId;
    case "StartTimer":
    case "CancelTimer":
      return effect.timerId;
    case "AwaitMessage":
    case "EndMessageWait":
      return effect.waitId;
    case "RequestTurn":
    case "SetPause":
    case "TakeInput":
    case "GiveUpInput":
    case "StartMapRun":
    case "RedriveMapRun":
    case "EndMapRun":
      return undefined;
  }
}
