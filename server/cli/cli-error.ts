import type { ExitCode } from "./exit-code.ts";

/** A command that can not go on, in words for the person at the keyboard. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  readonly details: CliErrorDetails;

  constructor(exitCode: ExitCode, message: string, details: CliErrorDetails = {}) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}

export interface CliErrorDetails {
  /** What to try next, as an imperative sentence. */
  readonly next?: string;
  /** Machine-readable reason, as in the server's ErrorInfo. */
  readonly reason?: string;
  /** One line for each field that is wrong. */
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
}
