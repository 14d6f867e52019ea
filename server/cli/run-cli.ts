import { CommanderError } from "commander";
import type { GlobalOptions } from "./global-options.ts";
import { exitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { program } from "./program.ts";
import { reportError } from "./report-error.ts";
import { tokenArguments } from "./token-arguments.ts";

/**
 * Runs one command line, without the program's own name.
 *
 * @returns the exit code; nothing is thrown and the process is not ended.
 */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const pawl = program(io);
  try {
    if (args.length === 0) {
      pawl.outputHelp();
      return exitCode.ok;
    }
    await pawl.parseAsync(tokenArguments(args), { from: "user" });
    return io.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.ok;
    const { logLevel = "info" } = pawl.opts<GlobalOptions>();
    return reportError(error, io, {
      json: args.includes("--json"),
      isVerbose: ["debug", "trace"].includes(logLevel),
    });
  }
}
