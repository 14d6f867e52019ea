/** What tasks that call a service have in common: their arguments, and how a refused call fails them. */
import { isObject, parseJson, stringifyJson, type Json, type JsonObject } from "../asl/index.ts";
import type { StartExecution, Task, TaskOutcome } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { deriveExecutionId, newUuid } from "./ids.ts";

/** How a service names its errors to Step Functions. */
export interface ErrorStyle {
  /** `StepFunctions` or `Sfn`. */
  readonly prefix: string;
  readonly cause: (call: { message: string; code: string; requestId: string }) => string;
}

/** The task's arguments. */
export function argumentsOf({ input }: Task): JsonObject {
  const value = parseJson(input);
  return isObject(value) ? value : {};
}

/** @throws EngineError ValidationException when it is missing. */
export function requiredText(args: JsonObject, name: string): string {
  const text = optionalText(args, name);
  if (text !== undefined) return text;
  throw new EngineError("ValidationException", `The field '${name}' is required but was missing`);
}

export function optionalText(args: JsonObject, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
}

/** A field that takes JSON as a text: a text is it, anything else is written as one. */
export function jsonText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : stringifyJson(value);
}

/**
 * The start that StartExecution's arguments ask for, under a request id of the task: delivered again,
 * it finds the execution that it began.
 */
export function startOf(task: Task, args: JsonObject): StartExecution {
  const requestId = deriveExecutionId(task.taskId, "start");
  const input = jsonText(args["Input"]);
  return {
    stateMachine: requiredText(args, "StateMachineArn"),
    requestId,
    parent: { executionArn: task.executionArn, stateName: task.stateName },
    name: optionalText(args, "Name") ?? requestId,
    ...(input !== undefined && { input }),
    ...(task.trace !== undefined && { trace: task.trace }),
  };
}

/**
 * Calls until there is an answer: overload, a database that is away and a server that is leaving are
 * nothing that an execution should fail for.
 *
 * @returns the answer, or how the call was refused.
 */
export async function called<Answer>(
  call: () => Promise<Answer>,
  style: ErrorStyle,
  signal: AbortSignal,
): Promise<{ readonly answer: Answer } | { readonly refusal: TaskOutcome["result"] }> {
  for (;;) {
    try {
      return { answer: await call() };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const isPassing = error.code === "Unavailable" || error.code === "ResourceExhausted";
      if (!isPassing || signal.aborted) return { refusal: refusalOf(error, style) };
      const { retryAfterMs = 500 } = error.details;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }
}

function refusalOf({ code, message }: EngineError, style: ErrorStyle): TaskOutcome["result"] {
  const exception = code.endsWith("Exception") ? code : `${code}Exception`;
  const cause = style.cause({ message, code, requestId: newUuid() });
  return { kind: "Failed", failure: { error: `${style.prefix}.${exception}`, cause } };
}
