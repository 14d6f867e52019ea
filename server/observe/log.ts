import { destination, pino, stdTimeFunctions } from "pino";
import type { DestinationStream, Logger } from "pino";

/** Structured log: JSON lines, one event each. Names of fields are camelCase; payloads are never logged. */
export type Log = Logger;

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * The process's log: JSON lines on standard error, which leaves standard output to the commands.
 *
 * @param to for tests; default standard error, written synchronously so that the last line before an exit is not lost.
 */
export function createLog(level: LogLevel, to?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...secretPaths], censor: "[redacted]" },
    },
    to ?? destination({ dest: 2, sync: true }),
  );
}

/** A log that drops everything, for tests. */
export const silentLog: Log = pino({ level: "silent" });

/** Fields that may hold a secret or a user's payload, at the top or one level down. */
const secretNames = [
  "authorization",
  "cookie",
  "password",
  "databaseUrl",
  "connectionString",
  "tokenKey",
  "awsAccessKeys",
  "taskToken",
  "input",
  "output",
] as const;
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`]);
