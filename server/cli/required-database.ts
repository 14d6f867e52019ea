import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";

/**
 * The URL of the database that a command can not do without; an empty one is none.
 *
 * @throws CliError usage
 */
export function requiredDatabase(url: string | undefined, command: string, next: string): string {
  if (url !== undefined && url.trim() !== "") return url;
  throw new CliError(exitCode.usage, `${command} needs a database`, {
    reason: "NO_DATABASE",
    next,
  });
}
