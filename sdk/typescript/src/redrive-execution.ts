import { create } from "@bufbuild/protobuf";
import { RedriveExecutionRequestSchema } from "./gen/pawl/v1/execution_service_pb.ts";
import type { RedriveExecutionRequest } from "./gen/pawl/v1/execution_service_pb.ts";
import { toJsonText } from "./json.ts";
import { uniqueId } from "./unique-id.ts";

/** How an execution is redriven, where not as it was. */
export interface RedriveExecution {
  /** The state to enter anew, outside any Parallel or Map; absent: whatever did not succeed goes on. */
  readonly fromState?: string;
  /** Any JSON value that this state, or the one that failed, is entered with; absent: what it was given before. */
  readonly input?: unknown;
  /** JSON text instead of `input`. */
  readonly inputText?: string;
  /** Go on with the present definition of this reference to its state machine; absent: with its own. */
  readonly stateMachine?: string;
}

/** The request of a redrive, with an id under which it may be sent again. */
export function redriveRequestOf(
  execution: string,
  { fromState = "", stateMachine = "", input, inputText }: RedriveExecution,
): RedriveExecutionRequest {
  return create(RedriveExecutionRequestSchema, {
    execution,
    fromState,
    inputOverride: inputText ?? (input === undefined ? "" : toJsonText(input)),
    stateMachine,
    requestId: uniqueId(),
  });
}
