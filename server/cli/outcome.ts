import type { Execution } from "@pawl/sdk";
import { executionJson } from "./execution-json.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { duration } from "./text/duration.ts";
import { payload } from "./text/json-text.ts";
import { plain, plainLines, shown } from "./text/plain.ts";
import { statusStyle } from "./text/status-style.ts";

/**
 * Says how an execution ended: the output alone on standard output, the rest on standard error; with `json`
 * the whole execution on standard output.
 *
 * @returns see {@link exitCodeOf}; RUNNING means that the wait ended first.
 */
export function reportOutcome(execution: Execution, io: Io, json: boolean): ExitCode {
  if (json) io.json(executionJson(execution));
  else {
    io.note(summary(execution, io));
    if (execution.status === "SUCCEEDED") io.payload(payload(execution.outputText));
  }
  return exitCodeOf(execution);
}

/** ok for SUCCEEDED, stillRunning for RUNNING and PAUSED, else failed. */
export function exitCodeOf({ status }: Pick<Execution, "status">): ExitCode {
  if (status === "SUCCEEDED") return exitCode.ok;
  return status === "RUNNING" || status === "PAUSED" ? exitCode.stillRunning : exitCode.failed;
}

function summary(execution: Execution, io: Io): string {
  const { stateMachine, name, status, startTime, endTime, error } = execution;
  const took =
    startTime === undefined || endTime === undefined
      ? ""
      : ` after ${duration(endTime.getTime() - startTime.getTime())}`;
  const head =
    shown`${stateMachine}/${name}` + ` ${io.paintNote(statusStyle(status), plain(status))}${took}`;
  if (error === undefined || status === "SUCCEEDED") return head;
  const lines = [
    error.error === "" ? "" : `  error: ${plain(error.error)}`,
    error.cause === "" ? "" : `  cause: ${indented(error.cause)}`,
  ];
  return [head, ...lines.filter((line) => line !== "")].join("\n");
}

function indented(text: string): string {
  return plainLines(text).trimEnd().replaceAll("\n", "\n         ");
}
