import { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { readDefinition } from "../read-definition.ts";
import { diagnosticLine } from "../text/diagnostic-line.ts";
import { mermaid } from "../text/mermaid.ts";

/** `pawl graph`: a definition as a drawing, without a server. */
export function graphCommand(io: Io): Command {
  return new Command("graph")
    .description("print a definition as a Mermaid flowchart; needs no server")
    .argument("<file>", "JSON or YAML; - is standard input")
    .addHelpText("after", examples)
    .action(async (path: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<GlobalOptions>();
      const { compileDefinition, definitionGraph } = await import("../../asl/index.ts");
      const { path: name, text, format } = await readDefinition(path, io.streams);
      const compiled = compileDefinition(text, format === undefined ? {} : { format });
      const errors = compiled.diagnostics.filter(({ severity }) => severity === "ERROR");
      if (errors.length > 0) {
        for (const error of errors) io.note(diagnosticLine(name, error));
        throw new CliError(exitCode.failed, "the definition has errors", {
          reason: "INVALID_DEFINITION",
        });
      }
      const graph = definitionGraph(text, compiled.format);
      if (json === true) io.json(graph);
      else io.line(mermaid(graph));
    });
}

const examples = `
With --json: nodes (id is the JSON pointer of the state, parent that of the Parallel or Map around it)
and edges (next, choice, default, catch).

Examples:
  $ pawl graph order.yaml > order.mmd
  $ pawl graph order.yaml --json | jq '.edges[] | select(.kind == "catch")'`;
