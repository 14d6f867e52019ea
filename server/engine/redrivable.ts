import type { StateMachineType } from "./engine.ts";

/** What RedriveExecution is judged by. */
export interface RedriveFacts {
  readonly status: string;
  readonly type: StateMachineType;
  /** Whether its threads were kept when it closed: the servers before this feature did not. */
  readonly hasState: boolean;
  /** Whether it is a child of a Map Run. */
  readonly isOfMapRun: boolean;
  /** Null: the state machine is gone, or it is a Map Run's. */
  readonly stateMachineStatus: string | null;
  readonly eventCount: number;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number | null;
}

/** When, and under which limits, it is asked for. */
export interface RedriveMoment {
  readonly nowMs: number;
  readonly historyEventsMax: number;
}

const dayMs = 86_400_000;
/** How long after its end an execution can be redriven. */
const redrivablePeriodMs = 14 * dayMs;
/** How long an execution may be open in all. */
const executionTimeMaxMs = 365 * dayMs;

/** Its Map Run takes such a child up, when the execution that has the Map state is redriven. */
export const redrivableByMapRun =
  "Execution is a child of a Map Run and is redriven by redriving its parent";

/**
 * Why RedriveExecution is refused, in AWS's words (but for {@link redrivableByMapRun}); undefined: it is
 * not.
 *
 * ExecutionRedriven and one event more must fit into the history.
 */
export function notRedrivable(facts: RedriveFacts, moment: RedriveMoment): string | undefined {
  const { status, type, isOfMapRun, startedAtMs, stoppedAtMs } = facts;
  const { nowMs, historyEventsMax } = moment;
  if (status === "RUNNING" || status === "SUCCEEDED")
    return `Execution is ${status} and cannot be redriven`;
  // A Map Run begins such a child anew.
  if (type === "EXPRESS")
    return isOfMapRun
      ? redrivableByMapRun
      : "Execution is of an EXPRESS state machine and cannot be redriven";
  if (!isOfMapRun && facts.stateMachineStatus !== "ACTIVE")
    return "State machine is in DELETING status";
  if (!facts.hasState) return "Execution was started before the launch of RedriveExecution";
  if (facts.eventCount >= historyEventsMax - 1) return "Execution history event limit exceeded";
  if (nowMs - startedAtMs > executionTimeMaxMs)
    return "Execution has exceeded the max execution time";
  if (nowMs - (stoppedAtMs ?? nowMs) > redrivablePeriodMs)
    return "Execution redrivable period exceeded";
  return isOfMapRun ? redrivableByMapRun : undefined;
}
