import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { takingInit } from "./chain-source.ts";
import type { ChainSource } from "./execution-link.ts";
import {
  NameConflictPolicy,
  StartExecutionRequestSchema,
} from "./gen/pawl/v1/execution_service_pb.ts";
import type { StartExecutionRequest } from "./gen/pawl/v1/execution_service_pb.ts";
import { toJsonText } from "./json.ts";
import { uniqueId } from "./unique-id.ts";

/** What to start. */
export interface StartExecution {
  /** Name or ARN; `orders:7` is a version, `orders:live` an alias. */
  readonly stateMachine: string;
  /**
   * Unique per state machine; default a random one. A start is safe to repeat under its name: the same
   * name and input is the same execution while that runs.
   */
  readonly name?: string;
  /** Any JSON value; default `{}`. */
  readonly input?: unknown;
  /** JSON text instead of `input`. */
  readonly inputText?: string;
  /** Another execution's output instead of `input`. */
  readonly chain?: ChainSource;
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * What a name that is taken means. SFN (default): the same execution while it runs with the same input,
   * else ALREADY_EXISTS. FAIL: always ALREADY_EXISTS. USE_EXISTING: that execution, running or closed.
   */
  readonly conflictPolicy?: "SFN" | "FAIL" | "USE_EXISTING";
  /** W3C traceparent, handed to the workers. */
  readonly traceparent?: string;
}

/**
 * The request of a start, always with a name: a start without one gets a random name here, so that
 * sending it again after a broken connection never starts a second execution.
 */
export function startRequestOf(start: StartExecution): StartExecutionRequest {
  return create(StartExecutionRequestSchema, {
    stateMachine: start.stateMachine,
    name: start.name ?? uniqueId(),
    inputSource: inputSourceOf(start),
    labels: { ...start.labels },
    requestId: uniqueId(),
    conflictPolicy: conflictPolicyOf(start),
    ...(start.traceparent !== undefined && { trace: { traceparent: start.traceparent } }),
  });
}

function inputSourceOf({
  chain,
  inputText,
  input,
}: StartExecution): NonNullable<
  MessageInitShape<typeof StartExecutionRequestSchema>["inputSource"]
> {
  if (chain === undefined)
    return { case: "input", value: inputText ?? (input === undefined ? "{}" : toJsonText(input)) };
  return { case: "chain", value: { ...takingInit(chain), execution: chain.execution } };
}

const conflictPolicies = {
  SFN: NameConflictPolicy.UNSPECIFIED,
  FAIL: NameConflictPolicy.FAIL,
  USE_EXISTING: NameConflictPolicy.USE_EXISTING,
} as const;

/** A random name can only be taken by this very start, sent before. */
function conflictPolicyOf({ name, conflictPolicy }: StartExecution): NameConflictPolicy {
  return name === undefined
    ? NameConflictPolicy.USE_EXISTING
    : conflictPolicies[conflictPolicy ?? "SFN"];
}
