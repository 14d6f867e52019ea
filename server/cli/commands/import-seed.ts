import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { formatOf, readDefinition } from "../read-definition.ts";
import { diagnosticLine } from "../text/diagnostic-line.ts";
import { shown } from "../text/plain.ts";
import type { ImportedDefinition } from "../../import-seed/import-seed.ts";

interface ImportSeedOptions extends GlobalOptions {
  readonly out?: string;
  readonly guardMissing?: boolean;
}

/** `pawl import-seed`: a definition of state-machine-amz-go as one of Pawl, and what became different. */
export function importSeedCommand(io: Io): Command {
  return new Command("import-seed")
    .description("rewrite a definition of state-machine-amz-go; needs no server")
    .argument("<file>", "JSON or YAML; - is standard input")
    .option("-o, --out <file>", "write the definition there, as JSON or YAML by its ending")
    .option("--guard-missing", "let a Choice Rule whose Variable is missing not match, as before")
    .addHelpText("after", examples)
    .action(async (path: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ImportSeedOptions>();
      const { importSeed } = await import("../../import-seed/import-seed.ts");
      const file = await readDefinition(path, io.streams);
      const to = options.out === undefined ? undefined : formatOf(options.out);
      const imported = importSeed(file.text, {
        guardMissing: options.guardMissing === true,
        ...(file.format !== undefined && { from: file.format }),
        ...(to !== undefined && { to }),
      });
      const { text, diagnostics } = imported;
      const isValid =
        text !== undefined && !diagnostics.some(({ severity }) => severity === "ERROR");
      if (text !== undefined && options.out !== undefined) await write(options.out, text);
      if (options.json === true) io.json({ file: file.path, valid: isValid, ...imported });
      else print(imported, { path: file.path, out: options.out }, io);
      io.exitCode = isValid ? exitCode.ok : exitCode.failed;
    });
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new CliError(exitCode.usage, shown`can not write ${path}: ${(error as Error).message}`, {
      reason: "FILE_UNWRITABLE",
    });
  }
}

/** The definition is the result and what is said about it goes beside it; with `--out`, what is said is the result. */
function print(
  { text, name, notes, diagnostics }: ImportedDefinition,
  { path, out }: { readonly path: string; readonly out: string | undefined },
  io: Io,
): void {
  const say = (line: string): void => (out === undefined ? io.note(line) : io.line(line));
  for (const { kind, code, pointer, message } of notes)
    say(shown`${path}: ${kind.toLowerCase()} ${code} ${message} (at ${pointer})`);
  for (const diagnostic of diagnostics)
    say(diagnosticLine(text === undefined ? path : (out ?? "<stdout>"), diagnostic));
  if (text === undefined) return;
  const changes = notes.filter(({ kind }) => kind === "CHANGED").length;
  say(shown`${path}: ${changes} changed, ${notes.length - changes} to look at`);
  if (name !== undefined)
    say(shown`its name was "${name}": pawl apply ${out ?? "FILE"} --name NAME`);
  if (out === undefined) io.streams.stdout.write(text);
}

const examples = `
Findings are printed as FILE: KIND CODE MESSAGE (at JSON POINTER). "changed": it was rewritten. "look": it was
left, and may do something else now. docs/from-state-machine-amz-go.md explains them.
Exit codes: 0 the result is valid; 1 it has errors; 2 a file can not be read or written.

Examples:
  $ pawl import-seed order_processing.yaml -o order.yaml
  $ pawl import-seed workflow.json | pawl validate -
  $ pawl import-seed workflow.json --json | jq '.notes[] | select(.kind == "LOOK")'`;
