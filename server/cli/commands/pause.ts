import { Command } from "commander";
import { executionJson } from "../execution-json.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { shown } from "../text/plain.ts";
import { withClient } from "../with-client.ts";

interface PauseOptions extends GlobalOptions {
  readonly by?: string;
  readonly reason?: string;
}

/** `pawl pause`: nothing new begins. */
export function pauseCommand(io: Io): Command {
  return verb(io, "pause", "have a running execution begin nothing new until it is resumed");
}

/** `pawl resume`: it goes on exactly where it stood. */
export function resumeCommand(io: Io): Command {
  return verb(io, "resume", "have a paused execution go on where it stood");
}

function verb(io: Io, name: "pause" | "resume", description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<execution>", "id, ARN, or MACHINE/NAME")
    .option("--by <operator>", "who does it; kept in the history")
    .option("--reason <text>", "why; kept in the history")
    .addHelpText("after", examples(name))
    .action(async (reference: string, _options, command: Command) => {
      const options = command.optsWithGlobals<PauseOptions>();
      const { by: operator = "", reason = "" } = options;
      const execution = await withClient(options, (client) =>
        name === "pause"
          ? client.pauseExecution(reference, { operator, reason })
          : client.resumeExecution(reference, { operator, reason }),
      );
      if (options.json === true) io.json(executionJson(execution));
      else io.line(shown`${execution.stateMachine}/${execution.name} is ${execution.status}`);
    });
}

const examples = (name: "pause" | "resume"): string => `
What workers have goes on while it is paused; how that ends is recorded, and what follows from it waits.
One that is over is refused (exit code 5).

Examples:
  $ pawl ${name} orders/order-7
  $ pawl ${name} orders/order-7 --by ada --reason "${name === "pause" ? "the bank is down" : "the bank is back"}"`;
