import { parseJson } from "./json.ts";
import { Payload } from "./payload.ts";
import type { Trouble } from "./error-equals.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Failure } from "./states-error.ts";

/**
 * One thread of control: the execution's root, a branch of a Parallel, or an item of a Map.
 *
 * All that must survive a crash about it; what can be counted or found from other scopes is not here
 * (fan-out.ts). Stored by {@link encodeScope}.
 */
export interface Scope {
  readonly id: number;
  /** Absent at the root. `index` is the branch's or item's place. */
  readonly parent?: { readonly scopeId: number; readonly index: number };
  /** Prefix of its states' paths: `/States/` at the root, `/States/Each[3]/` in an item. */
  readonly path: string;
  /** The state it is in, or is about to enter. */
  stateName: string;
  /** What that state was given; once the scope has succeeded, what it gave. */
  input: Payload;
  /** Id and time of the StateEntered event; 0 before the state is entered. */
  enteredEventId: number;
  enteredTimeMs: number;
  /** `previousEventId` of the next event on this thread. */
  lastEventId: number;
  /** From 1; grows with each Retry of the state. */
  attempt: number;
  /** Retries made in this visit of the state, by the index of the Retrier. */
  retries?: readonly number[];
  /** Variables assigned in this scope. Those of the scopes around it are read, never written, here. */
  variables?: JsonObject;
  /** Bytes of their JSON texts. */
  variablesBytes?: number;
  /** The task whose token the state's expressions see; only where they see one. */
  tokenTaskId?: number;
  /** Of a distributed Map, the run of this visit: a redrive goes on with it. */
  mapRun?: OwnMapRun;
  /** Why the attempt before this one failed. */
  lastFailure?: Failure;
  /** What the attempts before this one said last in a heartbeat. */
  lastHeartbeatDetails?: string;
  position: Position;
}

/** What a scope waits for. Always exactly one of these. */
export type Position =
  /** Its turn: the state is to be entered, or is at work right now. */
  | { readonly kind: "Turn" }
  | AtTask
  /** The root, before the execution has started: a task is to give its input. */
  | { readonly kind: "Input"; readonly taskId: number }
  | { readonly kind: "Retry"; readonly timerId: number; readonly dueAtMs: number }
  | { readonly kind: "Wait"; readonly timerId: number; readonly dueAtMs: number }
  /** `waitId`: id of its MessageWaitStarted, and of its timer where it has one. */
  | { readonly kind: "Message"; readonly waitId: number; readonly dueAtMs?: number }
  | Children
  | Ended
  /** Over; waits for its siblings. `iterationEventId`: its MapIterationSucceeded or MapIterationFailed. */
  | { readonly kind: "Succeeded"; readonly iterationEventId?: number }
  | { readonly kind: "Failed"; readonly failure: Failure; readonly iterationEventId: number };

export interface OwnMapRun {
  readonly id: string;
  readonly arn: string;
  /** Of its MapRunStarted. */
  readonly startedEventId: number;
  readonly redriveCount: number;
  /** By a redrive: the state's work begins with this run, not with a new one. */
  readonly isTakenUp?: true;
}

export interface AtTask {
  readonly kind: "Task";
  readonly taskId: number;
  readonly isStarted: boolean;
  /** What the worker has begun goes on elsewhere. */
  readonly isSubmitted?: true;
  /** Of a distributed Map. */
  readonly mapRunId?: string;
  /** Of a `lambda:invoke` with LogType Tail. */
  readonly wantsLog?: true;
}

/**
 * The execution is paused: what has become of the state's work is kept until it goes on. Neither result
 * nor trouble: a Wait is over, or a Task is skipped.
 */
export interface Ended {
  readonly kind: "Ended";
  /** JSON text of its result. */
  readonly result?: string;
  readonly trouble?: Trouble;
}

/** The branches of a Parallel or the items of a Map are running. */
export interface Children {
  readonly kind: "Children";
  /** Id of ParallelStateStarted or MapStateStarted. */
  readonly startedEventId: number;
  readonly count: number;
  /** Most that may run at a time; absent: no bound. */
  readonly maxConcurrency?: number;
  /** Failed items a Map puts up with; absent: none, the first failure is the Map's. */
  readonly toleratedFailures?: number;
}

/** Version of the stored form; a reader refuses what it does not know. */
const scopeFormat = 1;

/** JSON text to store. The payload goes in as it is, not as a string in a string. */
export function encodeScope(scope: Scope): string {
  const { input, ...rest } = scope;
  const head = JSON.stringify({ format: scopeFormat, ...rest });
  return `${head.slice(0, -1)},"input":${input.text}}`;
}

/** @throws Error when the text is of another format: never guesses. */
export function decodeScope(text: string): Scope {
  const { format, input, ...rest } = parseJson(text) as JsonObject;
  if (format !== scopeFormat)
    throw new Error(`scope has format ${JSON.stringify(format)}; this server reads ${scopeFormat}`);
  return { ...(rest as unknown as Omit<Scope, "input">), input: Payload.of(input as Json) };
}
