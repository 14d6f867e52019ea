/**
 * The engine: when things happen and in what order, who is told, and what is promised.
 *
 * Both doors (gRPC/Connect and AWS JSON) call this interface and nothing below it, except for reads
 * that need no decision (`store/reads`). Everything a method resolves with is committed.
 */
import type {
  ChainFacts,
  ActiveState,
  DefinitionGraph,
  Diagnostic,
  ExecutionParent,
  ExecutionStatus,
  Failure,
  HistoryEvent,
  Pause,
  StateTest,
  TestedState,
  Transformer,
} from "../asl/index.ts";
import type { Batches } from "./batches/batch.ts";
import type { MapRuns } from "./map-runs/map-runs.ts";
import type { Pauses, Recovery } from "./pauses.ts";
import type { Records } from "./records/records.ts";
import type { Versioning } from "./versioning.ts";
import type { Workers } from "./working.ts";

export type * from "./batches/batch.ts";
export type * from "./map-runs/map-runs.ts";
export type * from "./pauses.ts";
export type * from "./records/records.ts";
export type * from "./versioning.ts";
export type * from "./working.ts";

export interface Engine
  extends
    Batches,
    Control,
    Executions,
    MapRuns,
    Links,
    MessageBox,
    Pauses,
    Records,
    Workers,
    StateTests {
  readonly serverId: string;
}

// ---- control plane (engine/state-machines.ts, versions.ts, aliases.ts, activities.ts, labels.ts) ----

export interface Control extends Versioning {
  createStateMachine(
    request: CreateStateMachine,
  ): Promise<{ stateMachine: StateMachine; created: boolean; warnings: readonly Diagnostic[] }>;
  /** Running executions keep the revision they started with. */
  updateStateMachine(
    request: UpdateStateMachine,
  ): Promise<{ stateMachine: StateMachine; warnings: readonly Diagnostic[] }>;
  /**
   * @param reference bare name or ARN; qualified, the version named or the one that an alias routes most to.
   * @throws StateMachineDoesNotExist
   */
  describeStateMachine(reference: string): Promise<StateMachine>;
  listStateMachines(query: { pageSize?: number; pageToken?: string }): Promise<Page<StateMachine>>;
  /** Resolves undefined when there was none. Executions that run are stopped only with `force`, else they finish. */
  deleteStateMachine(
    reference: string,
    options?: { etag?: string; force?: boolean },
  ): Promise<StateMachine | undefined>;
  /** Which variables a revision's states read, by state; states without any are left out. */
  variableReferences(revisionId: string): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Labels of a machine or an activity, AWS's tags. @throws ResourceNotFound */
  listLabels(resourceArn: string): Promise<Labels>;
  /** Changes labels in place, without a new revision. @throws ResourceNotFound, TooManyTags */
  changeLabels(
    resourceArn: string,
    change: { set?: Labels; remove?: readonly string[] },
  ): Promise<void>;
  validateDefinition(request: {
    definition: string;
    type?: StateMachineType;
    format?: DefinitionFormat;
    /** The definition is one state, as TestState takes it. */
    isState?: boolean;
  }): readonly Diagnostic[];
  /** Of a state machine, or of the text given. @throws InvalidDefinition, StateMachineDoesNotExist */
  definitionGraph(
    source: { readonly stateMachine: string } | { readonly definition: string },
  ): Promise<DefinitionGraph>;
  createActivity(request: { name: string; labels?: Labels }): Promise<Activity>;
  describeActivity(arn: string): Promise<Activity>;
  deleteActivity(arn: string): Promise<void>;
  listActivities(query: { pageSize?: number; pageToken?: string }): Promise<Page<Activity>>;
}

export type StateMachineType = "STANDARD" | "EXPRESS";
export type DefinitionFormat = "JSON" | "YAML";
export type Labels = Readonly<Record<string, string>>;

export interface PageQuery {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** The head of a state machine, or one of its versions. */
export interface StateMachine {
  readonly id: string;
  /** The machine as a child of this Map Run sees it. */
  readonly mapRunArn?: string;
  readonly name: string;
  readonly arn: string;
  readonly type: StateMachineType;
  readonly status: "ACTIVE" | "DELETING";
  /** Exactly the text the author sent. */
  readonly definition: string;
  readonly definitionFormat: DefinitionFormat;
  readonly roleArn: string;
  readonly description: string;
  readonly labels: Labels;
  readonly logging?: object;
  readonly tracing?: object;
  readonly encryption?: object;
  readonly revisionId: string;
  /** Absent: the head. */
  readonly version?: number;
  /** How long closed executions are kept; absent: for ever. */
  readonly retentionSeconds?: number;
  /** What becomes of tasks whose workers are lost. */
  readonly onTaskLost?: Recovery["onTaskLost"];
  readonly maxTaskDeliveries?: number;
  /** 0: never updated since its creation. */
  readonly updateCount: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface CreateStateMachine {
  readonly name: string;
  readonly definition: string;
  readonly format?: DefinitionFormat;
  readonly type?: StateMachineType;
  readonly roleArn?: string;
  readonly description?: string;
  readonly labels?: Labels;
  readonly logging?: object;
  readonly tracing?: object;
  readonly encryption?: object;
  /** Check everything, change nothing. */
  readonly validateOnly?: boolean;
}

export interface UpdateStateMachine {
  readonly reference: string;
  readonly definition?: string;
  readonly format?: DefinitionFormat;
  readonly roleArn?: string;
  readonly description?: string;
  readonly labels?: Labels;
  readonly logging?: object;
  readonly tracing?: object;
  readonly encryption?: object;
  /** Optimistic lock: the revisionId the caller saw. */
  readonly etag?: string;
  /** Create it if there is none (`apply`); then `type` counts. */
  readonly allowMissing?: boolean;
  readonly type?: StateMachineType;
}

export interface Activity {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. Opaque and signed; bound to the query. */
  readonly nextPageToken?: string;
}

// ---- executions ------------------------------------------------------------------------------

export interface Executions {
  /** Same name and same input while RUNNING: the same execution, `created` false. */
  startExecution(request: StartExecution): Promise<{ execution: Execution; created: boolean }>;
  /** @param reference execution id, ARN, or `stateMachine/name`. */
  describeExecution(reference: string): Promise<Execution>;
  listExecutions(query: ListExecutions): Promise<Page<Execution>>;
  /** Events after `afterEventId`, oldest first; or, reversed, before it, newest first. */
  listHistory(reference: string, query: ListHistory): Promise<Page<HistoryEvent>>;
  /**
   * A snapshot, then every event after it in order, each once, then the terminal snapshot; ends there.
   * With `afterEventId` there is no first snapshot: events after that id, then as above.
   * Slow readers are served from the database, not from memory.
   */
  watchExecution(
    reference: string,
    options: { afterEventId?: number; signal: AbortSignal },
  ): AsyncIterable<ExecutionUpdate>;
  /** Resolves when the execution has closed, or with its present state when `signal` aborts. */
  waitForExecution(executionId: string, signal: AbortSignal): Promise<Execution>;
  /** @throws ExecutionNotRunning unless it was stopped with the same failure before. */
  stopExecution(reference: string, failure: Failure): Promise<Execution>;
  /**
   * A STANDARD execution that did not succeed goes on from where it failed. `timeMs` is when it did.
   * @throws ExecutionNotRedrivable, ValidationException
   */
  redriveExecution(request: RedriveExecution): Promise<{ execution: Execution; timeMs: number }>;
  /**
   * The machine as this execution sees it: definition of the revision it started with, `updatedAtMs`
   * of that revision, roleArn it runs with, `updateCount` 0 while that is the first revision.
   * @throws ExecutionDoesNotExist
   */
  describeStateMachineForExecution(reference: string): Promise<StateMachine>;
}

export interface StartExecution {
  /** Bare name or ARN; qualified, a version or an alias. */
  readonly stateMachine: string;
  readonly name?: string;
  /** JSON text; absent: `{}`. */
  readonly input?: string;
  readonly labels?: Labels;
  /** W3C traceparent, kept and handed to workers. */
  readonly trace?: string;
  /** Default SFN: same name + same input while RUNNING is the same execution. */
  readonly conflictPolicy?: "SFN" | "FAIL" | "USE_EXISTING";
  /** UUID of the caller's choice: a start that is sent again under it finds what it made, even if that has closed. */
  readonly requestId?: string;
  /** StartSyncExecution. */
  readonly isSync?: boolean;
  readonly parent?: ExecutionParent;
  /** Instead of `input`: another execution's output. */
  readonly chain?: ChainSource;
}

export interface ChainSource {
  /** Execution id, ARN, or `stateMachine/name`. */
  readonly execution: string;
  /** The state whose last output is taken; absent: the execution's output. */
  readonly state?: string;
  readonly transformer?: Transformer;
  /** While the source runs, start when it closes; else that is refused. */
  readonly waitsForSource?: boolean;
  /** At most one target of this machine for this source, state and transformer: a second start finds it. */
  readonly isUnique?: boolean;
}

export interface RedriveExecution {
  /** Execution id, ARN, or `stateMachine/name`. */
  readonly execution: string;
  /** A request that is sent again under it within 15 minutes finds what it did. */
  readonly requestId?: string;
  /** Extension: drop every thread and enter this state, outside any Parallel or Map, anew. */
  readonly fromState?: string;
  /** Extension: JSON text that this state, or the one the execution failed in, is entered with; absent: what it was given before. */
  readonly input?: string;
  /** Extension: go on with the present revision of this reference to the same machine. */
  readonly stateMachine?: string;
}

export interface Execution {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** What it was started through, if not the plain machine. */
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
  readonly type: StateMachineType;
  readonly revisionId: string;
  readonly status: ExecutionStatus;
  /** While it is paused; it is RUNNING then. */
  readonly pause?: Pause;
  readonly startedAtMs: number;
  readonly stoppedAtMs?: number;
  /** Of an item of a distributed Map: its run, and how many items it has. */
  readonly mapRun?: { readonly arn: string; readonly itemCount: number };
  /** Absent in lists. */
  readonly input?: string;
  readonly output?: string;
  readonly failure?: Failure;
  readonly labels: Labels;
  readonly trace?: string;
  /** Whose state started it. */
  readonly parent?: ExecutionParent;
  /** Where its input came from. */
  readonly chain?: ChainFacts;
  readonly eventCount: number;
  /** How often it was redriven, when last, and why RedriveExecution would refuse to now; absent: it would not. */
  readonly redrive: { readonly count: number; readonly timeMs?: number; readonly refusal?: string };
  /** Only from describe and watch, while it runs. */
  readonly activeStates?: readonly (ActiveState & {
    readonly worker?: string;
    readonly isQueued?: boolean;
    /** Its worker has done its part; it ends by a report under its token. */
    readonly awaitsCallback?: boolean;
    readonly hasNoWorker?: boolean;
    /** Of its task. */
    readonly deliveries?: number;
  })[];
}

/** Which executions; all parts must hold. */
export interface ExecutionFilter {
  /** Bare name or ARN, also of a version or an alias; absent: all but children of Map Runs. */
  readonly stateMachine?: string;
  /** Id or ARN: the children of this Map Run. Not beside `stateMachine`. */
  readonly mapRun?: string;
  readonly status?: ExecutionStatus;
  /** Whether it is paused now. */
  readonly isPaused?: boolean;
  /** Whether it was redriven. */
  readonly isRedriven?: boolean;
  /** The whole name; beside `namePrefix` both must hold. */
  readonly name?: string;
  readonly namePrefix?: string;
  /** The error it ended with. */
  readonly error?: string;
  /** Open ones in a state of this name, in a branch or an item too. */
  readonly currentState?: string;
  /** Exclusive, as all these times. */
  readonly startedAfterMs?: number;
  readonly startedBeforeMs?: number;
  readonly endedAfterMs?: number;
  readonly endedBeforeMs?: number;
  readonly labels?: Labels;
  /** Sources of a link (or of none) that fulfils the conditions. */
  readonly linked?: {
    readonly isLinked: boolean;
    readonly by: Omit<ExecutionLinkFilter, "sourceStatus">;
  };
}

export interface ListExecutions extends ExecutionFilter, PageQuery {
  readonly includePayloads?: boolean;
}

export interface ListHistory {
  readonly afterEventId?: number;
  readonly reverse?: boolean;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export type ExecutionUpdate =
  | {
      readonly kind: "Snapshot";
      readonly execution: Execution;
      readonly isTerminal: boolean;
      readonly lastEventId: number;
    }
  | { readonly kind: "Event"; readonly event: HistoryEvent };

// ---- links between executions (engine/chains.ts, link-listing.ts) -----------------------------

export interface Links {
  /** Which execution's output became which one's input, newest first. */
  listExecutionLinks(query: ExecutionLinkFilter & PageQuery): Promise<Page<ExecutionLink>>;
  /** How many there are; counting stops at `limit`. */
  countExecutionLinks(
    filter: ExecutionLinkFilter,
    limit: number,
  ): Promise<{ readonly count: number; readonly isLimited: boolean }>;
}

/** All that is given must hold. Executions and machines by any reference. */
export interface ExecutionLinkFilter {
  readonly sourceExecution?: string;
  readonly sourceStateMachine?: string;
  readonly sourceState?: string;
  /** Of the source, now. */
  readonly sourceStatus?: ExecutionStatus;
  readonly transformer?: string;
  readonly targetExecution?: string;
  readonly targetStateMachine?: string;
  readonly createdAfterMs?: number;
  readonly createdBeforeMs?: number;
}

export interface ExecutionLink {
  readonly sourceExecutionId: string;
  readonly sourceStateMachineName: string;
  /** Empty: the execution's output was taken. */
  readonly sourceState: string;
  /** Empty: none. */
  readonly transformer: string;
  readonly targetExecutionId: string;
  readonly targetStateMachineName: string;
  readonly createdAtMs: number;
}

// ---- messages --------------------------------------------------------------------------------

export interface MessageBox {
  /**
   * Brings a message to Message states that wait for its key and value. Resolves when they have taken
   * it, or it is kept. @throws ConflictException, ResourceExhausted, ValidationException
   */
  sendMessage(request: SendMessage): Promise<SentMessage>;
  /** Who waits for a message, longest first. */
  listMessageWaits(query: ListMessageWaits): Promise<Page<MessageWait>>;
}

export interface SendMessage {
  readonly correlationKey: string;
  /** JSON text: 42 is not "42". */
  readonly correlationValue: string;
  /** JSON text: the Message state's result. Absent: `{}`. */
  readonly data?: string;
  /** Sent twice with the same id, key and value, it is received once. */
  readonly messageId?: string;
  /** How long it is kept when nobody waits for it. */
  readonly timeToLiveMs?: number;
  readonly match: "ALL" | "OLDEST" | "EXACTLY_ONE";
  /** Only executions of this one. */
  readonly stateMachine?: string;
}

export interface SentMessage {
  /** Ids of those that received it. */
  readonly executions: readonly string[];
  readonly isBuffered: boolean;
  readonly isDuplicate?: boolean;
}

export interface ListMessageWaits {
  readonly stateMachine?: string;
  readonly correlationKey?: string;
  /** JSON text; only beside a key. */
  readonly correlationValue?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface MessageWait {
  readonly executionId: string;
  readonly statePath: string;
  readonly correlationKey: string;
  readonly correlationValue: string;
  readonly sinceMs: number;
  readonly timeoutAtMs?: number;
}

// ---- tests of single states (engine/state-tests.ts) --------------------------------------------

export interface StateTests {
  /**
   * Runs one state on its own. A Task without a mock is offered to workers, for five minutes at most;
   * nothing else is recorded anywhere.
   * @param signal aborts when nobody waits for the answer any more.
   * @throws InvalidDefinition, InvalidExecutionInput, ValidationException for what can not be tested
   */
  testState(test: StateTest, signal: AbortSignal): Promise<TestedState>;
}
