import type { ChainSource, StartExecution } from "../../engine/engine.ts";
import { EngineError } from "../../engine/errors.ts";
import { isUuid } from "../../engine/ids.ts";
import {
  NameConflictPolicy,
  NameConflictPolicySchema,
  type ChainSource as ChainSourceMessage,
  type StartExecutionRequest,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { quoted, Violations } from "../violations.ts";
import { checkTaking, takingOf } from "./chain-source.ts";

/**
 * A start as the engine takes it.
 *
 * A request without name but with a request id is named by it, so that a start that is sent again finds
 * the execution it has made.
 *
 * @param trace the call's own traceparent, used when the request carries none.
 * @throws EngineError ValidationException, or NotImplemented for what is not built.
 */
export function startExecutionOf(
  request: StartExecutionRequest | undefined,
  field: string,
  trace: string | undefined,
): StartExecution {
  const violations = new Violations();
  if (request === undefined) {
    violations.required(field, undefined);
    violations.refuse();
    throw new Error("unreachable");
  }
  const prefix = field === "" ? "" : `${field}.`;
  violations.required(`${prefix}state_machine`, request.stateMachine);
  violations.known(`${prefix}conflict_policy`, NameConflictPolicySchema, request.conflictPolicy);
  violations.timestamp(`${prefix}start_at`, request.startAt);
  violations.range(`${prefix}priority`, request.priority, [0, 5]);
  if (request.requestId !== "" && !isUuid(request.requestId)) {
    violations.add(
      `${prefix}request_id`,
      `is ${quoted(request.requestId)}; it must be a UUID in lower case`,
      "REQUEST_ID",
    );
  }
  const given = request.trace?.traceparent ?? "";
  if (given !== "" && !isTraceparent(given)) {
    violations.add(
      `${prefix}trace.traceparent`,
      `is ${quoted(given)}, which is no W3C traceparent`,
      "TRACEPARENT",
    );
  }
  if (request.inputSource.case === "chain") {
    const chain = request.inputSource.value;
    violations.required(`${prefix}chain.execution`, chain.execution);
    checkTaking(violations, `${prefix}chain`, chain);
  }
  violations.refuse();
  refuseUnbuilt(request);

  const isNamedByRequest = request.name === "" && request.requestId !== "";
  const name = isNamedByRequest ? request.requestId : request.name;
  const traceparent = given === "" ? trace : given;
  const policy = isNamedByRequest ? "USE_EXISTING" : conflictPolicyOf(request.conflictPolicy);
  return {
    stateMachine: request.stateMachine,
    ...(name !== "" && { name }),
    ...(request.requestId !== "" && { requestId: request.requestId }),
    ...(request.inputSource.case === "input" && { input: request.inputSource.value }),
    ...(request.inputSource.case === "chain" && { chain: chainOf(request.inputSource.value) }),
    ...(Object.keys(request.labels).length > 0 && { labels: request.labels }),
    ...(traceparent !== undefined && { trace: traceparent }),
    ...(policy !== undefined && { conflictPolicy: policy }),
  };
}

/** A W3C traceparent header that may be handed on; undefined for anything else, as the recommendation asks. */
export function traceparentOf(header: string | undefined): string | undefined {
  return header !== undefined && isTraceparent(header) ? header : undefined;
}

function isTraceparent(text: string): boolean {
  return (
    traceparentPattern.test(text) &&
    !text.startsWith("ff") &&
    !text.includes(allZeroTrace) &&
    !text.includes(allZeroSpan)
  );
}

const traceparentPattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const allZeroTrace = `-${"0".repeat(32)}-`;
const allZeroSpan = `-${"0".repeat(16)}-`;

function conflictPolicyOf(policy: NameConflictPolicy): StartExecution["conflictPolicy"] {
  if (policy === NameConflictPolicy.FAIL) return "FAIL";
  return policy === NameConflictPolicy.USE_EXISTING ? "USE_EXISTING" : undefined;
}

function chainOf(chain: ChainSourceMessage): ChainSource {
  return { execution: chain.execution, ...takingOf(chain) };
}

function refuseUnbuilt(request: StartExecutionRequest): void {
  const unbuilt =
    request.startAt !== undefined
      ? "delayed starts (start_at) are not built yet"
      : request.priority !== 0 && request.priority !== 3
        ? "priorities other than the default 3 are not built yet"
        : request.mockTestCase !== ""
          ? "mocked test cases (mock_test_case) are not built yet"
          : undefined;
  if (unbuilt !== undefined) throw new EngineError("NotImplemented", unbuilt);
}
