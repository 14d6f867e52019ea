import { Command } from "commander";
import { unreachable, withClient } from "../with-client.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { shown } from "../text/plain.ts";

/** `pawl health`: is a server there, does it take work, and which version is it? */
export function healthCommand(io: Io): Command {
  return new Command("health")
    .description("ask a server whether it lives and takes work")
    .addHelpText("after", examples)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const isLive = await answers(options.address, "healthz");
      const isReady = isLive && (await answers(options.address, "readyz"));
      const version = isReady
        ? await withClient(options, async (client) => (await client.getServerInfo()).version)
        : undefined;

      if (options.json === true)
        io.json({ address: options.address, live: isLive, ready: isReady, version });
      else if (isReady) io.line(shown`pawl ${version ?? ""} at ${options.address} is ready`);
      else
        io.line(
          shown`pawl at ${options.address} lives but does not take work: it starts, drains, or has lost its database`,
        );
      io.exitCode = isReady ? exitCode.ok : exitCode.failed;
    });
}

const examples = `
Exit codes: 0 ready; 1 there, but not ready; 3 nobody answers.

Examples:
  $ pawl health
  $ until pawl health; do sleep 1; done
  $ pawl health --address http://10.0.0.5:7300 --json`;

/** Whether a probe says yes. @throws CliError unreachable when nobody answers */
async function answers(address: string, probe: "healthz" | "readyz"): Promise<boolean> {
  try {
    const response = await fetch(new URL(`/${probe}`, address), {
      signal: AbortSignal.timeout(5_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    throw unreachable(address);
  }
}
