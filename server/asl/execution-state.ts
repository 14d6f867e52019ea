/**
 * Where an execution stands: what `step` reads and changes, and what a turn makes durable.
 *
 * One aggregate per execution, held in memory by the server that owns it and restored from rows by
 * any other. `step` changes it in place (as etcd's raft does) and says what changed; if the commit
 * fails, the whole aggregate is thrown away and restored, so a half-applied turn can not be seen.
 */
import type { Effect } from "./effect.ts";
import type { Verdict } from "./event.ts";
import type { HistoryEvent } from "./history-event.ts";
import type { Failure } from "./states-error.ts";
import type { Pause } from "./pause.ts";
import type { Scope } from "./scope.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** What never changes after the start. Source of the context object. */
export interface ExecutionFacts {
  readonly executionArn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly startTimeMs: number;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** What it was started through, if not the plain machine. */
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
  readonly type: "STANDARD" | "EXPRESS";
  /** StartSyncExecution's context object has no RedriveCount. */
  readonly isSync: boolean;
  /** JSON text as the caller sent it. */
  readonly input: string;
  readonly parent?: ExecutionParent;
  /** Of an item of a distributed Map. */
  readonly mapRun?: ChildFacts;
  /** Of one whose input another execution has put out. */
  readonly chain?: ChainFacts;
}

/** Where the input of a chained execution comes from. */
export interface ChainFacts {
  /** Id of the source. */
  readonly execution: string;
  /** The state whose last output it is; absent: the execution's. */
  readonly state?: string;
  /** What makes the input of that; absent: it is the input. */
  readonly transformer?: Transformer;
}

/** `JSONata`: an expression over `$states.input`. `Resource`: a name that workers serve. */
export interface Transformer {
  readonly kind: "JSONata" | "Resource";
  readonly text: string;
}

/** What makes an execution a child of a Map Run. */
export interface ChildFacts {
  readonly arn: string;
  /** JSON pointer into its revision's definition: the Map state whose item processor it runs. */
  readonly map: string;
  /** Items in its batch; 1 without one. */
  readonly itemCount: number;
}

/** The execution whose state started this one. */
export interface ExecutionParent {
  readonly executionArn: string;
  readonly stateName: string;
}

export interface ExecutionState {
  /** A chained execution may get its input late (await-input.ts); nothing else changes. */
  facts: ExecutionFacts;
  status: ExecutionStatus;
  /** Id the next history event will have. */
  nextEventId: number;
  /** Id the next branch or item will have. */
  nextScopeId: number;
  lastEventTimeMs: number;
  /**
   * Threads of control by id; the root is 0. Finished items stay until their Map or Parallel joins.
   * Empty before the first turn. After the last, those of a STANDARD execution that did not succeed
   * stand where a redrive goes on; else there is none.
   */
  readonly scopes: Map<number, Scope>;
  /** JSON text; set when SUCCEEDED. */
  output?: string;
  /** Set when FAILED, TIMED_OUT or ABORTED (may be empty). */
  failure?: Failure;
  /** While it runs and begins nothing new; absent: it is not paused. */
  pause?: Pause;
  /** How often it was redriven, and when last; absent: never. */
  redrive?: { readonly count: number; readonly timeMs: number };
}

/** An execution that has not had its first turn: give it the event `Started`. */
export function newExecution(facts: ExecutionFacts): ExecutionState {
  return {
    facts,
    status: "RUNNING",
    nextEventId: 1,
    nextScopeId: 1,
    lastEventTimeMs: facts.startTimeMs,
    scopes: new Map(),
  };
}

/** When it was started, or redriven last. Milliseconds since the epoch. */
export function begunAtMs({ facts, redrive }: ExecutionState): number {
  return redrive?.timeMs ?? facts.startTimeMs;
}

/** What changed in one call of `step`, for the store and the engine. */
export interface Step {
  readonly history: readonly HistoryEvent[];
  readonly effects: readonly Effect[];
  /** One for each event given, in order. */
  readonly verdicts: readonly Verdict[];
  /**
   * Scopes to write (present in `scopes`) and scopes to delete. The root counts as scope 0.
   */
  readonly changedScopes: ReadonlySet<number>;
  readonly removedScopes: ReadonlySet<number>;
  /** A bug: the interpreter threw and the execution was failed. For the log, never for a client. */
  readonly defect?: Error;
}

/** What an execution is doing now, for people. */
export interface ActiveState {
  readonly path: string;
  readonly stateName: string;
  readonly type: string;
  readonly kind: "Task" | "Retry" | "Wait" | "Message" | "Children" | "Turn";
  readonly attempt: number;
  readonly sinceMs: number;
  /** Next retry or timer. */
  readonly nextTimeMs?: number;
  readonly lastFailure?: Failure;
  readonly taskId?: number;
  readonly resource?: string;
}
