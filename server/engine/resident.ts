/** An execution in memory: the aggregate, the revision it was committed at, and the events that wait for its next turn. */
import type {
  ChildFacts,
  Definition,
  Event,
  ExecutionFacts,
  ExecutionState,
  Failure,
  Pause,
  Verdict,
} from "../asl/index.ts";
import { decodeScope, mapAt, newExecution } from "../asl/index.ts";
import type { LoadedExecution } from "../store/sql/load-execution.ts";
import type { Labels } from "./engine.ts";
import { redrivesOf } from "./redrives.ts";

export interface Resident {
  readonly id: string;
  readonly definition: Definition;
  readonly revisionId: string;
  readonly state: ExecutionState;
  readonly labels: Labels;
  readonly trace: string | undefined;
  rev: number;
  /** Open tasks and the latest delivery known of each. */
  readonly tasks: Map<number, number>;
  /** A `Turn` wake row (timer 0) is in the database. */
  hasTurnRow: boolean;
  queue: QueuedEvent[];
  isTurning: boolean;
  stoppedAtMs: number | undefined;
  /** Its rows have moved on (an inbox event): load anew before the next turn. */
  isOutdated: boolean;
}

/** An event that waits for a turn, and whoever waits for its result. */
export interface QueuedEvent {
  readonly event: Event;
  /** Of an outcome: the delivery it answers. An older one than the latest is stale. */
  readonly epoch?: number;
  /** The inbox row it came from; deleted by the turn that takes it. */
  readonly inboxId?: string;
  readonly settle: (result: EventResult) => void;
}

/** A verdict is said after COMMIT only. `Closed`: the execution is over; `NotFound`: there is none. */
export type EventResult = Verdict | "Closed" | "NotFound";

/** An execution that is about to have its first turn. */
export function newResident(
  id: string,
  made: {
    readonly definition: Definition;
    readonly revisionId: string;
    readonly facts: ExecutionFacts;
    readonly labels: Labels | undefined;
    readonly trace: string | undefined;
  },
): Resident {
  return {
    id,
    definition: made.definition,
    revisionId: made.revisionId,
    state: newExecution(made.facts),
    labels: made.labels ?? {},
    trace: made.trace,
    rev: 0,
    tasks: new Map(),
    hasTurnRow: false,
    queue: [],
    isTurning: false,
    isOutdated: false,
    stoppedAtMs: undefined,
  };
}

/**
 * When it ends at the latest: TimeoutSeconds, and five minutes for an EXPRESS execution.
 *
 * @param fromMs when it began, if not at its start time.
 */
export function deadlineOf(
  { definition, state }: Resident,
  fromMs = state.facts.startTimeMs,
): { readonly deadlineAtMs?: number } {
  const { type } = state.facts;
  const expressSeconds = type === "STANDARD" ? Infinity : expressSecondsMax;
  const seconds = Math.min(definition.timeoutSeconds ?? Infinity, expressSeconds);
  return seconds === Infinity ? {} : { deadlineAtMs: fromMs + seconds * 1000 };
}

const expressSecondsMax = 300;

/** executions.facts: all but the input, which has its own column; and what recognises the request. */
export function factsText(facts: ExecutionFacts, requestId?: string): string {
  const { input: _, ...rest } = facts;
  return JSON.stringify({ ...rest, requestId });
}

/** @param facts what never changes, without the input, as stored in executions.facts. */
export function restoreResident(row: LoadedExecution, definition: Definition): Resident {
  const facts = { ...(JSON.parse(row.facts) as Omit<ExecutionFacts, "input">), input: row.input };
  const state = newExecution(facts);
  state.status = row.status as ExecutionState["status"];
  state.nextEventId = row.nextEventId;
  state.nextScopeId = row.nextScopeId;
  state.lastEventTimeMs = row.lastEventTimeMs ?? row.stoppedAtMs ?? facts.startTimeMs;
  if (row.output !== null) state.output = row.output;
  const failure = failureOf(row.error, row.cause);
  if (failure !== undefined) state.failure = failure;
  if (row.pause !== null) state.pause = JSON.parse(row.pause) as Pause;
  const redrives = redrivesOf(row.redrive);
  if (redrives !== undefined) state.redrive = { count: redrives.count, timeMs: redrives.timeMs };
  state.scopes.clear();
  if (row.state !== null) state.scopes.set(0, decodeScope(row.state));
  for (const scope of row.scopes) state.scopes.set(scope.id, decodeScope(scope.state));
  return {
    id: row.id,
    definition: facts.mapRun === undefined ? definition : childMachine(definition, facts.mapRun),
    revisionId: row.revisionId,
    state,
    labels: row.labels ?? {},
    trace: row.trace ?? undefined,
    rev: row.rev,
    tasks: new Map(row.tasks.map((task) => [task.id, task.epoch])),
    hasTurnRow: row.timers.some(({ id }) => id === turnTimerId),
    queue: [],
    isTurning: false,
    stoppedAtMs: row.stoppedAtMs ?? undefined,
    isOutdated: false,
  };
}

/** What a child of a Map Run runs of the definition that it shares with its parent. */
export function childMachine(definition: Definition, { map }: Pick<ChildFacts, "map">): Definition {
  const { distributed } = mapAt(definition, map);
  if (distributed === undefined) throw new Error(`the Map at ${map} is not distributed`);
  return distributed.machine;
}

/** The timer row that stands for "go on with this turn". Event ids start at 1, so it is free. */
export const turnTimerId = 0;

export function failureOf(
  error: string | null | undefined,
  cause: string | null | undefined,
): Failure | undefined {
  if ((error ?? undefined) === undefined && (cause ?? undefined) === undefined) return undefined;
  return {
    ...(error !== null && error !== undefined && { error }),
    ...(cause !== null && cause !== undefined && { cause }),
  };
}
