import { Command, Option } from "commander";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { readDefinition, type DefinitionFile } from "../read-definition.ts";
import { diagnosticLine } from "../text/diagnostic-line.ts";
import { shown } from "../text/plain.ts";
import type { Diagnostic } from "../../asl/index.ts";

interface ValidateOptions extends GlobalOptions {
  readonly type?: "STANDARD" | "EXPRESS";
  readonly strictAws?: boolean;
}

interface Checked {
  readonly file: DefinitionFile;
  readonly diagnostics: readonly Diagnostic[];
  readonly isValid: boolean;
}

/** `pawl validate`: everything that is wrong with a definition, without a server. */
export function validateCommand(io: Io): Command {
  return new Command("validate")
    .description("check state machine definitions; needs no server")
    .argument("<files...>", "JSON or YAML; - is standard input")
    .addOption(
      new Option("-t, --type <type>", "what it is to be (default: STANDARD)").choices([
        "STANDARD",
        "EXPRESS",
      ]),
    )
    .option("--strict-aws", "refuse what Pawl takes and AWS does not")
    .addHelpText("after", examples)
    .action(async (paths: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<ValidateOptions>();
      const { compileDefinition } = await import("../../asl/index.ts");
      const checked: Checked[] = [];
      for (const path of paths) {
        const file = await readDefinition(path, io.streams);
        const { diagnostics } = compileDefinition(file.text, {
          ...(file.format !== undefined && { format: file.format }),
          ...(options.type !== undefined && { type: options.type }),
          isStrictAws: options.strictAws === true,
        });
        checked.push({
          file,
          diagnostics,
          isValid: !diagnostics.some(({ severity }) => severity === "ERROR"),
        });
      }
      if (options.json === true) io.json(report(checked));
      else for (const each of checked) print(each, io);
      io.exitCode = checked.every(({ isValid }) => isValid) ? exitCode.ok : exitCode.failed;
    });
}

function print({ file, diagnostics, isValid }: Checked, io: Io): void {
  for (const diagnostic of diagnostics) io.line(diagnosticLine(file.path, diagnostic));
  if (isValid) io.line(shown`${file.path}: ` + io.paint("green", "valid"));
}

function report(checked: readonly Checked[]): object {
  return {
    valid: checked.every(({ isValid }) => isValid),
    files: checked.map(({ file, isValid, diagnostics }) => ({
      file: file.path,
      valid: isValid,
      diagnostics,
    })),
  };
}

const examples = `
Findings are printed as FILE:LINE:COLUMN: SEVERITY CODE MESSAGE (at JSON POINTER); suggestion.
Exit codes: 0 valid, perhaps with warnings; 1 errors; 2 a file can not be read.

Examples:
  $ pawl validate orders.yaml
  $ pawl validate machines/*.json --json | jq '.files[] | select(.valid | not) | .file'
  $ generate-definition | pawl validate -`;
