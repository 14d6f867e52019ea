import type { Execution, StartExecution } from "../../../engine/engine.ts";
import { checkArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { refuse } from "../errors.ts";
import { executionData } from "../execution-data.ts";
import { fields } from "../fields.ts";
import { jsonSyntaxError } from "../json-syntax.ts";
import { epochSeconds, operation, type Call, type Operations } from "../operation.ts";
import { traceparentOf } from "../trace-header.ts";

const startShape = {
  stateMachineArn: fields.arn,
  name: fields.optionalName,
  input: { kind: "string", isSensitive: true },
  traceHeader: fields.traceHeader,
} as const;

/** Starting executions. */
export const startOperations: Operations = {
  StartExecution: operation(startShape, async (input, call) => {
    checkStart(input, call);
    const { execution } = await call.engine.startExecution(startOf(input));
    return { executionArn: execution.arn, startDate: epochSeconds(execution.startedAtMs) };
  }),

  /** Answers when the execution is over; an execution goes on when its caller leaves. */
  StartSyncExecution: operation(
    { ...startShape, includedData: fields.includedData },
    async (input, call) => {
      checkStart(input, call);
      const { engine, signal } = call;
      const machine = await engine.describeStateMachine(input.stateMachineArn);
      if (machine.type !== "EXPRESS") throw refuse("StateMachineTypeNotSupported");
      const started = await engine.startExecution({ ...startOf(input), isSync: true });
      const execution = await engine.waitForExecution(started.execution.id, signal);
      return syncDescription(execution, input.includedData === "METADATA_ONLY");
    },
  ),
};

interface StartInput {
  readonly stateMachineArn: string;
  readonly name?: string;
  readonly input?: string;
  readonly traceHeader?: string;
}

function startOf({ stateMachineArn, name, input, traceHeader }: StartInput): StartExecution {
  const trace = traceparentOf(traceHeader);
  return {
    stateMachine: stateMachineArn,
    ...(name !== undefined && { name }),
    ...(input !== undefined && { input }),
    ...(trace !== undefined && { trace }),
  };
}

/** What both operations check before the engine does. */
function checkStart({ stateMachineArn, input }: StartInput, { config }: Call): void {
  checkArn(stateMachineArn, "stateMachine");
  checkInput(input, config.payloadBytesMax);
}

/** @throws AwsError InvalidExecutionInput, ValidationException when it is too long */
export function checkInput(input: string | undefined, bytesMax: number): void {
  if (input === undefined) return;
  if (input.trim() === "") throw refuse("InvalidExecutionInput", "Invalid execution input.");
  if (Buffer.byteLength(input) > bytesMax) {
    const constraint = `Member must have length less than or equal to ${bytesMax}`;
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: ${constraint}`,
    );
  }
  const error = jsonSyntaxError(input);
  if (error !== undefined) throw refuse("InvalidExecutionInput", error.message);
}

const billedDurationStepMs = 100;
const billedMemoryMb = 64;

function syncDescription(execution: Execution, isMetadataOnly: boolean): object {
  const { startedAtMs, stoppedAtMs = startedAtMs } = execution;
  const billedSteps = Math.max(1, Math.ceil((stoppedAtMs - startedAtMs) / billedDurationStepMs));
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.stateMachineArn,
    name: execution.name,
    startDate: epochSeconds(startedAtMs),
    stopDate: epochSeconds(stoppedAtMs),
    // SyncExecutionStatus has no ABORTED.
    status: execution.status === "ABORTED" ? "FAILED" : execution.status,
    ...executionData(execution, isMetadataOnly),
    // A synchronous answer has outputDetails without an output, too.
    ...(!isMetadataOnly && { outputDetails: { included: true } }),
    billingDetails: {
      billedMemoryUsedInMB: billedMemoryMb,
      billedDurationInMilliseconds: billedSteps * billedDurationStepMs,
    },
  };
}
