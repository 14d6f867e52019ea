import type { Task as EngineTask } from "../../engine/engine.ts";
import type { Task } from "../../gen/pawl/v1/worker_service_pb.ts";
import { errorValueOf, traceContextOf } from "./execution.ts";
import { durationOf, timestampOf } from "./time.ts";

/** A task as the worker gets it. A literal, not `create`: this is the hottest message of all. */
export function taskOf(task: EngineTask): Task {
  return {
    $typeName: "pawl.v1.Task",
    taskToken: task.taskToken,
    taskId: task.taskId,
    pool: task.pool,
    resource: task.resource,
    rawResource: task.rawResource,
    input: task.input,
    inputOmitted: task.isInputOmitted,
    inputBytes: BigInt(task.inputBytes),
    attempt: task.attempt,
    execution: task.executionId,
    executionArn: task.executionArn,
    stateMachine: task.stateMachineName,
    statePath: task.statePath,
    stateName: task.stateName,
    scheduleTime: timestampOf(task.scheduledAtMs),
    deadline: task.deadlineMs === undefined ? undefined : timestampOf(task.deadlineMs),
    heartbeatTimeout:
      task.heartbeatSeconds === undefined ? undefined : durationOf(task.heartbeatSeconds * 1_000),
    lastHeartbeatDetails: task.lastHeartbeatDetails ?? "",
    lastError: task.lastFailure && errorValueOf(task.lastFailure),
    idempotencyKey: task.idempotencyKey,
    trace: task.trace === undefined ? undefined : traceContextOf(task.trace),
    labels: task.labels,
    priority: 0,
    delivery: task.delivery,
  };
}

/** About how many bytes a task has on the wire: exact for its payload, generous for the rest. */
export function taskBytes(task: EngineTask): number {
  const inputBytes = task.isInputOmitted ? 0 : task.inputBytes;
  const failureCharacters =
    (task.lastFailure?.cause?.length ?? 0) + (task.lastFailure?.error?.length ?? 0);
  return (
    inputBytes +
    3 * ((task.lastHeartbeatDetails?.length ?? 0) + failureCharacters) +
    otherFieldsBytes
  );
}

const otherFieldsBytes = 800;
