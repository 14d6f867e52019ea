import { Command } from "commander";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { productVersion } from "../product-version.ts";

/** `pawl version`: what runs here. Asks no server; `pawl health` does. */
export function versionCommand(io: Io): Command {
  return new Command("version")
    .description("print the versions of pawl and Node.js")
    .addHelpText("after", "\nExamples:\n  $ pawl version\n  $ pawl version --json")
    .action((_options, command: Command) => {
      const { json } = command.optsWithGlobals<GlobalOptions>();
      const version = productVersion();
      if (json === true) io.json({ pawl: version, node: process.versions.node });
      else io.line(`pawl ${version} on Node.js ${process.versions.node}`);
    });
}
