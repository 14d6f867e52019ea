/** What one turn makes durable, in the store's words. Built by the engine, written by the commit pipeline. */
export interface TurnWrites {
  readonly executionId: string;
  /** Set for a turn; absent for a start, which inserts. */
  readonly expectedRev?: number;
  /** Set for a start. */
  readonly start?: StartWrite;
  /** Set for the turn that takes up a closed execution. */
  readonly redrive?: RedriveWrite;
  /** Set for the turn that starts a chained execution which has waited for its input. */
  readonly input?: InputWrite;
  /** It ended without its input: the link to its source goes. */
  readonly dropsLink?: true;
  /** Set for a turn in which the execution is paused, or goes on. */
  readonly pause?: PauseWrite;
  readonly status: string;
  readonly nextEventId: number;
  readonly nextScopeId: number;
  /** Root scope as text; undefined: unchanged; null: closed, with nothing to redrive. */
  readonly state: string | null | undefined;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly stoppedAtMs?: number;
  readonly history?: HistoryWrite;
  readonly newTasks: readonly TaskWrite[];
  readonly goneTasks: readonly number[];
  /** Tasks that a worker has done its part of and that wait for the report under their token. */
  readonly awaitingTasks: readonly number[];
  readonly newTimers: readonly TimerWrite[];
  readonly goneTimers: readonly number[];
  readonly newMessageWaits: readonly MessageWaitWrite[];
  readonly goneMessageWaits: readonly number[];
  /** Kept messages that this turn has received. */
  readonly receivedMessages: readonly string[];
  readonly scopes: readonly ScopeWrite[];
  readonly goneScopes: readonly number[];
  readonly goneInbox: readonly string[];
  readonly newMapRuns?: readonly MapRunWrite[];
  readonly redrivenMapRuns?: readonly MapRunRedriveWrite[];
  readonly endedMapRuns?: readonly MapRunEndWrite[];
}

export interface StartWrite {
  /** Of a child of a Map Run: the run's id. */
  readonly stateMachineId: string;
  readonly isChild?: boolean;
  readonly stateMachineName: string;
  readonly revisionId: string;
  /** What it is started through, if not the plain machine. */
  readonly route?: RouteWrite;
  readonly name: string;
  readonly facts: string;
  readonly input: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trace?: string;
  readonly startedAtMs: number;
  readonly deadlineAtMs?: number;
  readonly link?: LinkWrite;
}

export interface InputWrite {
  readonly input: string;
  readonly deadlineAtMs?: number;
}

/** What a chained execution got its input from. Refused by the index if `isUnique` and there is one of this key. */
export interface LinkWrite {
  readonly sourceExecutionId: string;
  readonly sourceStateMachineName: string;
  /** Empty: the execution's output. */
  readonly sourceState: string;
  /** Empty: none. */
  readonly transformer: string;
  /** Source, state, transformer and target machine as one UUID. */
  readonly key: string;
  readonly isUnique: boolean;
}

export interface RouteWrite {
  readonly version: number;
  readonly alias?: string;
  /** The machine's routing_id when version and alias were looked up; refuses the start when it has changed. */
  readonly routingId: string;
}

export interface RedriveWrite {
  /** JSON for the column. */
  readonly redrive: string;
  readonly revisionId: string;
  readonly deadlineAtMs?: number;
}

export interface PauseWrite {
  /** JSON for the column; null: it goes on. */
  readonly pause: string | null;
  /** Open tasks that are out of their queues meanwhile, unless a worker has them. */
  readonly taskIds: readonly number[];
}

export interface MapRunWrite {
  readonly mapRunId: string;
  readonly arn: string;
  readonly taskId: number;
  readonly revisionId: string;
  readonly status: string;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
  readonly itemCount?: number;
  readonly startedAtMs: number;
}

export interface MapRunRedriveWrite {
  readonly mapRunId: string;
  readonly taskId: number;
  readonly revisionId: string;
  readonly status: string;
  readonly atMs: number;
}

export interface MapRunEndWrite {
  readonly mapRunId: string;
  readonly status: string;
  readonly stoppedAtMs: number;
}

export interface HistoryWrite {
  readonly firstEventId: number;
  readonly lastEventId: number;
  /** JSON array of HistoryEvent. */
  readonly events: string;
}

export interface TaskWrite {
  readonly taskId: number;
  readonly scopeId: number;
  readonly queue: string;
  readonly resource: string;
  readonly input: string;
  /** JSON of {@link TaskFacts}. */
  readonly facts: string;
  readonly sessionId?: string;
  readonly scheduledAtMs: number;
  readonly timeoutAtMs?: number;
  readonly heartbeatSeconds?: number;
}

/** What a task row keeps besides its columns, for a later delivery. */
export interface TaskFacts {
  readonly stateName: string;
  readonly statePath: string;
  readonly attempt: number;
  readonly visit: string;
  readonly lastFailure?: { readonly error?: string; readonly cause?: string };
  /** Of the attempts before this one. */
  readonly lastHeartbeatDetails?: string;
}

export interface TimerWrite {
  readonly timerId: number;
  readonly scopeId: number;
  readonly dueAtMs: number;
}

export interface MessageWaitWrite {
  readonly waitId: number;
  /** What a message must have to be found: key and value as one UUID. */
  readonly correlation: string;
  readonly correlationKey: string;
  /** JSON text. */
  readonly correlationValue: string;
  readonly statePath: string;
  readonly dueAtMs?: number;
}

export interface ScopeWrite {
  readonly scopeId: number;
  readonly state: string;
}
