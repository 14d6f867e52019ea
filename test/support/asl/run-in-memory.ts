/**
 * Plays whole executions for tests: scripted workers, virtual time, no store.
 *
 * After every step what an engine relies on is checked: dense ids, times that never go back, scopes
 * that were reported. With `restores`, the execution is rebuilt from its stored form before each step.
 */
import { newExecution } from "../../../server/asl/execution-state.ts";
import { decodeScope, encodeScope } from "../../../server/asl/scope.ts";
import { play } from "../../../server/testing/play.ts";
import { factsOf, limits, startMs, turnAt } from "./builders.ts";
import type { Definition } from "../../../server/asl/definition/definition.ts";
import type { Effect, ScheduleTask } from "../../../server/asl/effect.ts";
import type { Event, Verdict } from "../../../server/asl/event.ts";
import type { ExecutionFacts, ExecutionState, Step } from "../../../server/asl/execution-state.ts";
import type { HistoryEvent } from "../../../server/asl/history-event.ts";
import type { Failure } from "../../../server/asl/states-error.ts";
import type { Turn } from "../../../server/asl/turn.ts";
import type { Answer as PlayedAnswer } from "../../../server/testing/play.ts";

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
  /** @param nowMs when the task is offered, from the start. */
  readonly worker?: (
    task: ScheduleTask,
    taken: number,
    redriveCount: number,
    nowMs: number,
  ) => Answer;
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
  const { inputText = JSON.stringify(options.input ?? {}), worker, events, untilMs } = options;
  const steps: Step[] = [];
  const tasks: ScheduleTask[] = [];
  const record = new Stored();
  let redriveCount = 0;
  let lastEventMs = startMs;
  const { execution, nowMs } = await play(
    definition,
    newExecution({ ...factsOf(inputText), ...options.facts }),
    {
      answer: (task) => {
        tasks.push(task);
        const taken = tasks.filter(({ queue }) => queue === task.queue).length;
        return played(worker?.(task, taken, redriveCount, lastEventMs - startMs) ?? { output: {} });
      },
      turnAt: (ms) => turnAt(ms, { ...options.turn, limits: { ...limits, ...options.limits } }),
      onStep: (step, current) => {
        steps.push(step);
        record.check(step, current);
        redriveCount = current.redrive?.count ?? 0;
        lastEventMs = current.lastEventTimeMs;
        return options.restores === true ? record.restored(current) : current;
      },
      ...(options.workerName !== undefined && { workerName: options.workerName }),
      ...(events !== undefined && {
        events: events.map(({ atMs, event }) => ({ atMs: startMs + atMs, event })),
      }),
      ...(untilMs !== undefined && { untilMs: startMs + untilMs }),
    },
  );
  return {
    execution,
    history: steps.flatMap(({ history }) => history),
    steps,
    effects: steps.flatMap(({ effects }) => effects),
    verdicts: steps.flatMap(({ verdicts }) => verdicts),
    tasks,
    tookMs: nowMs - startMs,
  };
}

/** What a store would have of an execution, made from its steps alone. */
class Stored {
  readonly #stored = new Map<number, string>();
  #last: Pick<HistoryEvent, "id" | "timestampMs"> = { id: 0, timestampMs: 0 };

  check({ history, changedScopes, removedScopes }: Step, { scopes }: ExecutionState): void {
    for (const event of history) {
      if (event.id !== this.#last.id + 1)
        throw new Error(`event ${event.id} follows event ${this.#last.id}`);
      if (event.timestampMs < this.#last.timestampMs)
        throw new Error(`event ${event.id} is earlier than the one before`);
      if (event.previousEventId >= event.id)
        throw new Error(`event ${event.id} follows a later one`);
      this.#last = event;
    }
    for (const id of removedScopes) this.#stored.delete(id);
    for (const id of changedScopes) {
      const scope = scopes.get(id);
      if (scope === undefined) throw new Error(`scope ${id} has changed but is gone`);
      this.#stored.set(id, encodeScope(scope));
    }
    if (scopes.size !== this.#stored.size)
      throw new Error(`${scopes.size} scopes, ${this.#stored.size} stored`);
  }

  restored(execution: ExecutionState): ExecutionState {
    const scopes = new Map([...this.#stored].map(([id, text]) => [id, decodeScope(text)] as const));
    return { ...execution, scopes };
  }
}

function played(answer: Answer): PlayedAnswer {
  if (answer === "never") return { outcome: { output: "" }, afterMs: Infinity, heartbeatsMs: [] };
  const { afterMs = 1 } = answer;
  if ("text" in answer) return { outcome: { output: answer.text }, afterMs, heartbeatsMs: [] };
  if ("output" in answer) {
    const { output, heartbeatsMs = [] } = answer;
    return { outcome: { output: JSON.stringify(output) }, afterMs, heartbeatsMs };
  }
  const { failed: _, afterMs: __, error, cause, ...advice } = answer;
  const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  return { outcome: { failure, ...advice }, afterMs, heartbeatsMs: [] };
}
