import { Command, Option } from "commander";
import { executionJson } from "../execution-json.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { readInput } from "../read-input.ts";
import { shown } from "../text/plain.ts";
import { withClient } from "../with-client.ts";

interface RedriveOptions extends GlobalOptions {
  readonly fromState?: string;
  readonly input?: string;
  readonly machine?: string;
}

/** `pawl redrive`: what failed goes on, under the same id. */
export function redriveCommand(io: Io): Command {
  return new Command("redrive")
    .description("have a failed, stopped or timed out execution go on from where it failed")
    .argument("<execution>", "id, ARN, or MACHINE/NAME")
    .option(
      "-s, --from-state <name>",
      "enter this state anew instead; what was under way is dropped",
    )
    .addOption(
      new Option(
        "-i, --input <json>",
        "enter it, or the state that failed, with this JSON, @file, or - for standard input",
      ),
    )
    .option("-m, --machine <machine>", "go on with the present definition of its state machine")
    .addHelpText("after", examples)
    .action(async (reference: string, _options, command: Command) => {
      const options = command.optsWithGlobals<RedriveOptions>();
      const { fromState, machine } = options;
      const inputText =
        options.input === undefined ? undefined : await readInput(options.input, io.streams);
      const execution = await withClient(options, (client) =>
        client.redriveExecution(reference, {
          ...(fromState !== undefined && { fromState }),
          ...(inputText !== undefined && { inputText }),
          ...(machine !== undefined && { stateMachine: machine }),
        }),
      );
      if (options.json === true) io.json(executionJson(execution));
      else {
        const { stateMachine, name, status, redriveCount } = execution;
        const times = redriveCount === 1 ? "once" : `${redriveCount} times`;
        io.line(shown`${stateMachine}/${name} is ${status}, redriven ${times}`);
      }
    });
}

const examples = `
What had succeeded is not run again. One that can not be redriven is refused with the reason (exit code 5).

Examples:
  $ pawl redrive orders/order-7
  $ pawl redrive orders/order-7 --machine orders          after pawl apply of the corrected definition
  $ pawl redrive orders/order-7 --from-state Charge --input '{"amount": 12}'`;
