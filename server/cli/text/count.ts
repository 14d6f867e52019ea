import type { ExecutionCount } from "@pawl/sdk";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";

/** A count, and whether it stopped at its limit. */
export function printCount(io: Io, options: GlobalOptions, counted: ExecutionCount): void {
  const { count, limited } = counted;
  if (options.json === true) io.json({ count, limited });
  else io.line(limited ? `${count} or more` : String(count));
}
