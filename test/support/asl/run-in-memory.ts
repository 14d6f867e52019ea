/**
 * Plays whole executions against `step` alone: scripted workers, virtual time, no store.
 *
 * After every step what an engine relies on is checked: dense ids, times that never go back, scopes
 * that were reported. With `restores`, the execution is rebuilt from its stored form before each step.
 */
import { newExecution } from "../../../server/asl/execution-state.ts";
import { decodeScope, encodeScope } from "../../../server/asl/scope.ts";
import { step } from "../../../server/asl/step.ts";
import { factsOf, limits, startMs, turnAt } from "./builders.ts";
import type { Definition } from "../../../server/asl/definition/definition.ts";
import type { Effect, ScheduleTask } from "../../../server/asl/effect.ts";
import type { Event, Verdict } from "../../../server/asl/event.ts";
import type { ExecutionFacts, ExecutionState, Step } from "../../../server/asl/execution-state.ts";
import type { HistoryEvent } from "../../../server/asl/history-event.ts";
import type { Failure } from "../../../server/asl/states-error.ts";
import type { Turn } from "../../../server/asl/turn.ts";

/** What a worker does with a task. `afterMs` counts from when it was offered; 1 ms unless told. */
export type Answer =
  | {
      readonly output: unknown;
      readonly afterMs?: number;
      readonly heartbeatsMs?: readonly number[];
    }
  | { readonly text: string; readonly afterMs?: number }
  | (Failure & {
      readonly failed: true;
      readonly afterMs?: number;
      readonly nonRetryable?: boolean;
      readonly retryAfterMs?: number;
    })
  | "never";

export interface RunOptions {
  readonly input?: unknown;
  /** As the caller wrote it; instead of `input`. */
  readonly inputText?: string;
  readonly worker?: (task: ScheduleTask, taken: number) => Answer;
  readonly workerName?: string;
  readonly facts?: Partial<ExecutionFacts>;
  readonly turn?: Partial<Turn>;
  readonly limits?: Partial<Turn["limits"]>;
  /** Restore the execution from its stored form before every step. */
  readonly restores?: boolean;
  /** Further events, at a time from the start. */
  readonly events?: readonly { readonly atMs: number; readonly event: Event }[];
  /** Nothing happens after this time. */
  readonly untilMs?: number;
}

export interface Run {
  readonly execution: ExecutionState;
  readonly history: readonly HistoryEvent[];
  readonly steps: readonly Step[];
  readonly effects: readonly Effect[];
  readonly verdicts: readonly Verdict[];
  /** Tasks offered, in order. */
  readonly tasks: readonly ScheduleTask[];
  /** Virtual time that went by. */
  readonly tookMs: number;
}

export async function runInMemory(definition: Definition, options: RunOptions = {}): Promise<Run> {
  const player = new Player(definition, options);
  await player.play();
  return player.run();
}

class Player {
  readonly #definition: Definition;
  readonly #options: RunOptions;
  readonly #agenda: { readonly atMs: number; readonly order: number; readonly event: Event }[] = [];
  readonly #history: HistoryEvent[] = [];
  readonly #steps: Step[] = [];
  readonly #tasks: ScheduleTask[] = [];
  #stored = new Map<number, string>();
  #execution: ExecutionState;
  #nowMs = startMs;
  #order = 0;

  constructor(definition: Definition, options: RunOptions) {
    this.#definition = definition;
    this.#options = options;
    const input = options.inputText ?? JSON.stringify(options.input ?? {});
    this.#execution = newExecution({ ...factsOf(input), ...options.facts });
  }

  async play(): Promise<void> {
    this.#plan(0, { type: "Started" });
    if (this.#definition.timeoutSeconds !== undefined) {
      this.#plan(this.#definition.timeoutSeconds * 1000, { type: "ExecutionTimedOut" });
    }
    for (const { atMs, event } of this.#options.events ?? []) this.#plan(atMs, event);
    for (;;) {
      this.#agenda.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      const next = this.#agenda.shift();
      if (next === undefined || next.atMs > startMs + (this.#options.untilMs ?? Infinity)) return;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      await this.#take(next.event);
      if (this.#execution.status !== "RUNNING" && this.#options.events === undefined) return;
    }
  }

  run(): Run {
    return {
      execution: this.#execution,
      history: this.#history,
      steps: this.#steps,
      effects: this.#steps.flatMap(({ effects }) => effects),
      verdicts: this.#steps.flatMap(({ verdicts }) => verdicts),
      tasks: this.#tasks,
      tookMs: this.#nowMs - startMs,
    };
  }

  async #take(event: Event): Promise<void> {
    if (this.#options.restores === true) this.#restore();
    const turn = turnAt(this.#nowMs, {
      ...this.#options.turn,
      limits: { ...limits, ...this.#options.limits },
    });
    const taken = await step(this.#definition, this.#execution, [event], turn);
    this.#steps.push(taken);
    this.#check(taken);
    this.#history.push(...taken.history);
    for (const effect of taken.effects) this.#carryOut(effect);
  }

  #check({ history, changedScopes, removedScopes, defect }: Step): void {
    if (defect !== undefined) throw defect;
    let last = this.#history.at(-1) ?? { id: 0, timestampMs: 0 };
    for (const event of history) {
      if (event.id !== last.id + 1) throw new Error(`event ${event.id} follows event ${last.id}`);
      if (event.timestampMs < last.timestampMs)
        throw new Error(`event ${event.id} is earlier than the one before`);
      if (event.previousEventId >= event.id)
        throw new Error(`event ${event.id} follows a later one`);
      last = event;
    }
    for (const id of removedScopes) this.#stored.delete(id);
    for (const id of changedScopes) {
      const scope = this.#execution.scopes.get(id);
      if (scope === undefined) throw new Error(`scope ${id} has changed but is gone`);
      this.#stored.set(id, encodeScope(scope));
    }
    const { scopes } = this.#execution;
    if (scopes.size !== this.#stored.size)
      throw new Error(`${scopes.size} scopes, ${this.#stored.size} stored`);
  }

  #restore(): void {
    const scopes = new Map([...this.#stored].map(([id, text]) => [id, decodeScope(text)] as const));
    this.#execution = { ...this.#execution, scopes };
  }

  #plan(afterMs: number, event: Event): void {
    this.#agenda.push({ atMs: startMs + afterMs, order: (this.#order += 1), event });
  }

  #withdraw(isGone: (event: Event) => boolean): void {
    for (let i = this.#agenda.length - 1; i >= 0; i -= 1) {
      const entry = this.#agenda[i];
      if (entry !== undefined && isGone(entry.event)) this.#agenda.splice(i, 1);
    }
  }

  #carryOut(effect: Effect): void {
    const nowMs = this.#nowMs - startMs;
    switch (effect.type) {
      case "ScheduleTask":
        this.#tasks.push(effect);
        this.#answer(effect, nowMs);
        return;
      case "CancelTask":
        this.#withdraw((event) => "taskId" in event && event.taskId === effect.taskId);
        return;
      case "StartTimer":
        this.#plan(effect.dueAtMs - startMs, { type: "TimerDue", timerId: effect.timerId });
        return;
      case "CancelTimer":
        this.#withdraw((event) => event.type === "TimerDue" && event.timerId === effect.timerId);
        return;
      case "AwaitMessage":
      case "EndMessageWait":
        return; // messages come by `events`
      case "RequestTurn":
        this.#plan(nowMs, { type: "Turn" });
    }
  }

  #answer(task: ScheduleTask, nowMs: number): void {
    const { taskId, queue, timeoutSeconds, heartbeatSeconds } = task;
    const answer = this.#options.worker?.(
      task,
      this.#tasks.filter((t) => t.queue === queue).length,
    ) ?? { output: {} };
    const { workerName } = this.#options;
    const start = { atMs: this.#nowMs, ...(workerName !== undefined && { workerName }) };
    const ends = [
      {
        afterMs: answer === "never" ? Infinity : (answer.afterMs ?? 1),
        event: outcome(taskId, answer, start),
      },
      {
        afterMs: (timeoutSeconds ?? Infinity) * 1000,
        event: { type: "TaskTimedOut", taskId, reason: "Timeout", start },
      },
      {
        afterMs: lateHeartbeatMs(answer, heartbeatSeconds),
        event: { type: "TaskTimedOut", taskId, reason: "Heartbeat", start },
      },
    ] as const;
    const first = ends.toSorted((a, b) => a.afterMs - b.afterMs)[0];
    if (first?.event !== undefined && first.afterMs < Infinity)
      this.#plan(nowMs + first.afterMs, first.event);
  }
}

function outcome(
  taskId: number,
  answer: Answer,
  start: { readonly atMs: number },
): Event | undefined {
  if (answer === "never") return undefined;
  if ("text" in answer) return { type: "TaskSucceeded", taskId, output: answer.text, start };
  if ("output" in answer)
    return { type: "TaskSucceeded", taskId, output: JSON.stringify(answer.output), start };
  const { failed: _, afterMs: __, error, cause, ...advice } = answer;
  const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  return { type: "TaskFailed", taskId, failure, start, ...advice };
}

/** When the first heartbeat is missed, counted from the start; Infinity when none is. */
function lateHeartbeatMs(answer: Answer, heartbeatSeconds: number | undefined): number {
  if (heartbeatSeconds === undefined) return Infinity;
  const allowed = heartbeatSeconds * 1000;
  const beats = answer !== "never" && "heartbeatsMs" in answer ? (answer.heartbeatsMs ?? []) : [];
  const end = answer === "never" ? Infinity : (answer.afterMs ?? 1);
  let alive = 0;
  for (const beat of [...beats, end]) {
    if (beat > alive + allowed) return alive + allowed;
    alive = beat;
  }
  return Infinity;
}
