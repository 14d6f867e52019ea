import { Command } from "commander";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { shown } from "../text/plain.ts";
import { versionJson } from "../version-json.ts";
import { withClient } from "../with-client.ts";

interface PublishOptions extends GlobalOptions {
  readonly description?: string;
  readonly revision?: string;
}

/** `pawl publish`: the state machine as it is now, under a number that never means anything else. */
export function publishCommand(io: Io): Command {
  return new Command("publish")
    .description("publish a state machine as it is now as its next version")
    .argument("<machine>", "name or ARN")
    .option("-d, --description <text>", "what is new in it")
    .option("-r, --revision <id>", "only if this is its present revision")
    .addHelpText("after", examples)
    .action(async (machine: string, _options, command: Command) => {
      const options = command.optsWithGlobals<PublishOptions>();
      const { description, revision } = options;
      const version = await withClient(options, (client) =>
        client.publishStateMachineVersion(machine, {
          ...(description !== undefined && { description }),
          ...(revision !== undefined && { revisionId: revision }),
        }),
      );
      if (options.json === true) io.json(versionJson(version));
      else io.line(shown`${version.name}:${version.version} is ${version.revisionId}`);
    });
}

const examples = `
Publishing an unchanged state machine again gives the version it has. Numbers are not used twice.

Examples:
  $ pawl publish orders --description "retries for the bank"
  $ pawl start orders:7 --input @order.json`;
