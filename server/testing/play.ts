import { step } from "../asl/index.ts";
import { Agenda } from "./agenda.ts";
import type {
  AwaitMessage,
  Definition,
  Effect,
  Event,
  ExecutionState,
  Failure,
  ScheduleTask,
  Step,
  TaskStart,
  Turn,
} from "../asl/index.ts";

/** What a worker does with a task. Times count from when the task was offered, which is when it is taken. */
export interface Answer {
  readonly outcome: TaskResult | TaskFailure;
  /** Infinity: it never answers. */
  readonly afterMs: number;
  /** Heartbeats that it sends: at these times, or often enough. */
  readonly heartbeatsMs: readonly number[] | "Always";
}

export interface TaskResult {
  /** JSON text. */
  readonly output: string;
  readonly isWhole?: boolean;
}

export interface TaskFailure {
  readonly failure: Failure;
  readonly nonRetryable?: boolean;
  readonly retryAfterMs?: number;
}

/** A message for a Message state. */
export interface Message {
  /** JSON text. */
  readonly data: string;
  /** Counts from when it is waited for. Infinity: it never comes. */
  readonly afterMs: number;
}

/** What surrounds an execution that is played. */
export interface Stage {
  readonly answer: (task: ScheduleTask) => Answer;
  /** Absent: messages come by `events`. */
  readonly message?: (wait: AwaitMessage) => Message;
  readonly turnAt: (nowMs: number) => Turn;
  readonly workerName?: string;
  /** Is told of every step. Gives the execution to go on with: the same, or one equal to it. */
  readonly onStep: (step: Step, execution: ExecutionState) => ExecutionState;
  /** Further events. With them the play goes on after the execution has closed. */
  readonly events?: readonly { readonly atMs: number; readonly event: Event }[];
  /** Nothing happens after this time. */
  readonly untilMs?: number;
}

/**
 * Plays an execution against `step` alone, in virtual time: what is due next happens at once, and the
 * clock jumps there. No store and no worker; the same stage gives the same play.
 *
 * @returns the execution, closed or with nothing left that would move it, and the time then.
 * @throws whatever the stage throws; a `defect` of the interpreter.
 */
export async function play(
  definition: Definition,
  execution: ExecutionState,
  stage: Stage,
): Promise<{ readonly execution: ExecutionState; readonly nowMs: number }> {
  const { startTimeMs } = execution.facts;
  const agenda = new Agenda();
  agenda.plan(startTimeMs, { type: "Started" });
  if (definition.timeoutSeconds !== undefined)
    agenda.plan(startTimeMs + definition.timeoutSeconds * 1000, { type: "ExecutionTimedOut" });
  for (const { atMs, event } of stage.events ?? []) agenda.plan(atMs, event);

  let current = execution;
  let nowMs = startTimeMs;
  while (current.status === "RUNNING" || stage.events !== undefined) {
    const next = agenda.next();
    if (next === undefined || next.atMs > (stage.untilMs ?? Infinity)) break;
    nowMs = Math.max(nowMs, next.atMs);
    const taken = await step(definition, current, [next.event], stage.turnAt(nowMs));
    if (taken.defect !== undefined) throw taken.defect;
    current = stage.onStep(taken, current);
    for (const effect of taken.effects) carryOut(effect, { agenda, stage, nowMs });
  }
  return { execution: current, nowMs };
}

interface Scene {
  readonly agenda: Agenda;
  readonly stage: Stage;
  readonly nowMs: number;
}

function carryOut(effect: Effect, { agenda, stage, nowMs }: Scene): void {
  switch (effect.type) {
    case "ScheduleTask": {
      const answer = stage.answer(effect);
      const { workerName } = stage;
      const start = { atMs: nowMs, ...(workerName !== undefined && { workerName }) };
      const { afterMs, event } = endOf(effect, answer, start);
      if (afterMs < Infinity) agenda.plan(nowMs + afterMs, event);
      return;
    }
    case "CancelTask":
      agenda.withdraw((event) => "taskId" in event && event.taskId === effect.taskId);
      return;
    case "StartTimer":
      agenda.plan(effect.dueAtMs, { type: "TimerDue", timerId: effect.timerId });
      return;
    case "CancelTimer":
      agenda.withdraw((event) => event.type === "TimerDue" && event.timerId === effect.timerId);
      return;
    case "AwaitMessage": {
      const message = stage.message?.(effect);
      if (message === undefined || message.afterMs === Infinity) return;
      const { waitId } = effect;
      agenda.plan(nowMs + message.afterMs, { type: "MessageReceived", waitId, data: message.data });
      return;
    }
    case "EndMessageWait":
      return; // whatever comes later is stale
    case "StartMapRun":
    case "RedriveMapRun":
    case "EndMapRun":
      return; // the run is the task that carries it out
    case "TakeInput":
    case "GiveUpInput":
      return; // a test's execution is not chained
    case "SetPause":
      return; // what comes meanwhile is kept
    case "RequestTurn":
      agenda.plan(nowMs, { type: "Turn" });
  }
}

/** What ends the task first: the worker, TimeoutSeconds or a missing heartbeat. */
function endOf(
  task: ScheduleTask,
  answer: Answer,
  start: TaskStart,
): { readonly afterMs: number; readonly event: Event } {
  const { taskId, timeoutSeconds = Infinity } = task;
  const timedOut = { type: "TaskTimedOut", taskId, start } as const;
  const ends: { afterMs: number; event: Event }[] = [
    { afterMs: answer.afterMs, event: outcomeOf(taskId, answer, start) },
    { afterMs: timeoutSeconds * 1000, event: { ...timedOut, reason: "Timeout" } },
    { afterMs: silentAfterMs(task, answer), event: { ...timedOut, reason: "Heartbeat" } },
  ];
  return ends.reduce((first, end) => (end.afterMs < first.afterMs ? end : first));
}

function outcomeOf(taskId: number, { outcome }: Answer, start: TaskStart): Event {
  return "failure" in outcome
    ? { type: "TaskFailed", taskId, start, ...outcome }
    : { type: "TaskSucceeded", taskId, start, ...outcome };
}

/** When the first heartbeat is missed; Infinity when none is. */
function silentAfterMs({ heartbeatSeconds }: ScheduleTask, answer: Answer): number {
  const { heartbeatsMs, afterMs } = answer;
  if (heartbeatSeconds === undefined || heartbeatsMs === "Always") return Infinity;
  const allowed = heartbeatSeconds * 1000;
  let alive = 0;
  for (const beat of [...heartbeatsMs, afterMs]) {
    if (beat > alive + allowed) return alive + allowed;
    alive = beat;
  }
  return Infinity;
}
