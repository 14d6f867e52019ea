/** Builds the engine from its parts, and starts and ends them in the right order. */
import { hostname } from "node:os";
import type { Config } from "../config.ts";
import type { Log } from "../observe/log.ts";
import { CommitPipeline } from "../store/commit-pipeline.ts";
import type { Store } from "../store/open-store.ts";
import { findTask } from "../store/sql/find-task.ts";
import { Arns } from "./arns.ts";
import { Clock } from "./clock.ts";
import { createControl } from "./control.ts";
import { Definitions } from "./definitions.ts";
import { Dispatcher } from "./dispatch.ts";
import type { Engine, Execution, OutcomeAck, StateMachine } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { ExecutionService } from "./executions.ts";
import { Heartbeats } from "./heartbeats.ts";
import { newUuidV7 } from "./ids.ts";
import { Membership, serverStaleMs } from "./membership.ts";
import { Notices } from "./notices.ts";
import { Outcomes } from "./outcomes.ts";
import { Sessions } from "./sessions.ts";
import { TaskTokens } from "./task-token.ts";
import { TurnLoop } from "./turn-loop.ts";
import { Updates } from "./updates.ts";
import { Wakes } from "./wakes.ts";

export interface EngineParts {
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

/** Two connections are the sweet spot of the group commit (docs/performance.md). */
const commitLanes = 2;
/** Turns that may wait for a commit before starts are refused. */
const queuedTurnsMax = 20_000;
const machinesCachedMax = 1_000;
const transitionsPerTurnMax = 1_000;

export async function createEngine({ store, config, log, version }: EngineParts): Promise<RunningEngine> {
  const clock = new Clock();
  const serverId = newUuidV7(clock.nowMs());
  const sql = store.pool;
  const onError = (error: unknown, message: string, executionId?: string): void => log.error({ err: error, executionId }, message);
  const limits = { payloadBytesMax: config.payloadBytesMax, historyEventsMax: config.historyEventsMax, transitionsPerTurnMax };
  const aws = { region: config.awsRegion, accountId: config.awsAccountId };
  const arns = new Arns(aws);
  const tokens = new TaskTokens(store.tokenKey);
  const definitions = new Definitions(store);
  const membership = new Membership({ sql, serverId, version, address: config.port === 0 ? undefined : `${hostname()}/${config.host}:${config.port}`, clock, onChange: () => wakes.lookSoon(), onError });
  const pipeline = new CommitPipeline({
    serverId,
    lanes: commitLanes,
    connect: () => store.newConnection(),
    onDatabaseTime: (databaseMs) => clock.sample(databaseMs),
    onError,
  });
  const updates = new Updates<Execution>();
  const dispatcher = new Dispatcher({
    sql,
    tokens,
    nowMs: () => clock.nowMs(),
    onEpoch: (executionId, taskId, epoch) => turns.get(executionId)?.tasks.set(taskId, epoch),
    onCancelled: (delivery, reason) => heartbeats.noteCancelled(delivery, reason),
    onUncertain: (error, message) => {
      onError(error, message);
      sessions.auditSoon();
    },
  });
  const turns: TurnLoop = new TurnLoop({
    sql,
    pipeline,
    dispatcher,
    clock,
    limits,
    aws,
    serverId,
    definitionOf: (revisionId) => definitions.get(revisionId),
    isMySession: (sessionId) => sessions.isMine(sessionId),
    isServerAlive: (id) => membership.isAlive(id),
    onUnknown: () => sessions.auditSoon(),
    onCommitted: (resident, history) => executions.publish(resident, history),
    onReady: (queues) => {
      dispatcher.noteReady(queues);
      if (membership.hasPeers) notices.ready(queues);
    },
    onDueAt: (dueAtMs) => wakes.noteDueAt(dueAtMs),
    onError,
  });
  const outcomes = new Outcomes({ sql, turns, dispatcher, tokens, limits, nowMs: () => clock.nowMs(), onError });
  const heartbeats: Heartbeats = new Heartbeats({
    sql,
    dispatcher,
    tokens,
    nowMs: () => clock.nowMs(),
    accept: (delivery) => sessions.accept(delivery),
    onDueAt: (dueAtMs) => wakes.noteDueAt(dueAtMs),
    onError,
  });
  const { deliveryLeaseMs, reconnectGraceMs } = config;
  const sessions: Sessions = new Sessions({
    sql,
    serverId,
    clock,
    turns,
    dispatcher,
    tokens,
    outcomes,
    heartbeats,
    deliveryLeaseMs,
    reconnectGraceMs,
    serverStaleMs,
    onError,
  });
  const wakes: Wakes = new Wakes({ sql, turns, heartbeats, dispatcher, serverId, serverStaleMs, nowMs: () => clock.nowMs(), hasPeers: () => membership.hasPeers, onError });
  const notices: Notices = new Notices({
    sql,
    serverId,
    connect: () => store.newConnection(),
    onInbox: (executionId) => turns.wake(executionId),
    onReady: (queue) => dispatcher.noteReady([queue]),
    onError,
  });
  const control = createControl({
    store,
    arns,
    definitions,
    clock,
    stopExecution: (executionId, failure) => executions.stopExecution(executionId, failure),
    liveWorkers: () => sessions.infos(),
  });
  const machines = new Map<string, StateMachine>();
  let isDraining = false;
  const executions: ExecutionService = new ExecutionService({
    sql,
    turns,
    dispatcher,
    updates,
    clock,
    arns,
    limits,
    definitionOf: (revisionId) => definitions.get(revisionId),
    hasPeers: () => membership.hasPeers,
    machineOf: async (reference) => {
      const cached = machines.get(reference);
      if (cached !== undefined) return cached;
      const machine = await control.describeStateMachine(reference);
      if (machines.size >= machinesCachedMax) machines.clear();
      machines.set(reference, machine);
      return machine;
    },
    forgetMachine: (reference) => machines.delete(reference),
    overload: () => {
      if (isDraining) return new EngineError("Unavailable", "this server is going away; another one will take it", { retryAfterMs: 100 });
      if (!pipeline.isConnected && !membership.isHealthy) return new EngineError("Unavailable", "the database does not answer", { retryAfterMs: 1_000 });
      if (pipeline.queued < queuedTurnsMax) return undefined;
      return new EngineError("ResourceExhausted", `${pipeline.queued} transitions wait to be committed; the limit is ${queuedTurnsMax}`, { retryAfterMs: 500 });
    },
  });

  return {
    serverId,
    ...control,
    startExecution: (request) => executions.startExecution(request),
    describeExecution: (reference) => executions.describeExecution(reference),
    watchExecution: (reference, options) => executions.watchExecution(reference, options),
    waitForExecution: (executionId, signal) => executions.waitForExecution(executionId, signal),
    stopExecution: (reference, failure) => executions.stopExecution(reference, failure),
    openSession: (hello, sink) => sessions.open(hello, sink),
    pollTasks: (request) => sessions.poll(request),
    reportTasks: (reported) =>
      Promise.all(reported.map((outcome) => new Promise<OutcomeAck>((resolve) => outcomes.report([outcome], resolve)))),
    heartbeatTasks: (beats) => heartbeats.beat(beats),
    releaseTasks: async (taskTokens) => {
      await dispatcher.release(taskTokens.map((token) => tokens.open(token)).filter((facts) => facts !== undefined));
    },
    getTaskInput: async (taskToken) => {
      const facts = tokens.open(taskToken);
      if (facts === undefined) throw new EngineError("InvalidToken", "Invalid Token: 'Invalid token'");
      const task = await findTask(sql, facts.executionId, facts.taskId);
      if (task === undefined) throw new EngineError("TaskDoesNotExist", "Task does not exist: it is closed or was withdrawn");
      return task.input;
    },
    isReady: () => !isDraining && pipeline.isConnected && membership.isHealthy,
    start: async () => {
      await pipeline.open();
      await membership.start();
      await notices.start();
      sessions.start();
      wakes.start();
    },
    drain: async () => {
      isDraining = true;
      await wakes.stop();
      // Workers change over to another server; where there is none, they had better be gone now and come back soon.
      if (membership.hasPeers) await sessions.drain(config.drainTimeoutMs / 2);
      await pipeline.flush();
      sessions.endAll();
    },
    close: async () => {
      isDraining = true;
      sessions.stop();
      await wakes.stop();
      await notices.stop();
      await pipeline.close();
      await membership.stop();
    },
  };
}
