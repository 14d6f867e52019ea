import { JsonText, TaskError, type Client } from "@pawl/sdk";
import { Command } from "commander";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { readInput } from "../read-input.ts";
import { withClient } from "../with-client.ts";

/** `pawl task`: reports on a task that waits for its token. */
export function taskCommand(io: Io): Command {
  return new Command("task")
    .description("report on a task that waits for its token")
    .addCommand(succeed(io))
    .addCommand(fail(io))
    .addCommand(heartbeat(io));
}

function succeed(io: Io): Command {
  return verb("succeed", "the task is done")
    .option("-o, --output <json>", "its result: JSON, @file, or - for standard input", "{}")
    .action(async (token: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { readonly output: string }>();
      const output = new JsonText(await readInput(options.output, io.streams));
      await report(io, options, (client) => client.completeTask(token, output));
    });
}

function fail(io: Io): Command {
  return verb("fail", "the task has failed")
    .option("-e, --error <name>", "error name, for Retry and Catch", "Error")
    .option("-c, --cause <text>", "why, for whoever reads the history")
    .action(async (token: string, _options, command: Command) => {
      const options = command.optsWithGlobals<
        GlobalOptions & { readonly error: string; readonly cause?: string }
      >();
      const error = new TaskError(options.error, options.cause);
      await report(io, options, (client) => client.failTask(token, error));
    });
}

function heartbeat(io: Io): Command {
  return verb("heartbeat", "the work goes on: HeartbeatSeconds begin anew").action(
    async (token: string, _options, command: Command) => {
      await report(io, command.optsWithGlobals<GlobalOptions>(), (client) =>
        client.heartbeatTask(token),
      );
    },
  );
}

function verb(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<token>", "what the definition has as $$.Task.Token")
    .addHelpText("after", examples);
}

async function report(
  io: Io,
  options: GlobalOptions,
  send: (client: Client) => Promise<void>,
): Promise<void> {
  await withClient(options, send);
  if (options.json === true) io.json({});
  else io.line("recorded");
}

const examples = `
A task that is over, or whose execution has closed, is refused (exit code 5).

Examples:
  $ pawl task succeed TOKEN --output '{"approved": true}'
  $ pawl task fail TOKEN --error Approval.Refused --cause "too dear"
  $ pawl task heartbeat TOKEN`;
