import type { Execution, ExecutionEvent } from "@pawl/sdk";
import { payload } from "./text/json-text.ts";

/** An execution as `--json` prints it: payloads as JSON, not as text; every digit kept; absent fields left out. */
export function executionJson(execution: Execution): object {
  const {
    id,
    name,
    arn,
    stateMachine,
    stateMachineVersion,
    stateMachineAlias,
    revisionId,
    status,
    startTime,
    endTime,
    error,
    activeStates,
    eventCount,
    redriveCount,
    redriveTime,
    redriveReason,
    labels,
    pause,
  } = execution;
  return {
    id,
    name,
    arn,
    stateMachine,
    ...(stateMachineVersion > 0 && { stateMachineVersion }),
    ...said({ stateMachineAlias }),
    revisionId,
    status,
    startTime,
    endTime,
    input: payload(execution.inputText),
    output: payload(execution.outputText),
    error,
    ...(activeStates.length > 0 && { activeStates }),
    eventCount,
    redriveCount,
    redriveTime,
    ...said({ redriveReason }),
    pause,
    labels,
  };
}

/** A history event as `--json` prints it; fields that say nothing about this event are left out. */
export function eventJson(event: ExecutionEvent): object {
  const {
    id,
    previousId,
    time,
    type,
    awsType,
    statePath,
    stateName,
    stateType,
    error,
    attempt,
    delayMs,
    resource,
    worker,
    details,
  } = event;
  return {
    id,
    previousId,
    time,
    type,
    awsType,
    ...said({ statePath, stateName, stateType, resource, worker }),
    ...(attempt > 0 && { attempt }),
    delayMs,
    input: payload(event.inputText),
    output: payload(event.outputText),
    error,
    details,
  };
}

function said(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}
