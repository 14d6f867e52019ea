import type { Config } from "../config.ts";
import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";
import { shown } from "./text/plain.ts";

type StartSettings = Pick<Config, "host" | "port" | "databaseUrl">;

/**
 * Why a server did not start, in one line, and what to do about it.
 *
 * A StoreError has words of its own; what comes from the operating system when a port is opened is
 * translated here.
 */
export function startFailure(
  error: unknown,
  config: StartSettings,
  what = "pawl did not start",
): CliError {
  const { code, message, name } =
    error instanceof Error
      ? (error as NodeJS.ErrnoException)
      : { code: undefined, message: String(error), name: "" };
  const { said, next } = listening[code ?? ""]?.(config) ?? {
    said: message,
    next: nextFor(name, error, config),
  };
  return new CliError(exitCode.failed, shown`${what}: ${said}`, {
    reason: code ?? (name === "StoreError" ? "DATABASE" : "START"),
    ...(next !== undefined && { next }),
  });
}

const listening: Readonly<
  Record<string, (config: StartSettings) => { readonly said: string; readonly next: string }>
> = {
  EADDRINUSE: ({ host, port }) => ({
    said: `port ${port} on ${host} is taken`,
    next: "Stop the other process, choose another port with --port, or let the system choose with --port 0",
  }),
  EADDRNOTAVAIL: ({ host }) => ({
    said: `${host} is not an address of this machine`,
    next: "Use --host 127.0.0.1 for this machine only, or --host 0.0.0.0 for all its addresses",
  }),
  ENOTFOUND: ({ host }) => ({
    said: `${host} is not an address of this machine`,
    next: "Use --host 127.0.0.1 for this machine only, or --host 0.0.0.0 for all its addresses",
  }),
  EACCES: ({ host, port }) => ({
    said: `no permission to listen on port ${port} of ${host}`,
    next: "Choose a port above 1023 with --port",
  }),
};

/** A StoreError with a cause could not use the database it was given; without one it says itself what to do. */
function nextFor(name: string, error: unknown, { databaseUrl }: StartSettings): string | undefined {
  if (name !== "StoreError" || databaseUrl === undefined) return undefined;
  return (error as Error).cause === undefined
    ? undefined
    : "Check DATABASE_URL, and that PostgreSQL runs there";
}
