import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { TaskError } from "./errors.ts";
import { TaskFailureSchema, TaskOutcomeSchema } from "./gen/pawl/v1/worker_service_pb.ts";
import type { LogLine, TaskFailure, TaskOutcome } from "./gen/pawl/v1/worker_service_pb.ts";

/** AWS's limits of an error's name and cause, in characters. */
const errorCharsMax = 256;
const causeCharsMax = 32_768;

/** A gRPC message may have 4 MiB; this leaves room for the rest of it. */
const outputBytesMax = 4 * 1024 * 1024 - 64 * 1024;

/** The outcome of a handler that returned. */
export function succeeded(
  taskToken: Uint8Array,
  output: string,
  logs: readonly LogLine[],
): TaskOutcome {
  if (output.length > outputBytesMax / 3) {
    const bytes = Buffer.byteLength(output);
    if (bytes > outputBytesMax) {
      const cause = `output is ${bytes} bytes; no message can carry more than ${outputBytesMax}`;
      return failed(taskToken, new TaskError("States.DataLimitExceeded", cause), logs);
    }
  }
  const outcome = outcomeOf(taskToken, logs);
  outcome.result = { case: "output", value: output };
  return outcome;
}

/** The outcome of a handler that threw. */
export function failed(
  taskToken: Uint8Array,
  error: unknown,
  logs: readonly LogLine[],
): TaskOutcome {
  const outcome = outcomeOf(taskToken, logs);
  outcome.result = { case: "failure", value: taskFailureOf(error) };
  return outcome;
}

/** The outcome of a handler that stopped because it was told to. */
export function cancelledOutcome(taskToken: Uint8Array, logs: readonly LogLine[]): TaskOutcome {
  const outcome = outcomeOf(taskToken, logs);
  outcome.result = { case: "cancelled", value: true };
  return outcome;
}

/** What Retry and Catch see of something thrown. */
export function taskFailureOf(thrown: unknown): TaskFailure {
  if (isTaskError(thrown)) {
    const delayMs = retryAfterMs(thrown.retryAfter);
    return create(TaskFailureSchema, {
      error: {
        error: cut(thrown.error, errorCharsMax),
        cause: cut(thrown.causeText, causeCharsMax),
      },
      nonRetryable: thrown.nonRetryable,
      ...(delayMs !== undefined && { retryAfter: durationFromMs(delayMs) }),
      stackTrace: cut(thrown.stack ?? "", causeCharsMax),
    });
  }
  const error = thrown instanceof Error && thrown.name !== "" ? thrown.name : "Error";
  return create(TaskFailureSchema, {
    error: { error: cut(error, errorCharsMax), cause: causeOf(thrown, error) },
    stackTrace: thrown instanceof Error ? cut(thrown.stack ?? "", causeCharsMax) : "",
  });
}

/** By its shape: a worker module may have loaded another copy of this package. */
function isTaskError(thrown: unknown): thrown is TaskError {
  return thrown instanceof Error && thrown.name === "TaskError" && "causeText" in thrown;
}

/** As AWS Lambda reports an error: JSON with message, type and stack. */
function causeOf(thrown: unknown, errorType: string): string {
  const errorMessage = cut(
    thrown instanceof Error ? thrown.message : String(thrown),
    causeCharsMax / 2,
  );
  const stackTrace = (thrown instanceof Error ? (thrown.stack ?? "") : "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  for (;;) {
    const cause = JSON.stringify({ errorMessage, errorType, stackTrace });
    if (cause.length <= causeCharsMax || stackTrace.length === 0) return cut(cause, causeCharsMax);
    stackTrace.length = Math.floor(stackTrace.length / 2);
  }
}

function outcomeOf(taskToken: Uint8Array, logs: readonly LogLine[]): TaskOutcome {
  const outcome = create(TaskOutcomeSchema);
  outcome.taskToken = taskToken;
  if (logs.length > 0) outcome.logs = [...logs];
  return outcome;
}

function retryAfterMs(retryAfter: number | Date | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  return Math.max(
    0,
    typeof retryAfter === "number" ? retryAfter * 1000 : retryAfter.getTime() - Date.now(),
  );
}

function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}
