/**
 * The turn: load -> step -> commit -> act, one at a time for each execution.
 *
 * Events for an execution in memory queue there and are taken together; while a turn commits, the
 * next one's events gather. Nothing leaves before COMMIT: not an answer, not a task, not a
 * notification. A turn whose commit did not happen (another server was first, the connection was
 * lost) is thrown away with its aggregate; the execution is loaded anew and the events are tried
 * again, which is safe because an event that was in fact recorded is then stale.
 */
import type pg from "pg";
import {
  step,
  type Definition,
  type Event,
  type HistoryEvent,
  type Limits,
  type AwsNames,
  type Turn,
} from "../asl/index.ts";
import type { CommitPipeline } from "../store/commit-pipeline.ts";
import type { TaskKey } from "../store/sql/release-tasks.ts";
import { loadExecution, type LoadedExecution } from "../store/sql/load-execution.ts";
import type { RedriveWrite, StartWrite } from "../store/turn-writes.ts";
import type { Clock } from "./clock.ts";
import type { Dispatcher } from "./dispatch.ts";
import { forwardToOwner } from "./forward.ts";
import { newRandom, newUuid } from "./ids.ts";
import { nextTick } from "./next-tick.ts";
import {
  restoreResident,
  turnTimerId,
  type EventResult,
  type QueuedEvent,
  type Resident,
} from "./resident.ts";
import type { TaskTokens } from "./task-token.ts";
import { planTurn, type PlanOptions, type TurnPlan } from "./turn-writes.ts";

export interface TurnLoopOptions {
  readonly sql: pg.Pool;
  readonly pipeline: CommitPipeline;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  readonly limits: Limits;
  readonly aws: AwsNames;
  /** The compiled definition of a revision. */
  readonly definitionOf: (revisionId: string) => Promise<Definition>;
  /** Which activities exist, for a definition that has some. */
  readonly activitiesOf: (definition: Definition) => Promise<(arn: string) => boolean> | undefined;
  readonly serverId: string;
  /** Whether a session is one that this server answers for. */
  readonly isMySession: (sessionId: string) => boolean;
  /** A commit's outcome is unknown. */
  readonly onUnknown: () => void;
  readonly isServerAlive: (serverId: string) => Promise<boolean>;
  /** After COMMIT: new events of an execution; tells watchers. */
  readonly onCommitted: (resident: Resident, history: readonly HistoryEvent[]) => void;
  /** After COMMIT: these queues have ready tasks. */
  readonly onReady: (queues: readonly string[]) => void;
  /** After COMMIT: states wait for messages with these correlations. */
  readonly onMessageWaits: (correlations: readonly string[]) => void;
  /** After COMMIT: something will be due then. */
  readonly onDueAt: (dueAtMs: number) => void;
  readonly onError: (error: unknown, message: string, executionId?: string) => void;
}

/** Events one turn takes; those of the inbox, which were acknowledged, it takes together. */
const eventsPerTurnMax = 256;
/** Executions kept in memory; the least recently used go first. They come back from the database when needed. */
const residentsMax = 20_000;
const reloadDelayMaxMs = 1_000;

/** `unconfirmed`: the database refused it or can not be reached; it may have been committed. */
export type StartResult = "Started" | "Conflict" | { readonly unconfirmed: Error };

export class TurnLoop {
  readonly #options: TurnLoopOptions;
  readonly #residents = new Map<string, Resident>();
  /** Events for executions that are being loaded. */
  readonly #loading = new Map<string, QueuedEvent[]>();
  /** Those whose inbox may have got something since their rows were asked for. */
  readonly #wokenWhileLoading = new Set<string>();
  #isStopped = false;
  readonly #random = newRandom();

  constructor(options: TurnLoopOptions) {
    this.#options = options;
  }

  get(executionId: string): Resident | undefined {
    return this.#residents.get(executionId);
  }

  /** Brings an event to an execution; resolves after the COMMIT that records it. */
  submit(
    executionId: string,
    event: Event,
    options: { readonly epoch?: number } = {},
  ): Promise<EventResult> {
    return new Promise((settle) => this.#enqueue(executionId, { event, settle, ...options }));
  }

  /** Looks at an execution's inbox (and takes it over, if its owner is gone). */
  wake(executionId: string): void {
    const resident = this.#residents.get(executionId);
    if (this.#loading.has(executionId)) this.#wokenWhileLoading.add(executionId);
    else if (resident === undefined) void this.#load(executionId, []);
    else if (resident.isTurning) resident.isOutdated = true;
    else this.#reload(resident, []);
  }

  /** Other servers may have turned what is in memory here. It comes back from its rows when needed. */
  forgetIdle(): void {
    for (const [id, resident] of this.#residents)
      if (!resident.isTurning && resident.queue.length === 0) this.#residents.delete(id);
  }

  /** What is not committed by now stays undone. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * The first turn. `Conflict`: nothing was written; the name is taken, or the machine has changed.
   *
   * @param event `Chained` when the input is not known yet.
   */
  start(
    resident: Resident,
    start: StartWrite,
    event: Event = { type: "Started" },
  ): Promise<StartResult> {
    return this.#open(resident, event, () => ({ start }));
  }

  /**
   * The turn that takes up a closed execution. `Conflict`: nothing was written; it was redriven by
   * another request, or its machine is being deleted.
   *
   * @param resident restored with its scopes.
   * @param redrive asked once the step has been made.
   */
  redrive(
    resident: Resident,
    event: Extract<Event, { readonly type: "Redriven" }>,
    redrive: () => RedriveWrite,
  ): Promise<StartResult> {
    return this.#open(resident, event, () => ({ redrive: redrive() }));
  }

  async #open(
    resident: Resident,
    event: Event,
    write: () => Pick<PlanOptions, "start" | "redrive">,
  ): Promise<StartResult> {
    const turn = await this.#newTurn(resident);
    const result = await step(resident.definition, resident.state, [event], turn);
    this.#reportDefect(result.defect, resident.id);
    const plan = planTurn(resident, result, { ...this.#planOptions(turn), taken: [], ...write() });
    const committed = await this.#options.pipeline.submit(plan.writes);
    if (committed.kind !== "Committed") {
      this.#undo(plan);
      if (committed.kind === "Conflict") return "Conflict";
      if (committed.kind === "Unknown") this.#options.onUnknown();
      return { unconfirmed: committed.error };
    }
    resident.rev += 1;
    resident.stoppedAtMs = undefined;
    if (resident.state.status === "RUNNING") this.#keep(resident);
    this.#act(resident, plan, result.history);
    return "Started";
  }

  #enqueue(executionId: string, queued: QueuedEvent): void {
    const resident = this.#residents.get(executionId);
    if (resident === undefined) {
      void this.#load(executionId, [queued]);
      return;
    }
    resident.queue.push(queued);
    if (!resident.isTurning) void this.#run(resident);
  }

  async #run(resident: Resident): Promise<void> {
    resident.isTurning = true;
    await nextTick(); // what arrives in this tick goes into one turn
    while (
      resident.queue.length > 0 &&
      !resident.isOutdated &&
      this.#residents.get(resident.id) === resident
    ) {
      const taken = takeCurrent(resident);
      const outcome = await this.#turn(resident, taken).catch((error: unknown) => {
        this.#options.onError(error, "a turn broke off", resident.id);
        return "Again" as const;
      });
      if (outcome === "Done") continue;
      this.#reload(resident, outcome === "Refused" ? [refused, ...taken] : taken);
      return;
    }
    resident.isTurning = false;
    if (resident.isOutdated || resident.queue.length > 0) this.#reload(resident, []);
  }

  /**
   * `Again`: the turn did not happen and must be done anew on fresh rows. `Refused`: the database
   * will never take it; the execution is ended rather than tried for ever.
   */
  async #turn(
    resident: Resident,
    taken: readonly QueuedEvent[],
  ): Promise<"Done" | "Again" | "Refused"> {
    if (taken.length === 0) return "Done";
    const turn = await this.#newTurn(resident);
    const result = await step(resident.definition, resident.state, taken.map(asEvent), turn);
    this.#reportDefect(result.defect, resident.id);
    const plan = planTurn(resident, result, { ...this.#planOptions(turn), taken });
    if (plan.hasChanges) {
      const committed = await this.#options.pipeline.submit(plan.writes);
      if (committed.kind !== "Committed") {
        this.#undo(plan);
        if (committed.kind === "Unknown") this.#options.onUnknown();
        return committed.kind === "Failed" ? "Refused" : "Again";
      }
      resident.rev += 1;
      this.#act(resident, plan, result.history);
    } else if (!(await this.#isCurrent(resident))) return "Again";
    for (const [index, queued] of taken.entries()) queued.settle(result.verdicts[index]!);
    return "Done";
  }

  /** After COMMIT: keeps the promises the turn made. */
  #act(resident: Resident, plan: TurnPlan, history: readonly HistoryEvent[]): void {
    const { dispatcher, onCommitted, onDueAt } = this.#options;
    const { facts } = resident.state;
    for (const { taskId, reason } of plan.cancelled) dispatcher.cancel(resident.id, taskId, reason);
    for (const taskId of plan.writes.goneTasks) {
      resident.tasks.delete(taskId);
      dispatcher.forget(resident.id, taskId);
    }
    for (const taskId of plan.writes.awaitingTasks) dispatcher.forget(resident.id, taskId);
    const ready = new Set<string>();
    for (const { task, facts: taskFacts, pool, timeoutAtMs } of plan.scheduled) {
      resident.tasks.set(task.taskId, pool === undefined ? 0 : 1);
      if (timeoutAtMs !== undefined) onDueAt(timeoutAtMs);
      if (pool === undefined) ready.add(task.queue);
      else {
        dispatcher.deliver(pool, {
          executionId: resident.id,
          executionArn: facts.executionArn,
          stateMachineName: facts.stateMachineName,
          taskId: task.taskId,
          epoch: 1,
          queue: task.queue,
          resource: task.resource,
          input: task.input,
          facts: taskFacts,
          scheduledAtMs: resident.state.lastEventTimeMs,
          timeoutAtMs,
          heartbeatSeconds: task.heartbeatSeconds,
          heartbeatDetails: undefined,
          labels: resident.labels,
          trace: resident.trace,
        });
      }
    }
    if (ready.size > 0) this.#options.onReady([...ready]);
    for (const { dueAtMs } of plan.writes.newTimers) onDueAt(dueAtMs);
    const { newMessageWaits } = plan.writes;
    if (newMessageWaits.length > 0)
      this.#options.onMessageWaits(newMessageWaits.map(({ correlation }) => correlation));
    resident.hasTurnRow = plan.isContinued;
    if (plan.isContinued)
      this.#enqueue(resident.id, { event: { type: "Turn" }, settle: () => undefined });
    if (resident.state.status !== "RUNNING") {
      resident.stoppedAtMs = resident.state.lastEventTimeMs;
      this.#residents.delete(resident.id);
      for (const queued of resident.queue.splice(0)) queued.settle("Closed");
    }
    onCommitted(resident, history);
  }

  #undo(plan: TurnPlan): void {
    for (const { pool } of plan.scheduled)
      if (pool !== undefined) this.#options.dispatcher.unreserve(pool);
  }

  /** The aggregate in memory is not what the rows say: throws it away and brings its events to the fresh one. */
  #reload(resident: Resident, taken: readonly QueuedEvent[]): void {
    if (this.#residents.get(resident.id) === resident) this.#residents.delete(resident.id);
    const events = [...taken, ...resident.queue.splice(0)].filter(
      ({ inboxId, event }) => inboxId === undefined && event.type !== "Turn",
    );
    void this.#load(resident.id, events);
  }

  async #load(executionId: string, events: readonly QueuedEvent[]): Promise<void> {
    const waiting = this.#loading.get(executionId);
    if (waiting !== undefined) {
      waiting.push(...events);
      return;
    }
    const arrivals = [...events];
    this.#loading.set(executionId, arrivals);
    try {
      await this.#loadNow(executionId, arrivals);
    } finally {
      this.#loading.delete(executionId);
    }
    if (this.#isStopped) return;
    if (arrivals.length > 0) void this.#load(executionId, arrivals);
    else if (this.#wokenWhileLoading.delete(executionId)) this.wake(executionId);
  }

  /** Tries until the database answers: an event that was accepted for an execution is not given up. */
  async #loadNow(executionId: string, arrivals: QueuedEvent[]): Promise<void> {
    for (let delayMs = 10; !this.#isStopped; delayMs = Math.min(delayMs * 2, reloadDelayMaxMs)) {
      try {
        const row = await loadExecution(this.#options.sql, executionId);
        if (await this.#loaded(row, arrivals)) return;
      } catch (error) {
        if (this.#isStopped) return;
        this.#options.onError(error, "could not load an execution; trying again", executionId);
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }

  /** @returns false to look again: the owner changed in between. */
  async #loaded(row: LoadedExecution | undefined, arrivals: QueuedEvent[]): Promise<boolean> {
    if (row === undefined || row.status !== "RUNNING") {
      for (const queued of arrivals.splice(0))
        queued.settle(row === undefined ? "NotFound" : "Closed");
      return true;
    }
    if (
      row.owner !== null &&
      row.owner !== this.#options.serverId &&
      (await this.#options.isServerAlive(row.owner))
    ) {
      return forwardToOwner(this.#options.sql, row, arrivals);
    }
    const resident = restoreResident(row, await this.#options.definitionOf(row.revisionId));
    this.#keep(resident);
    void this.#options.dispatcher.release(this.#neverSent(row));
    if (arrivals[0]?.event === refusal) resident.queue.push(arrivals.shift()!);
    for (const { id, event } of row.inbox) {
      // Whether the delivery was the latest was checked when it was acknowledged; a later one changes nothing.
      const { epoch: _, ...stored } = JSON.parse(event) as Event & { epoch?: number };
      resident.queue.push({ event: stored, inboxId: id, settle: () => undefined });
    }
    resident.queue.push(...arrivals.splice(0));
    if (resident.hasTurnRow)
      resident.queue.push({ event: { type: "Turn" }, settle: () => undefined });
    if (resident.queue.length > 0) void this.#run(resident);
    return true;
  }

  /** Tasks committed as delivered to a session of this server by a turn whose COMMIT was never heard of. */
  #neverSent(row: LoadedExecution): readonly TaskKey[] {
    const { dispatcher } = this.#options;
    return row.tasks
      .filter(
        ({ id, queue, session }) =>
          session !== null &&
          !dispatcher.isClaiming(queue) && // it may be on its way from the claim to the worker
          this.#options.isMySession(session) &&
          dispatcher.find(row.id, id) === undefined,
      )
      .map(({ id, epoch, session }) => ({
        executionId: row.id,
        taskId: id,
        epoch,
        ...(session !== null && { sessionId: session }),
      }));
  }

  async #isCurrent(resident: Resident): Promise<boolean> {
    const { rows } = await this.#options.sql.query<{ rev: number }>({
      name: "execution-rev",
      text: "select rev from executions where id = $1",
      values: [resident.id],
    });
    return rows[0]?.rev === resident.rev;
  }

  #keep(resident: Resident): void {
    this.#residents.set(resident.id, resident);
    if (this.#residents.size <= residentsMax) return;
    for (const [id, oldest] of this.#residents) {
      if (oldest.isTurning || oldest.queue.length > 0) continue;
      this.#residents.delete(id);
      return;
    }
  }

  async #newTurn({ id, definition }: Resident): Promise<Turn> {
    const { clock, limits, aws, tokens } = this.#options;
    const activities = this.#options.activitiesOf(definition);
    const activityExists = activities === undefined ? undefined : await activities;
    return {
      nowMs: clock.nowMs(),
      random: this.#random,
      newUuid,
      limits,
      taskToken: (taskId) => tokens.sealCallback(id, taskId),
      aws,
      pause: nextTick,
      ...(activityExists !== undefined && { activityExists }),
    };
  }

  #planOptions(turn: Turn): { nowMs: number; reserve: Dispatcher["reserve"] } {
    return { nowMs: turn.nowMs, reserve: (queue) => this.#options.dispatcher.reserve(queue) };
  }

  #reportDefect(defect: Error | undefined, executionId: string): void {
    if (defect !== undefined)
      this.#options.onError(
        defect,
        "the interpreter met a defect; the execution failed",
        executionId,
      );
  }
}

/** The events of the next turn. An outcome of a delivery that is no longer the latest is stale. */
function takeCurrent(resident: Resident): readonly QueuedEvent[] {
  const { queue } = resident;
  const ofInbox =
    queue.length <= eventsPerTurnMax
      ? 0
      : 1 + queue.findLastIndex(({ inboxId }) => inboxId !== undefined);
  return queue.splice(0, Math.max(ofInbox, eventsPerTurnMax)).filter((queued) => {
    const { event, epoch } = queued;
    const latest =
      epoch === undefined || !("taskId" in event) ? undefined : resident.tasks.get(event.taskId);
    const isCurrent = latest === undefined || epoch! >= latest;
    if (!isCurrent) queued.settle("Stale");
    return isCurrent;
  });
}

/** Ends an execution whose transition the database will never take. It goes before all other events. */
const refusal: Event = {
  type: "Stopped",
  failure: {
    error: "States.Runtime",
    cause: "the database refused to record a transition of this execution",
  },
};

const refused: QueuedEvent = { event: refusal, settle: () => undefined };

/** A timer row 0 means "go on". */
function asEvent({ event }: QueuedEvent): Event {
  return event.type === "TimerDue" && event.timerId === turnTimerId ? { type: "Turn" } : event;
}
