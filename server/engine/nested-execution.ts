import { parseJson, stringifyJson, type Json } from "../asl/index.ts";
import type { Execution, TaskOutcome } from "./engine.ts";
import { newUuid } from "./ids.ts";
import type { NativeEngine } from "./native-handlers.ts";
import type { NativeHandler } from "./native-worker.ts";
import { argumentsOf, called, startOf, type ErrorStyle } from "./service-call.ts";

const style: ErrorStyle = {
  prefix: "StepFunctions",
  cause: ({ message, code, requestId }) =>
    `${message} (Service: AWSStepFunctions; Status Code: 400; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
};

/**
 * `states:startExecution`: starts another execution. With `.sync` and `.sync:2` the task is over when
 * that is; and when the task is withdrawn, the execution is stopped.
 */
export function nestedExecution(engine: NativeEngine): NativeHandler {
  return async ({ task, signal, submitted }) => {
    const start = (): ReturnType<NativeEngine["startExecution"]> =>
      engine.startExecution(startOf(task, argumentsOf(task)));
    const started = await called(start, style, signal);
    if ("refusal" in started) return started.refusal;
    const { execution } = started.answer;
    const response = responseOf(execution);
    const [, sync] = /\.(sync|sync:2)$/.exec(task.rawResource) ?? [];
    if (sync === undefined) return { kind: "Succeeded", output: response };
    // For whoever is left when this server dies between the task's end and the stop below.
    await called(() => engine.noteAwaited(execution.id, task), style, signal);
    await submitted(response);
    const ended = await engine.waitForExecution(execution.id, signal);
    if (signal.aborted && signal.reason !== "LEASE_LOST")
      await called(() => engine.stopExecution(execution.id, {}), style, signal);
    return outcomeOf(ended, sync === "sync:2");
  };
}

/** StartExecution's answer, with what AWS adds to the answers of services. */
function responseOf({ arn, startedAtMs }: Execution): string {
  const requestId = newUuid();
  return JSON.stringify({
    ExecutionArn: arn,
    SdkHttpMetadata: { HttpHeaders: { "x-amzn-RequestId": requestId }, HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: requestId },
    StartDate: startedAtMs,
  });
}

/** @param isParsed `.sync:2`: payloads as they are, rather than as texts. */
function outcomeOf(execution: Execution, isParsed: boolean): TaskOutcome["result"] {
  if (execution.status === "SUCCEEDED")
    return { kind: "Succeeded", output: stringifyJson(description(execution, isParsed)) };
  const cause = stringifyJson(description(execution, false));
  return { kind: "Failed", failure: { error: "States.TaskFailed", cause } };
}

/** DescribeExecution's answer as tasks have it. */
function description(execution: Execution, isParsed: boolean): Json {
  const { failure, input = "{}", output, stoppedAtMs } = execution;
  const payload = (text: string): Json => (isParsed ? parseJson(text) : text);
  return {
    ...(failure?.cause !== undefined && { Cause: failure.cause }),
    ...(failure?.error !== undefined && { Error: failure.error }),
    ExecutionArn: execution.arn,
    Input: payload(input),
    InputDetails: { Included: true },
    Name: execution.name,
    ...(output !== undefined && { Output: payload(output), OutputDetails: { Included: true } }),
    StartDate: execution.startedAtMs,
    StateMachineArn: execution.stateMachineArn,
    Status: execution.status,
    ...(stoppedAtMs !== undefined && { StopDate: stoppedAtMs }),
  };
}
