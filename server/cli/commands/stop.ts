import { Command } from "commander";
import { executionJson } from "../execution-json.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { shown } from "../text/plain.ts";
import { withClient } from "../with-client.ts";

interface StopOptions extends GlobalOptions {
  readonly error?: string;
  readonly cause?: string;
}

/** `pawl stop`: ABORTED, and its workers are told. */
export function stopCommand(io: Io): Command {
  return new Command("stop")
    .description("stop a running execution")
    .argument("<execution>", "id, ARN, or MACHINE/NAME")
    .option("-e, --error <name>", "error name to record")
    .option("-c, --cause <text>", "why, for whoever reads the history")
    .addHelpText("after", examples)
    .action(async (reference: string, _options, command: Command) => {
      const options = command.optsWithGlobals<StopOptions>();
      const { error, cause } = options;
      const execution = await withClient(options, (client) =>
        client.stopExecution(reference, {
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
        }),
      );
      if (options.json === true) io.json(executionJson(execution));
      else io.line(shown`${execution.stateMachine}/${execution.name} is ${execution.status}`);
    });
}

const examples = `
Tasks under way are cancelled: their workers hear of it at once. An execution that is over is refused (exit code 5).

Examples:
  $ pawl stop orders/order-7
  $ pawl stop orders/order-7 --error Operator --cause "customer called"`;
