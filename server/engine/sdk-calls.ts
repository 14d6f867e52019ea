import { stringifyJson, type Json, type JsonObject } from "../asl/index.ts";
import type { Execution, OutcomeAck, Task, TaskOutcome } from "./engine.ts";
import { EngineError } from "./errors.ts";
import type { NativeEngine } from "./native-handlers.ts";
import type { NativeHandler } from "./native-worker.ts";
import {
  argumentsOf,
  called,
  jsonText,
  optionalText,
  requiredText,
  startOf,
  type ErrorStyle,
} from "./service-call.ts";

const style: ErrorStyle = {
  prefix: "Sfn",
  cause: ({ message, requestId }) =>
    `${message} (Service: Sfn, Status Code: 400, Request ID: ${requestId})`,
};

type Call = (args: JsonObject, task: Task, signal: AbortSignal) => Promise<JsonObject>;

/** Step Functions' own API as tasks call it: `arn:aws:states:::aws-sdk:sfn:<action>`, by queue name. */
export function sdkCalls(engine: NativeEngine): [queue: string, NativeHandler][] {
  return Object.entries(callsOf(engine)).map(([action, call]) => [
    `aws-sdk:sfn:${action}`,
    async ({ task, signal }): Promise<TaskOutcome["result"]> => {
      const made = await called(() => call(argumentsOf(task), task, signal), style, signal);
      if ("refusal" in made) return made.refusal;
      return { kind: "Succeeded", output: stringifyJson(made.answer) };
    },
  ]);
}

function callsOf(engine: NativeEngine): Readonly<Record<string, Call>> {
  const report = async (
    args: JsonObject,
    result: TaskOutcome["result"],
  ): Promise<Record<string, never>> => {
    const taskToken = tokenOf(args);
    const [ack] = await engine.reportTasks([{ taskToken, result }]);
    throwUnlessRecorded(ack!);
    return {};
  };
  return {
    startExecution: async (args, task) => {
      const { execution } = await engine.startExecution(startOf(task, args));
      return { ExecutionArn: execution.arn, StartDate: dateOf(execution.startedAtMs) };
    },
    startSyncExecution: async (args, task, signal) => {
      const start = startOf(task, args);
      const { type } = await engine.describeStateMachine(start.stateMachine);
      if (type !== "EXPRESS")
        throw new EngineError(
          "StateMachineTypeNotSupported",
          "This operation is not supported by this type of state machine",
        );
      const { execution } = await engine.startExecution({ ...start, isSync: true });
      return descriptionOf(await engine.waitForExecution(execution.id, signal));
    },
    describeExecution: async (args) =>
      descriptionOf(await engine.describeExecution(requiredText(args, "ExecutionArn"))),
    stopExecution: async (args) => {
      const execution = await engine.stopExecution(
        requiredText(args, "ExecutionArn"),
        failureOf(args),
      );
      return { StopDate: dateOf(execution.stoppedAtMs ?? execution.startedAtMs) };
    },
    sendTaskSuccess: (args) =>
      report(args, { kind: "Succeeded", output: jsonText(args["Output"]) ?? "null" }),
    sendTaskFailure: (args) => report(args, { kind: "Failed", failure: failureOf(args) }),
    sendTaskHeartbeat: async (args) => {
      const [reply] = await engine.heartbeatTasks([{ taskToken: tokenOf(args) }]);
      if (reply?.state === "UNKNOWN") throw invalidToken();
      if (reply?.state !== "ACTIVE") throw timedOut();
      return {};
    },
  };
}

function descriptionOf(execution: Execution): JsonObject {
  const { input, output, failure, stoppedAtMs } = execution;
  return {
    ...(failure?.cause !== undefined && { Cause: failure.cause }),
    ...(failure?.error !== undefined && { Error: failure.error }),
    ExecutionArn: execution.arn,
    ...(input !== undefined && { Input: input, InputDetails: { Included: true } }),
    Name: execution.name,
    ...(output !== undefined && { Output: output, OutputDetails: { Included: true } }),
    StartDate: dateOf(execution.startedAtMs),
    StateMachineArn: execution.stateMachineArn,
    Status: execution.status,
    ...(stoppedAtMs !== undefined && { StopDate: dateOf(stoppedAtMs) }),
  };
}

function failureOf(args: JsonObject): { readonly error?: string; readonly cause?: string } {
  const error = optionalText(args, "Error");
  const cause = optionalText(args, "Cause");
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

function tokenOf(args: JsonObject): Uint8Array {
  return new Uint8Array(Buffer.from(requiredText(args, "TaskToken"), "base64url"));
}

function throwUnlessRecorded({ status, reason, message = "" }: OutcomeAck): void {
  if (status === "RECORDED" || status === "ALREADY_RECORDED") return;
  if (status === "RETRY") throw new EngineError("Unavailable", message);
  if (status === "TIMED_OUT" || status === "LEASE_LOST") throw timedOut();
  if (status === "EXECUTION_CLOSED")
    throw new EngineError(
      "TaskDoesNotExist",
      "Task Does Not Exist: 'Provided task does not exist anymore'",
    );
  throw reason === "INVALID_TOKEN" ? invalidToken() : new EngineError("InvalidOutput", message);
}

function invalidToken(): EngineError {
  return new EngineError("InvalidToken", "Invalid Token: 'Invalid token'");
}

function timedOut(): EngineError {
  return new EngineError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
}

function dateOf(ms: number): Json {
  return new Date(ms).toISOString();
}
