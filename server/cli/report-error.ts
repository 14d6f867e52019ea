import { PawlError, type PawlErrorCode } from "@pawl/sdk";
import { CommanderError } from "commander";
import { CliError } from "./cli-error.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { plain, shown } from "./text/plain.ts";
import { jsonText } from "./text/json-text.ts";

export interface ReportOptions {
  /** One JSON object on one line instead of text. */
  readonly json: boolean;
  /** The stack as well. */
  readonly isVerbose: boolean;
}

/**
 * Says on standard error why a command ended: the reason in one line, each wrong field, what to try next.
 *
 * @returns the exit code that goes with it.
 */
export function reportError(error: unknown, io: Io, options: ReportOptions): ExitCode {
  const failure = cliErrorOf(error);
  const { reason, violations = [], next } = failure.details;
  if (options.json) {
    io.note(
      jsonText({
        error: { message: failure.message, reason, violations, next, exitCode: failure.exitCode },
      }),
    );
  } else {
    io.note(`${io.paintNote("red", "error:")} ${plain(failure.message)}`);
    for (const { field, description } of violations) io.note(shown`  ${field}: ${description}`);
    if (next !== undefined) io.note(`${io.paintNote("dim", "try:")} ${plain(next)}`);
  }
  if (options.isVerbose && error instanceof Error && error.stack !== undefined)
    io.note(error.stack);
  return failure.exitCode;
}

function cliErrorOf(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) return usageError(error);
  if (error instanceof PawlError) return serverError(error);
  if (error instanceof Error && error.name === "ConfigError") return configError(error);
  const message = error instanceof Error ? error.message : String(error);
  return new CliError(exitCode.failed, `unexpected: ${message}`, {
    next: "Run it again with PAWL_LOG_LEVEL=debug to see where, and report it",
  });
}

function usageError(error: CommanderError): CliError {
  return new CliError(exitCode.usage, error.message.replace(/^error: /, ""), {
    reason: "USAGE",
    next: "`pawl --help` lists the commands, `pawl COMMAND --help` shows a command's options and examples",
  });
}

/** A ConfigError has one line for each setting, its variable first. */
function configError({ message }: Error): CliError {
  const violations = message.split("\n").map((line) => {
    const [field = "", ...description] = line.split(" ");
    return { field, description: description.join(" ") };
  });
  return new CliError(exitCode.usage, "the environment has wrong settings", {
    reason: "SETTINGS",
    violations,
  });
}

function serverError(error: PawlError): CliError {
  const violations = error.fieldViolations.filter(
    ({ description }) => description !== error.message,
  );
  const next = nextFor(error);
  return new CliError(exitCodes[error.code], messageFor(error), {
    reason: error.reason === "" ? error.code : error.reason,
    violations,
    ...(next !== undefined && { next }),
  });
}

function messageFor(error: PawlError): string {
  if (error.code === "UNIMPLEMENTED" && error.message === "")
    return "the server does not know this call";
  return error.message === "" ? error.code : error.message;
}

function nextFor(error: PawlError): string | undefined {
  if (error.retryAfterMs !== undefined)
    return `Try again in ${Math.ceil(error.retryAfterMs / 1000)} s`;
  return advice[error.code];
}

const advice: Partial<Record<PawlErrorCode, string>> = {
  UNAVAILABLE: "Try again; `pawl health` says whether the server takes work",
  DEADLINE_EXCEEDED: "Check the server with `pawl health`",
  NOT_FOUND: "`pawl list` shows executions, `pawl list --machines` state machines",
  INTERNAL: "Look into the server's log; the error is there with its cause",
  UNIMPLEMENTED: "Compare `pawl version` with `pawl health`: the server may be older",
};

const exitCodes: Record<PawlErrorCode, ExitCode> = {
  OK: exitCode.ok,
  CANCELLED: exitCode.refused,
  UNKNOWN: exitCode.failed,
  INVALID_ARGUMENT: exitCode.refused,
  DEADLINE_EXCEEDED: exitCode.unreachable,
  NOT_FOUND: exitCode.notFound,
  ALREADY_EXISTS: exitCode.refused,
  PERMISSION_DENIED: exitCode.refused,
  RESOURCE_EXHAUSTED: exitCode.refused,
  FAILED_PRECONDITION: exitCode.refused,
  ABORTED: exitCode.refused,
  OUT_OF_RANGE: exitCode.refused,
  UNIMPLEMENTED: exitCode.refused,
  INTERNAL: exitCode.failed,
  UNAVAILABLE: exitCode.unreachable,
  DATA_LOSS: exitCode.failed,
  UNAUTHENTICATED: exitCode.refused,
};
