/** The optimized integration `arn:aws:states:::lambda:invoke`: its arguments name the function. */
import { isObject, parseJson, stringifyJson } from "../json.ts";
import { Payload } from "../payload.ts";
import { StatesError } from "../states-error.ts";
import { functionQueue } from "../definition/resource.ts";
import type { TaskResource } from "../definition/definition.ts";
import type { Json } from "../json.ts";

/** Whether the task's arguments, not its Resource, say which function is meant. */
export function isLambdaInvoke(resource: TaskResource): boolean {
  return resource.kind === "Service" && resource.queue === undefined;
}

/** What an Invoke request says. */
interface Invocation {
  readonly queue: string;
  readonly input: string;
  /** Whether the answer is to have a LogResult. */
  readonly wantsLog: boolean;
}

/**
 * The function's queue and what it is given: Payload, or `{}` without one. A Payload that is a string
 * is the text of what the function is given, as in an Invoke request.
 *
 * @throws StatesError States.Runtime when FunctionName is not a string.
 */
export function invocationOf(args: Payload): Invocation {
  const { value } = args;
  const functionName = isObject(value) ? value["FunctionName"] : undefined;
  if (!isObject(value) || typeof functionName !== "string") {
    throw new StatesError("States.Runtime", "The field 'FunctionName' is required but was missing");
  }
  return {
    queue: functionQueue(functionName),
    input: payloadText(value["Payload"]),
    wantsLog: value["LogType"] === "Tail",
  };
}

function payloadText(payload: Json | undefined): string {
  if (typeof payload === "string" && isJson(payload)) return payload;
  return stringifyJson(payload ?? {});
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** The function's answer as AWS returns it from an invocation. */
export function invocationResult(answer: Payload, requestId: string, wantsLog: boolean): Payload {
  const id = JSON.stringify(requestId);
  const logResult = wantsLog ? `"LogResult":"${logTail(requestId)}",` : "";
  return Payload.ofText(
    `{"ExecutedVersion":"$LATEST",${logResult}"Payload":${answer.text},` +
      `"SdkHttpMetadata":{"HttpHeaders":{"x-amzn-RequestId":${id}},"HttpStatusCode":200},` +
      `"SdkResponseMetadata":{"RequestId":${id}},"StatusCode":200}`,
  );
}

/** Base64 of the lines that the platform writes; what the worker printed stays with the worker. */
function logTail(requestId: string): string {
  return btoa(`START RequestId: ${requestId} Version: $LATEST\nEND RequestId: ${requestId}\n`);
}
