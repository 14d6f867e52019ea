import { Option } from "commander";
import { logLevels, type LogLevel } from "../observe/log.ts";

/** What every command takes. */
export interface GlobalOptions {
  /** Where the server is. */
  readonly address: string;
  /** Machine-readable results. */
  readonly json?: boolean;
  /** Absent: what suits the command. */
  readonly logLevel?: LogLevel;
}

export function globalOptions(): Option[] {
  return [
    new Option("-a, --address <url>", "the server to talk to")
      .env("PAWL_ADDRESS")
      .default("http://127.0.0.1:7300"),
    new Option("--json", "results as JSON on standard output"),
    new Option("--log-level <level>", "least level that is logged on standard error")
      .env("PAWL_LOG_LEVEL")
      .choices(logLevels),
  ];
}
