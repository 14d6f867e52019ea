/** ASL § The Context Object: what `$$` names. */
import type { ExecutionFacts } from "../execution-state.ts";
import type { Json, JsonObject } from "../json.ts";
import { formatTimestamp } from "./timestamp.ts";

export interface ContextFacts {
  readonly execution: Pick<
    ExecutionFacts,
    | "executionArn"
    | "name"
    | "startTimeMs"
    | "stateMachineArn"
    | "stateMachineName"
    | "type"
    | "isSync"
  > & { readonly roleArn: string | null };
  /** The execution's input, parsed. */
  readonly input: Json;
  /** Absent: never redriven. */
  readonly redrive?: { readonly count: number; readonly timeMs: number };
  /** Absent outside any state. */
  readonly state?: {
    readonly name: string;
    readonly enteredMs: number;
    /** Retries made in this visit of the state; only where a state can be retried. */
    readonly retryCount?: number;
  };
  /** Inside a Map: the item that is being processed or selected. */
  readonly mapItem?: { readonly index: number; readonly value: Json };
  /** Only where a task waits for a callback. */
  readonly taskToken?: string;
}

/** Keys and their order are AWS's; they differ between Standard, Express and synchronous Express. */
export function contextObject(facts: ContextFacts): JsonObject {
  const { state, mapItem, taskToken, execution } = facts;
  return {
    Execution: executionObject(facts),
    StateMachine: { Id: execution.stateMachineArn, Name: execution.stateMachineName },
    ...(state !== undefined && {
      State: {
        Name: state.name,
        EnteredTime: formatTimestamp(state.enteredMs),
        ...(state.retryCount !== undefined && { RetryCount: state.retryCount }),
      },
    }),
    ...(mapItem !== undefined && mapObject(mapItem)),
    ...(taskToken !== undefined && { Task: { Token: taskToken } }),
  };
}

/** What a state sees of the Map item that it works on. */
export function mapObject({ index, value }: NonNullable<ContextFacts["mapItem"]>): JsonObject {
  return { Map: { Item: { Index: index, Value: value } } };
}

function executionObject({ execution, input, redrive }: ContextFacts): JsonObject {
  const { executionArn: Id, name: Name, roleArn: RoleArn } = execution;
  const StartTime = formatTimestamp(execution.startTimeMs);
  if (execution.type === "STANDARD") {
    const started = { Id, Input: input, StartTime, Name, RoleArn };
    if (redrive === undefined) return { ...started, RedriveCount: 0 };
    const RedriveTime = formatTimestamp(redrive.timeMs);
    return { ...started, RedriveCount: redrive.count, RedriveTime };
  }
  const express = { Id, Input: input, Name, RoleArn, StartTime };
  return execution.isSync ? express : { ...express, RedriveCount: 0 };
}
