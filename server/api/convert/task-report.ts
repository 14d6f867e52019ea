import type {
  HeartbeatReply as EngineHeartbeatReply,
  OutcomeAck as EngineOutcomeAck,
  TaskHeartbeat as EngineHeartbeat,
  TaskOutcome as EngineOutcome,
} from "../../engine/engine.ts";
import {
  CancelReason,
  OutcomeStatus,
  TaskTokenState,
  type HeartbeatReply,
  type OutcomeAck,
  type TaskHeartbeat,
  type TaskOutcome,
} from "../../gen/pawl/v1/worker_service_pb.ts";
import { failureOf } from "./execution.ts";
import { durationMs, durationProblem, timestampOf } from "./time.ts";

/** What a worker reports, for the engine; or why it can not be understood. */
export function engineOutcomeOf(outcome: TaskOutcome): EngineOutcome | OutcomeAck {
  const { taskToken, result } = outcome;
  switch (result.case) {
    case "output":
      return { taskToken, result: { kind: "Succeeded", output: result.value } };
    case "cancelled":
      return { taskToken, result: { kind: "Cancelled" } };
    case "failure": {
      const { error, nonRetryable, retryAfter } = result.value;
      const problem = retryAfter && durationProblem(retryAfter);
      if (problem !== undefined)
        return invalid(taskToken, "DURATION_RANGE", `failure.retry_after ${problem}`);
      return {
        taskToken,
        result: {
          kind: "Failed",
          failure: failureOf(error),
          ...(nonRetryable && { nonRetryable }),
          ...(retryAfter !== undefined && { retryAfterMs: durationMs(retryAfter) }),
        },
      };
    }
    case undefined:
      return invalid(taskToken, "FIELD_REQUIRED", "one of output, failure, cancelled is required");
  }
}

/** Parts outcomes the engine can take from those it can not; `refused` are answered at once. */
export function partOutcomes(outcomes: readonly TaskOutcome[]): {
  taken: EngineOutcome[];
  refused: OutcomeAck[];
} {
  const taken: EngineOutcome[] = [];
  const refused: OutcomeAck[] = [];
  for (const outcome of outcomes) {
    const converted = engineOutcomeOf(outcome);
    if ("result" in converted) taken.push(converted);
    else refused.push(converted);
  }
  return { taken, refused };
}

export function outcomeAckOf(ack: EngineOutcomeAck): OutcomeAck {
  return {
    $typeName: "pawl.v1.OutcomeAck",
    taskToken: ack.taskToken,
    status: OutcomeStatus[ack.status],
    reason: ack.reason ?? "",
    message: ack.message ?? "",
  };
}

export function engineHeartbeatOf(beat: TaskHeartbeat): EngineHeartbeat {
  return {
    taskToken: beat.taskToken,
    ...(beat.details !== "" && { details: beat.details }),
    ...(beat.progress > 0 && { progress: Math.min(1, beat.progress) }),
  };
}

export function heartbeatReplyOf(reply: EngineHeartbeatReply): HeartbeatReply {
  return {
    $typeName: "pawl.v1.HeartbeatReply",
    taskToken: reply.taskToken,
    state: TaskTokenState[reply.state],
    cancelReason:
      reply.cancelReason === undefined
        ? CancelReason.UNSPECIFIED
        : CancelReason[reply.cancelReason],
    leaseEnd: reply.leaseEndMs === undefined ? undefined : timestampOf(reply.leaseEndMs),
  };
}

function invalid(taskToken: Uint8Array, reason: string, message: string): OutcomeAck {
  return outcomeAckOf({ taskToken, status: "INVALID", reason, message });
}
