import { Command } from "commander";
import { executionJson } from "../execution-json.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { shown } from "../text/plain.ts";
import { withClient } from "../with-client.ts";

/** `pawl delete`: a closed execution and its history are gone. */
export function deleteCommand(io: Io): Command {
  return new Command("delete")
    .description("remove closed executions with their history")
    .argument("<executions...>", "ids, ARNs, or MACHINE/NAME")
    .addHelpText("after", examples)
    .action(async (references: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withClient(options, async (client) => {
        for (const reference of references) {
          const execution = await client.deleteExecution(reference);
          if (options.json === true) io.json(executionJson(execution));
          else io.line(shown`${execution.stateMachine}/${execution.name} is deleted`);
        }
      });
    });
}

const examples = `
An execution that runs is refused (exit code 5): stop it first. The children of its Map Runs go with it.
What a machine removes by itself, and when: \`pawl apply --retention\`.

Examples:
  $ pawl delete orders/order-7
  $ pawl list orders --before 2026-01-01 --json | jq -r .id | xargs pawl delete`;
