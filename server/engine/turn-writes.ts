/** Step -> rows. What a turn computed, in the store's words, with the credit reserved for its tasks. */
import {
  encodeScope,
  stringifyJson,
  type AwaitMessage,
  type Effect,
  type Event,
  type ExecutionState,
  type ScheduleTask,
  type StartMapRun,
  type Step,
} from "../asl/index.ts";
import type {
  MessageWaitWrite,
  RedriveWrite,
  StartWrite,
  TaskFacts,
  TaskWrite,
  TurnWrites,
} from "../store/turn-writes.ts";
import { correlationOf } from "./correlation.ts";
import type { CancelReason } from "./engine.ts";
import type { Pool } from "./dispatch.ts";
import { deadlineOf, turnTimerId, type QueuedEvent, type Resident } from "./resident.ts";

/** What has to happen after COMMIT (or, for `reserved`, be undone if there is none). */
export interface TurnPlan {
  readonly writes: TurnWrites;
  readonly scheduled: readonly {
    readonly task: ScheduleTask;
    readonly facts: TaskFacts;
    readonly pool: Pool | undefined;
    readonly timeoutAtMs: number | undefined;
  }[];
  readonly cancelled: readonly { readonly taskId: number; readonly reason: CancelReason }[];
  readonly isContinued: boolean;
  readonly hasChanges: boolean;
}

export interface PlanOptions {
  readonly nowMs: number;
  readonly reserve: (queue: string) => Pool | undefined;
  readonly taken: readonly QueuedEvent[];
  readonly start?: StartWrite;
  readonly redrive?: RedriveWrite;
}

/** The row of a turn that goes on is due late: it is the safety net behind the turn that follows at once. */
const turnRowDelayMs = 5_000;

export function planTurn(resident: Resident, step: Step, options: PlanOptions): TurnPlan {
  const changes = collectEffects(step.effects);
  const { state } = resident;
  const isClosed = state.status !== "RUNNING";
  const { goneTasks, submittedTasks, goneTimers, goneInbox } = spentRows(options.taken, step);
  for (const { taskId } of changes.cancelled) goneTasks.add(taskId);
  for (const timerId of changes.cancelledTimers) goneTimers.add(timerId);
  if (resident.hasTurnRow && !changes.isContinued) goneTimers.add(turnTimerId);
  // A turn row that came due is put off, not deleted: it stands for the turn that follows.
  const hasTurnRow = resident.hasTurnRow && !goneTimers.has(turnTimerId);
  if (changes.isContinued) goneTimers.delete(turnTimerId);
  // Nothing comes after the end: what waits is as good as taken.
  if (isClosed)
    for (const { inboxId } of resident.queue) if (inboxId !== undefined) goneInbox.push(inboxId);

  const scheduled = changes.scheduled.map((task) => plannedTask(task, options));
  const newMessageWaits = [...changes.messageWaits.values()].map(messageWaitWrite);
  const newTimers = [...changes.timers.values()];
  if (changes.isContinued && !hasTurnRow) {
    newTimers.push({ timerId: turnTimerId, scopeId: 0, dueAtMs: options.nowMs + turnRowDelayMs });
  }
  const first = step.history[0];
  const writes: TurnWrites = {
    executionId: resident.id,
    status: state.status,
    nextEventId: state.nextEventId,
    nextScopeId: state.nextScopeId,
    state: rootWrite(state, step),
    newTasks: scheduled.map(({ task, facts, pool, timeoutAtMs }) =>
      taskWrite({ task, facts, pool, timeoutAtMs }, options.nowMs),
    ),
    goneTasks: [...goneTasks],
    awaitingTasks: submittedTasks.filter((taskId) => !goneTasks.has(taskId)),
    newTimers,
    goneTimers: [...goneTimers],
    newMessageWaits,
    goneMessageWaits: changes.endedMessageWaits,
    receivedMessages: receivedMessages(options.taken, step),
    scopes: [...step.changedScopes]
      .filter((id) => id !== 0 && !step.removedScopes.has(id))
      .map((id) => ({ scopeId: id, state: encodeScope(state.scopes.get(id)!) })),
    goneScopes: [...step.removedScopes].filter((id) => id !== 0),
    goneInbox,
    ...mapRunWrites(resident, changes, options.nowMs),
    ...(options.start === undefined ? { expectedRev: resident.rev } : { start: options.start }),
    ...(options.redrive !== undefined && { redrive: options.redrive }),
    ...(changes.input !== undefined && {
      input: { input: changes.input, ...deadlineOf(resident, options.nowMs) },
    }),
    ...(changes.dropsLink && { dropsLink: true }),
    ...pauseWrite(resident, changes, new Set([...goneTasks, ...submittedTasks])),
    ...(isClosed && { stoppedAtMs: state.lastEventTimeMs }),
    ...(state.output !== undefined && { output: state.output }),
    ...(state.failure?.error !== undefined && { error: storable(state.failure.error) }),
    ...(state.failure?.cause !== undefined && { cause: storable(state.failure.cause) }),
    ...(first !== undefined && {
      history: {
        firstEventId: first.id,
        lastEventId: step.history.at(-1)!.id,
        events: JSON.stringify(step.history),
      },
    }),
  };
  return {
    writes,
    scheduled,
    cancelled: changes.cancelled,
    isContinued: changes.isContinued,
    hasChanges: hasChanges(writes) || changes.isContinued,
  };
}

interface Changes {
  readonly scheduled: ScheduleTask[];
  readonly cancelled: { readonly taskId: number; readonly reason: CancelReason }[];
  readonly timers: Map<
    number,
    { readonly timerId: number; readonly scopeId: number; readonly dueAtMs: number }
  >;
  readonly cancelledTimers: number[];
  readonly messageWaits: Map<number, AwaitMessage>;
  readonly endedMessageWaits: number[];
  readonly mapRuns: Map<string, StartMapRun & { readonly status: string }>;
  readonly redrivenMapRuns: Map<string, { readonly taskId: number; readonly status: string }>;
  readonly endedMapRuns: { readonly mapRunId: string; readonly status: string }[];
  isContinued: boolean;
  /** Of a chained execution that starts late. */
  input?: string;
  dropsLink: boolean;
  /** JSON; null: the execution goes on. */
  pause?: string | null;
}

/** What was started and withdrawn within one turn leaves no row. */
function collectEffects(effects: readonly Effect[]): Changes {
  const tasks = new Map<number, ScheduleTask>();
  const changes: Omit<Changes, "scheduled"> = {
    cancelled: [],
    timers: new Map(),
    cancelledTimers: [],
    messageWaits: new Map(),
    endedMessageWaits: [],
    mapRuns: new Map(),
    redrivenMapRuns: new Map(),
    endedMapRuns: [],
    isContinued: false,
    dropsLink: false,
  };
  for (const effect of effects) {
    switch (effect.type) {
      case "ScheduleTask":
        tasks.set(effect.taskId, effect);
        break;
      case "CancelTask":
        if (!tasks.delete(effect.taskId))
          changes.cancelled.push({ taskId: effect.taskId, reason: cancelReasons[effect.reason] });
        break;
      case "StartTimer":
        changes.timers.set(effect.timerId, {
          timerId: effect.timerId,
          scopeId: effect.scopeId,
          dueAtMs: effect.dueAtMs,
        });
        break;
      case "CancelTimer":
        if (!changes.timers.delete(effect.timerId)) changes.cancelledTimers.push(effect.timerId);
        break;
      case "AwaitMessage":
        changes.messageWaits.set(effect.waitId, effect);
        break;
      case "EndMessageWait":
        if (!changes.messageWaits.delete(effect.waitId))
          changes.endedMessageWaits.push(effect.waitId);
        break;
      case "StartMapRun":
        changes.mapRuns.set(effect.mapRunId, { ...effect, status: "RUNNING" });
        break;
      case "RedriveMapRun":
        changes.redrivenMapRuns.set(effect.mapRunId, { taskId: effect.taskId, status: "RUNNING" });
        break;
      case "EndMapRun":
        endMapRun(changes, effect);
        break;
      case "RequestTurn":
        changes.isContinued = true;
        break;
      case "SetPause":
        changes.pause = effect.pause === undefined ? null : JSON.stringify(effect.pause);
        break;
      case "TakeInput":
        changes.input = effect.input;
        break;
      case "GiveUpInput":
        changes.dropsLink = true;
        break;
    }
  }
  return { ...changes, scheduled: [...tasks.values()] };
}

/** One that was begun or taken up in this very turn is written with its end. */
function endMapRun(
  { mapRuns, redrivenMapRuns, endedMapRuns }: Omit<Changes, "scheduled">,
  { mapRunId, status }: Extract<Effect, { readonly type: "EndMapRun" }>,
): void {
  const begun = mapRuns.get(mapRunId);
  const redriven = redrivenMapRuns.get(mapRunId);
  if (begun !== undefined) mapRuns.set(mapRunId, { ...begun, status });
  else if (redriven !== undefined) redrivenMapRuns.set(mapRunId, { ...redriven, status });
  else endedMapRuns.push({ mapRunId, status });
}

const cancelReasons = {
  ExecutionStopped: "EXECUTION_STOPPED",
  ExecutionTimedOut: "EXECUTION_STOPPED",
  BranchFailed: "BRANCH_FAILED",
  TimedOut: "TASK_TIMED_OUT",
  HeartbeatTimedOut: "HEARTBEAT_TIMED_OUT",
  Lost: "LEASE_LOST",
} satisfies Record<string, CancelReason>;

/** Rows whose event has now been taken: the task that was answered or submitted, the timer that fired, the inbox row. */
function spentRows(
  taken: readonly QueuedEvent[],
  step: Step,
): {
  goneTasks: Set<number>;
  submittedTasks: number[];
  goneTimers: Set<number>;
  goneInbox: string[];
} {
  const goneTasks = new Set<number>();
  const submittedTasks: number[] = [];
  const goneTimers = new Set<number>();
  const goneInbox: string[] = [];
  for (const [index, { event, inboxId }] of taken.entries()) {
    if (inboxId !== undefined) goneInbox.push(inboxId);
    if (event.type === "TimerDue") goneTimers.add(event.timerId);
    else if (isOutcome(event) && step.verdicts[index] === "Submitted")
      submittedTasks.push(event.taskId);
    else if (
      isOutcome(event) &&
      (step.verdicts[index] === "Applied" || event.type === "TaskTimedOut")
    )
      goneTasks.add(event.taskId);
  }
  return { goneTasks, submittedTasks, goneTimers, goneInbox };
}

/** Kept messages among the events that the step has taken. */
function receivedMessages(taken: readonly QueuedEvent[], step: Step): string[] {
  return taken.flatMap(({ event }, index) =>
    event.type === "MessageReceived" &&
    event.messageId !== undefined &&
    step.verdicts[index] === "Applied"
      ? [event.messageId]
      : [],
  );
}

/** Whether an event closes a task, as far as its verdict does not say otherwise. */
export function isOutcome(event: Event): event is Extract<Event, { readonly type: Outcome }> {
  return outcomes.has(event.type);
}

type Outcome = "TaskSucceeded" | "TaskFailed" | "TaskTimedOut" | "TaskLost";
const outcomes: ReadonlySet<string> = new Set<Outcome>([
  "TaskSucceeded",
  "TaskFailed",
  "TaskTimedOut",
  "TaskLost",
]);

function rootWrite(state: ExecutionState, step: Step): string | null | undefined {
  const root = state.scopes.get(0);
  if (root === undefined) return null;
  return step.changedScopes.has(0) ? encodeScope(root) : undefined;
}

/** @param closed tasks that this turn ends or submits. */
function pauseWrite(
  { tasks }: Resident,
  { pause }: Changes,
  closed: ReadonlySet<number>,
): Pick<TurnWrites, "pause"> {
  if (pause === undefined) return {};
  return { pause: { pause, taskIds: [...tasks.keys()].filter((taskId) => !closed.has(taskId)) } };
}

function mapRunWrites(
  { revisionId }: Resident,
  { mapRuns, redrivenMapRuns, endedMapRuns }: Changes,
  nowMs: number,
): Pick<TurnWrites, "newMapRuns" | "redrivenMapRuns" | "endedMapRuns"> {
  const begun = [...mapRuns.values()].map(
    ({ mapRunId, mapRunArn, taskId, status, maxConcurrency, tolerance, itemCount }) => ({
      mapRunId,
      arn: mapRunArn,
      taskId,
      revisionId,
      status,
      maxConcurrency,
      startedAtMs: nowMs,
      ...tolerance,
      ...(itemCount !== undefined && { itemCount }),
    }),
  );
  const redriven = [...redrivenMapRuns].map(([mapRunId, run]) => ({
    mapRunId,
    revisionId,
    atMs: nowMs,
    ...run,
  }));
  return {
    ...(begun.length > 0 && { newMapRuns: begun }),
    ...(redriven.length > 0 && { redrivenMapRuns: redriven }),
    ...(endedMapRuns.length > 0 && {
      endedMapRuns: endedMapRuns.map((ended) => ({ ...ended, stoppedAtMs: nowMs })),
    }),
  };
}

function plannedTask(
  task: ScheduleTask,
  { nowMs, reserve }: PlanOptions,
): TurnPlan["scheduled"][number] {
  const { lastHeartbeatDetails } = task;
  const facts: TaskFacts = {
    stateName: task.stateName,
    statePath: task.statePath,
    attempt: task.attempt,
    visit: task.visit,
    ...(task.lastFailure !== undefined && { lastFailure: task.lastFailure }),
    ...(lastHeartbeatDetails !== undefined && { lastHeartbeatDetails }),
  };
  const timeoutAtMs =
    task.timeoutSeconds === undefined ? undefined : nowMs + task.timeoutSeconds * 1000;
  return { task, facts, pool: reserve(task.queue), timeoutAtMs };
}

function taskWrite(
  { task, facts, pool, timeoutAtMs }: TurnPlan["scheduled"][number],
  nowMs: number,
): TaskWrite {
  return {
    taskId: task.taskId,
    scopeId: task.scopeId,
    queue: storable(task.queue),
    resource: storable(task.resource),
    input: task.input,
    facts: JSON.stringify(facts),
    scheduledAtMs: nowMs,
    ...(pool !== undefined && { sessionId: pool.session.sessionId }),
    ...(timeoutAtMs !== undefined && { timeoutAtMs }),
    ...(task.heartbeatSeconds !== undefined && { heartbeatSeconds: task.heartbeatSeconds }),
  };
}

function messageWaitWrite(wait: AwaitMessage): MessageWaitWrite {
  const { waitId, statePath, correlationKey, correlationValue, dueAtMs } = wait;
  return {
    waitId,
    correlation: correlationOf(correlationKey, correlationValue),
    correlationKey: storable(correlationKey),
    correlationValue: stringifyJson(correlationValue),
    statePath: storable(statePath),
    ...(dueAtMs !== undefined && { dueAtMs }),
  };
}

function hasChanges(writes: TurnWrites): boolean {
  const { history, state, goneTasks, newTimers, goneTimers, scopes, goneScopes, goneInbox } =
    writes;
  return (
    history !== undefined ||
    state !== undefined ||
    goneTasks.length +
      newTimers.length +
      goneTimers.length +
      scopes.length +
      goneScopes.length +
      goneInbox.length >
      0
  );
}

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. JSON texts have both escaped; free text may not. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
