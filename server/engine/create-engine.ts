/** Builds the engine from its parts, and starts and ends them in the right order. */
import { hostname } from "node:os";
import type { AwsNames, Limits } from "../asl/index.ts";
import type { Config } from "../config.ts";
import type { Log } from "../observe/log.ts";
import { CommitPipeline } from "../store/commit-pipeline.ts";
import type { Store } from "../store/open-store.ts";
import type { ExecutionAttempt } from "../store/sql/begun-at.ts";
import { noteAwaited } from "../store/sql/awaited-executions.ts";
import { findTask } from "../store/sql/find-task.ts";
import { openTasks } from "../store/sql/open-tasks.ts";
import { AbandonedChildren } from "./abandoned-children.ts";
import { Arns } from "./arns.ts";
import { BatchRuns } from "./batches/batch-runs.ts";
import { batches } from "./batches/batches.ts";
import type { CreateBatchOptions } from "./batches/create-batch.ts";
import { Clock } from "./clock.ts";
import { chainHandler } from "./chain-handler.ts";
import { createControl, type ControlPlane } from "./control.ts";
import { refusingWhenAway } from "./database-away.ts";
import { Definitions } from "./definitions.ts";
import { Dispatcher } from "./dispatch.ts";
import type {
  Batches,
  Engine,
  Execution,
  Executions,
  OutcomeAck,
  Records,
  Task,
  Workers,
} from "./engine.ts";
import { EngineError } from "./errors.ts";
import { ExecutionService } from "./executions.ts";
import { Heartbeats } from "./heartbeats.ts";
import { Messages } from "./messages.ts";
import { newUuidV7 } from "./ids.ts";
import { configuredObjects } from "../items/configured-objects.ts";
import { KnownActivities } from "./known-activities.ts";
import { mapRunHandler } from "./map-runs/map-run-handler.ts";
import { LostTasks } from "./lost-tasks.ts";
import { Membership } from "./membership.ts";
import { nativeHandlers, type NativeEngine } from "./native-handlers.ts";
import { NativeWorker, type NativeHandler, type NativeHandlers } from "./native-worker.ts";
import { Notices } from "./notices.ts";
import { Outcomes } from "./outcomes.ts";
import { PageTokens } from "./page-token.ts";
import { Sessions } from "./sessions.ts";
import { executionWhere } from "./records/execution-where.ts";
import { pauses } from "./pauses.ts";
import { RecordKeeper } from "./records/record-keeper.ts";
import { StartTargets } from "./start-targets.ts";
import { stateTests } from "./state-tests.ts";
import { TaskTokens } from "./task-token.ts";
import { TurnLoop } from "./turn-loop.ts";
import { Updates } from "./updates.ts";
import { Wakes } from "./wakes.ts";

export interface EngineOptions {
  readonly store: Store;
  readonly config: Config;
  readonly log: Log;
  readonly version: string;
}

export interface RunningEngine extends Engine {
  start(): Promise<void>;
  /** No new work, workers told to go elsewhere; resolves when what is in flight has been committed. */
  drain(): Promise<void>;
  close(): Promise<void>;
  /** Whether the database answers and new work is welcome. */
  isReady(): boolean;
}

/**
 * One connection commits. On two cores a second one makes batches smaller and costs more than it
 * overlaps (docs/performance.md); a machine with cores to spare may gain by two.
 */
const commitLanes = 1;
/** Turns that may wait for a commit before starts are refused. */
const queuedTurnsMax = 20_000;
const transitionsPerTurnMax = 1_000;
/** How long workers may take to change over to another server; they keep what they hold. */
const changeOverMs = 3_000;

export async function createEngine(options: EngineOptions): Promise<RunningEngine> {
  const base = baseOf(options);
  const parts = partsOf(base);
  const { control } = parts;
  return {
    serverId: base.serverId,
    ...refusingWhenAway<Omit<Engine, "serverId">>({
      ...control,
      ...executionsDoor(parts),
      ...workersDoor(base, parts),
      ...pauses({ ...base, ...parts, onReady: (queues) => announceReady(parts, queues) }),
      sendMessage: (request) => parts.messages.send(request),
      ...batchesDoor(base, parts),
      ...stateTests({ ...base, control, executions: parts.executions }),
    }),
    ...lifeOf(base, parts),
  };
}

function executionsDoor(
  parts: Parts,
): Omit<Executions, "listExecutions" | "listHistory" | "describeStateMachineForExecution"> {
  return {
    startExecution: (request) => parts.executions.startExecution(request),
    describeExecution: (reference) => parts.executions.describeExecution(reference),
    watchExecution: (reference, options) => parts.executions.watchExecution(reference, options),
    waitForExecution: (executionId, signal) =>
      parts.executions.waitForExecution(executionId, signal),
    stopExecution: (reference, failure) => parts.executions.stopExecution(reference, failure),
    redriveExecution: (request) => parts.executions.redriveExecution(request),
  };
}

function batchesDoor(base: Base, { control, batchRuns }: Parts): Batches {
  const machineOf: CreateBatchOptions["machineOf"] = (reference) =>
    control.describeStateMachine(reference);
  return batches({
    ...base,
    pageTokens: new PageTokens(base.store.tokenKey),
    machineOf,
    machineNameOf: (reference) => base.arns.parseStateMachine(reference),
    whereOf: (filter) => executionWhere({ ...base, describeStateMachine: machineOf }, filter),
    countExecutions: (filter, limit) => control.countExecutions(filter, limit),
    onAction: (batchId) => batchRuns.soon(batchId),
  });
}

/** What every part is given. */
interface Base {
  readonly store: Store;
  readonly sql: Store["pool"];
  readonly config: Config;
  readonly version: string;
  readonly serverId: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly aws: AwsNames;
  readonly arns: Arns;
  readonly tokens: TaskTokens;
  readonly definitions: Definitions;
  readonly nowMs: () => number;
  readonly onError: (error: unknown, message: string, executionId?: string) => void;
}

function baseOf({ store, config, log, version }: EngineOptions): Base {
  const clock = new Clock();
  const aws = { region: config.awsRegion, accountId: config.awsAccountId };
  const { payloadBytesMax, historyEventsMax } = config;
  return {
    store,
    sql: store.pool,
    config,
    version,
    serverId: newUuidV7(clock.nowMs()),
    clock,
    limits: { payloadBytesMax, historyEventsMax, transitionsPerTurnMax },
    aws,
    arns: new Arns(aws),
    tokens: new TaskTokens(store.tokenKey),
    definitions: new Definitions(store),
    nowMs: () => clock.nowMs(),
    onError: (error, message, executionId) => log.error({ err: error, executionId }, message),
  };
}

/** The parts know each other through callbacks, which run only when all of them are there. */
interface Parts {
  readonly updates: Updates<Execution>;
  readonly abandonedChildren: AbandonedChildren;
  readonly recordKeeper: RecordKeeper;
  readonly runMap: NativeHandler;
  readonly native: NativeHandlers;
  readonly membership: Membership;
  readonly pipeline: CommitPipeline;
  readonly dispatcher: Dispatcher;
  readonly turns: TurnLoop;
  readonly outcomes: Outcomes;
  readonly heartbeats: Heartbeats;
  readonly sessions: Sessions;
  readonly nativeWorker: NativeWorker;
  readonly wakes: Wakes;
  readonly notices: Notices;
  readonly control: ControlPlane;
  readonly executions: ExecutionService;
  readonly messages: Messages;
  readonly batchRuns: BatchRuns;
  isDraining: boolean;
}

function partsOf(base: Base): Parts {
  const parts = { isDraining: false } as { -readonly [Part in keyof Parts]: Parts[Part] };
  parts.updates = new Updates<Execution>();
  parts.abandonedChildren = new AbandonedChildren({
    ...base,
    stopAttempt: (attempt) => stopAttempt(parts, attempt),
  });
  parts.recordKeeper = newRecordKeeper(base);
  const native = nativeEngine(base, parts);
  const awaitSource = chainHandler({ ...base, waitForExecution: native.waitForExecution });
  parts.native = nativeHandlers(native, (task) => parts.runMap(task), awaitSource);
  parts.membership = newMembership(base, parts);
  parts.pipeline = newPipeline(base);
  parts.dispatcher = newDispatcher(base, parts);
  parts.turns = newTurnLoop(base, parts);
  const { dispatcher, turns } = parts;
  parts.runMap = newMapRunHandler(base, parts);
  parts.outcomes = new Outcomes({ ...base, turns, dispatcher });
  parts.heartbeats = new Heartbeats({
    ...base,
    dispatcher,
    accept: (delivery) => parts.sessions.accept(delivery),
    onDueAt: (dueAtMs) => parts.wakes.noteDueAt(dueAtMs),
  });
  const { heartbeats, membership } = parts;
  parts.sessions = newSessions(base, parts);
  parts.nativeWorker = newNativeWorker(base, parts);
  const hasPeers = (): boolean => membership.hasPeers;
  parts.wakes = new Wakes({
    ...base,
    turns,
    heartbeats,
    dispatcher,
    hasPeers,
    onDatabaseTime: (databaseMs) => {
      base.clock.sample(databaseMs);
      base.nowMs(); // what is due happens after it was due
    },
  });
  parts.notices = new Notices({
    ...base,
    connect: () => base.store.newConnection(),
    onInbox: (executionId) => turns.wake(executionId),
    onReady: (queue) => dispatcher.noteReady([queue]),
    onServerGone: () => membership.lookSoon(),
  });
  parts.control = createControl({
    ...base,
    stopExecution: (executionId, failure) => parts.executions.stopExecution(executionId, failure),
    liveWorkers: () => parts.sessions.infos(),
  });
  parts.executions = newExecutionService(base, parts);
  parts.messages = new Messages({
    ...base,
    turns,
    machineOf: (reference) => parts.control.describeStateMachine(reference),
  });
  parts.batchRuns = newBatchRuns(base, parts);
  return parts;
}

function newBatchRuns(base: Base, parts: Parts): BatchRuns {
  const deleteExecution: Records["deleteExecution"] = (reference) =>
    parts.control.deleteExecution(reference);
  const executions = { ...executionsDoor(parts), deleteExecution };
  return new BatchRuns({ ...base, executions });
}

function newSessions(base: Base, parts: Parts): Sessions {
  const { turns, dispatcher, outcomes, heartbeats } = parts;
  const { deliveryLeaseMs, reconnectGraceMs } = base.config;
  return new Sessions({
    ...base,
    turns,
    dispatcher,
    outcomes,
    heartbeats,
    lostTasks: new LostTasks({ ...base, turns, dispatcher }),
    deliveryLeaseMs,
    reconnectGraceMs,
    onReady: (queues) => announceReady(parts, queues),
  });
}

function newRecordKeeper(base: Base): RecordKeeper {
  const { archiveDir, batchRetentionSeconds } = base.config;
  return new RecordKeeper({ ...base, archiveDirectory: archiveDir, batchRetentionSeconds });
}

function newMembership(base: Base, parts: Parts): Membership {
  const { host, port } = base.config;
  const address = port === 0 ? undefined : `${hostname()}/${host}:${port}`;
  return new Membership({
    ...base,
    address,
    holdsLock: () => parts.notices.holdsLock,
    onChange: () => {
      parts.wakes.lookSoon();
      parts.sessions.lookSoon();
      parts.batchRuns.lookSoon();
    },
    onReturned: () => {
      parts.turns.forgetIdle();
      parts.sessions.lookSoon();
    },
  });
}

function newPipeline({ serverId, store, clock, onError }: Base): CommitPipeline {
  return new CommitPipeline({
    serverId,
    lanes: commitLanes,
    connect: () => store.newConnection(),
    onDatabaseTime: (databaseMs) => clock.sample(databaseMs),
    onError,
  });
}

function newDispatcher(base: Base, parts: Parts): Dispatcher {
  return new Dispatcher({
    ...base,
    isNative: (queue) => parts.native.has(queue),
    onEpoch: (executionId, taskId, epoch) => parts.turns.get(executionId)?.tasks.set(taskId, epoch),
    onReady: (queues) => announceReady(parts, queues),
    onCancelled: (delivery, reason) => parts.heartbeats.noteCancelled(delivery, reason),
    onUncertain: (error, message) => {
      base.onError(error, message);
      parts.sessions.auditSoon();
    },
  });
}

/** Queues have ready tasks: for workers here, and for those of other servers. */
function announceReady(
  { dispatcher, membership, notices }: Parts,
  queues: readonly string[],
): void {
  dispatcher.noteReady(queues);
  if (queues.length > 0 && membership.hasPeers) notices.ready(queues);
}

function newMapRunHandler(base: Base, parts: Parts): NativeHandler {
  const { turns, updates, abandonedChildren } = parts;
  return mapRunHandler({
    ...base,
    turns,
    updates,
    objects: configuredObjects(base.config),
    definitionOf: (revisionId) => base.definitions.get(revisionId),
    concurrencyMax: base.config.mapConcurrencyMax,
    onEnd: () => abandonedChildren.soon(),
    stopAttempt: (attempt) => stopAttempt(parts, attempt),
    redriveChild: (executionId, runRedrivenAtMs) =>
      parts.executions.redriveChild(executionId, runRedrivenAtMs),
  });
}

/** Ends it as it stood when somebody looked, and not what a redrive has made of it since. */
function stopAttempt({ executions }: Parts, { id, begunAtMs }: ExecutionAttempt): Promise<unknown> {
  return executions.stopExecution(id, {}, begunAtMs);
}

/** The engine as its native tasks see it: while the parts are made, they do not call. */
function nativeEngine(base: Base, parts: Parts): NativeEngine {
  return refusingWhenAway({
    ...executionsDoor(parts),
    ...workersDoor(base, parts),
    describeStateMachine: (reference: string) => parts.control.describeStateMachine(reference),
    noteAwaited: (childId: string, { taskToken }: Pick<Task, "taskToken">) =>
      noteAwaited(base.sql, childId, base.tokens.open(taskToken)!),
  });
}

function newNativeWorker(base: Base, { native, sessions, outcomes }: Parts): NativeWorker {
  return new NativeWorker({
    ...base,
    handlers: native,
    open: (hello, sink) => sessions.open(hello, sink),
    submitted: (taskToken, output) => outcomes.submitted(taskToken, output),
    openTasks: (tasks) => openTasks(base.sql, tasks),
  });
}

function newTurnLoop(base: Base, parts: Parts): TurnLoop {
  const { pipeline, dispatcher, membership } = parts;
  const activities = new KnownActivities(base);
  return new TurnLoop({
    ...base,
    pipeline,
    dispatcher,
    activitiesOf: (definition) => activities.of(definition),
    definitionOf: (revisionId) => base.definitions.get(revisionId),
    isMySession: (sessionId) => parts.sessions.isMine(sessionId),
    isServerAlive: (id) => membership.isAlive(id),
    onUnknown: () => parts.sessions.auditSoon(),
    onCommitted: (resident, history) => parts.executions.publish(resident, history),
    onReady: (queues) => announceReady(parts, queues),
    onMessageWaits: (correlations) => parts.messages.noteWaits(correlations),
    onDueAt: (dueAtMs) => parts.wakes.noteDueAt(dueAtMs),
  });
}

function newExecutionService(base: Base, parts: Parts): ExecutionService {
  const { turns, dispatcher, membership, control, updates } = parts;
  const targets = new StartTargets((reference) => control.startTargets(reference));
  return new ExecutionService({
    ...base,
    turns,
    dispatcher,
    updates,
    definitionOf: (revisionId) => base.definitions.get(revisionId),
    hasPeers: () => membership.hasPeers,
    targetOf: (reference) => targets.get(reference),
    forgetTarget: (reference) => targets.forget(reference),
    overload: () => overloadOf(parts),
  });
}

/** Why no new work is welcome now, or undefined. */
function overloadOf({ isDraining, pipeline, membership }: Parts): EngineError | undefined {
  if (isDraining) {
    const text = "this server is going away; another one will take it";
    return new EngineError("Unavailable", text, { retryAfterMs: 100 });
  }
  if (!pipeline.isAnswering && !membership.isHealthy) {
    return new EngineError("Unavailable", "the database does not answer", { retryAfterMs: 1_000 });
  }
  if (pipeline.queued < queuedTurnsMax) return undefined;
  const text = `${pipeline.queued} transitions wait to be committed; the limit is ${queuedTurnsMax}`;
  return new EngineError("ResourceExhausted", text, { retryAfterMs: 500 });
}

function workersDoor({ sql, tokens }: Base, parts: Parts): Omit<Workers, "listWorkers"> {
  const acknowledged = (outcome: Parameters<Outcomes["report"]>[0][number]): Promise<OutcomeAck> =>
    new Promise((resolve) => parts.outcomes.report([outcome], resolve));
  return {
    openSession: (hello, sink) => parts.sessions.open(hello, sink),
    pollTasks: (request) => parts.sessions.poll(request),
    reportTasks: (reported) => Promise.all(reported.map(acknowledged)),
    heartbeatTasks: (beats) => parts.heartbeats.beat(beats),
    releaseTasks: async (taskTokens, redeliverAfterMs) => {
      const facts = taskTokens.map((token) => tokens.open(token));
      await parts.sessions.release(
        facts.filter((fact) => fact !== undefined),
        redeliverAfterMs,
      );
    },
    getTaskInput: async (taskToken) => {
      const facts = tokens.open(taskToken);
      if (facts === undefined)
        throw new EngineError("InvalidToken", "Invalid Token: 'Invalid token'");
      const task = await findTask(sql, facts.executionId, facts.taskId);
      if (task !== undefined) return task.input;
      throw new EngineError(
        "TaskDoesNotExist",
        "Task does not exist: it is closed or was withdrawn",
      );
    },
  };
}

function lifeOf(
  { config }: Base,
  parts: Parts,
): Pick<RunningEngine, "start" | "drain" | "close" | "isReady"> {
  const { pipeline, membership, notices, sessions, nativeWorker, turns, wakes } = parts;
  const { abandonedChildren, recordKeeper } = parts;
  return {
    isReady: () => !parts.isDraining && pipeline.isConnected && membership.isHealthy,
    start: async () => {
      await pipeline.open();
      await membership.start();
      await notices.start();
      sessions.start();
      await nativeWorker.start();
      abandonedChildren.start();
      recordKeeper.start();
      wakes.start();
      parts.messages.start();
      parts.batchRuns.start();
    },
    drain: async () => {
      parts.isDraining = true;
      nativeWorker.stop();
      parts.batchRuns.stop();
      // Workers change over to another server; where there is none, they had better be gone now and come back soon.
      if (membership.hasPeers) await sessions.drain(Math.min(changeOverMs, config.drainTimeoutMs));
      await wakes.stop();
      await pipeline.flush();
      sessions.endAll();
    },
    close: async () => {
      parts.isDraining = true;
      nativeWorker.stop();
      abandonedChildren.stop();
      recordKeeper.stop();
      sessions.stop();
      parts.messages.stop();
      parts.batchRuns.stop();
      turns.stop();
      await parts.heartbeats.stop();
      await wakes.stop();
      await notices.stop();
      await pipeline.close();
      await membership.stop();
    },
  };
}
