import { create } from "@bufbuild/protobuf";
import { PawlError } from "./errors.ts";
import { enumName, namesOf } from "./enum-name.ts";
import {
  OutcomeStatus,
  TaskHeartbeatSchema,
  TaskOutcomeSchema,
  TaskTokenState,
} from "./gen/pawl/v1/worker_service_pb.ts";
import type {
  HeartbeatReply,
  OutcomeAck,
  TaskHeartbeat,
  TaskOutcome,
} from "./gen/pawl/v1/worker_service_pb.ts";
import { toJsonText } from "./json.ts";
import { taskFailureOf } from "./task-outcome.ts";

const stateNames = namesOf(TaskTokenState);

/** A report of success under a task's token. */
export function successOf(taskToken: string, output: unknown): TaskOutcome {
  return create(TaskOutcomeSchema, {
    taskToken: tokenBytes(taskToken),
    result: { case: "output", value: toJsonText(output) },
  });
}

/** @param error a TaskError, or anything that a handler might throw. */
export function failureOf(taskToken: string, error: unknown): TaskOutcome {
  return create(TaskOutcomeSchema, {
    taskToken: tokenBytes(taskToken),
    result: { case: "failure", value: taskFailureOf(error) },
  });
}

export function heartbeatOf(taskToken: string, details: unknown): TaskHeartbeat {
  return create(TaskHeartbeatSchema, {
    taskToken: tokenBytes(taskToken),
    ...(details !== undefined && { details: toJsonText(details) }),
  });
}

/** @throws PawlError when the report did not become the task's outcome. */
export function assertRecorded(ack: OutcomeAck | undefined): void {
  const status = ack?.status ?? OutcomeStatus.UNSPECIFIED;
  if (status === OutcomeStatus.RECORDED || status === OutcomeStatus.ALREADY_RECORDED) return;
  const code =
    status === OutcomeStatus.INVALID
      ? "INVALID_ARGUMENT"
      : status === OutcomeStatus.RETRY
        ? "UNAVAILABLE"
        : "FAILED_PRECONDITION";
  const message = ack?.message ?? "the server's answer has no acknowledgement";
  throw new PawlError(code, message, { reason: ack?.reason ?? "" });
}

/** @throws PawlError when the task waits no longer. */
export function assertActive(reply: HeartbeatReply | undefined): void {
  const state = reply?.state ?? TaskTokenState.UNKNOWN;
  if (state === TaskTokenState.ACTIVE) return;
  if (state === TaskTokenState.UNKNOWN)
    throw new PawlError("INVALID_ARGUMENT", "the task token is not one of this service", {
      reason: "INVALID_TOKEN",
    });
  throw new PawlError("FAILED_PRECONDITION", "the task waits no longer", {
    reason: enumName(stateNames, state),
  });
}

/** @throws PawlError INVALID_ARGUMENT for what is no token's text. */
function tokenBytes(taskToken: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(taskToken.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    throw new PawlError("INVALID_ARGUMENT", "the task token is not base64url text", {
      reason: "INVALID_TOKEN",
    });
  }
}
