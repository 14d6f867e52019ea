import { Client, PawlError } from "@pawl/sdk";
import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";
import type { GlobalOptions } from "./global-options.ts";
import { shown } from "./text/plain.ts";

/**
 * A client for the length of one command.
 *
 * @throws CliError usage for an address that is none; unreachable when no server answers there.
 */
export async function withClient<Result>(
  { address }: Pick<GlobalOptions, "address">,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = open(address);
  try {
    return await use(client);
  } catch (error) {
    throw error instanceof PawlError && isUnreachable(error) ? unreachable(address) : error;
  } finally {
    client.close();
  }
}

/** The error that says that nobody answers. */
export function unreachable(address: string): CliError {
  return new CliError(exitCode.unreachable, shown`no server answers at ${address}`, {
    reason: "UNAVAILABLE",
    next: "Start one with `pawl dev`, or say where it is with --address or PAWL_ADDRESS",
  });
}

/** A person waits: two tries, not the patience of a service. */
function open(address: string): Client {
  try {
    return new Client({ address, retry: { maxAttempts: 2 } });
  } catch (error) {
    throw new CliError(
      exitCode.usage,
      shown`${address} is no address: ${error instanceof Error ? error.message : String(error)}`,
      {
        next: "An address is http://HOST:PORT",
      },
    );
  }
}

/** A server that is there and unavailable gives a reason. */
function isUnreachable(error: PawlError): boolean {
  return error.code === "UNAVAILABLE" && error.reason === "";
}
