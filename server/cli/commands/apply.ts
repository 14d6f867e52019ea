import { Command, Option } from "commander";
import { PawlError, type Client, type StateMachineType, type TaskLossPolicy } from "@pawl/sdk";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { limitOf, retentionOf } from "../option-values.ts";
import { nameOf, readDefinition, type DefinitionFile } from "../read-definition.ts";
import { diagnosticLine } from "../text/diagnostic-line.ts";
import { shown } from "../text/plain.ts";
import { withClient } from "../with-client.ts";

interface ApplyOptions extends GlobalOptions {
  readonly name?: string;
  readonly type?: StateMachineType;
  readonly description?: string;
  readonly retention?: number;
  readonly onTaskLost?: TaskLossPolicy;
  readonly maxTaskDeliveries?: number;
  readonly dryRun?: boolean;
}

interface Wanted {
  readonly name: string;
  readonly file: DefinitionFile;
}

/** `pawl apply`: what the files say is what the server has. */
export function applyCommand(io: Io): Command {
  return new Command("apply")
    .description("create or update state machines from JSON or YAML files")
    .argument(
      "<files...>",
      "definitions; the base name is the state machine's name; - is standard input",
    )
    .addOption(new Option("-n, --name <name>", "name of the state machine, for a single file"))
    .addOption(
      new Option("-t, --type <type>", "type of a new one (default: STANDARD)").choices([
        "STANDARD",
        "EXPRESS",
      ]),
    )
    .addOption(new Option("-d, --description <text>", "what it is for"))
    .addOption(
      new Option(
        "--retention <span>",
        "remove closed executions so long after their end, for example 30d; or forever",
      ).argParser(retentionOf),
    )
    .addOption(
      new Option("--on-task-lost <policy>", "what becomes of a task whose worker was lost").choices(
        lossPolicies,
      ),
    )
    .addOption(
      new Option(
        "--max-task-deliveries <n>",
        "how often a task is delivered before that applies (default: once)",
      ).argParser(limitOf),
    )
    .option("--dry-run", "check everything, change nothing")
    .addHelpText("after", examples)
    .action(async (paths: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<ApplyOptions>();
      if (options.name !== undefined && paths.length > 1) {
        throw new CliError(exitCode.usage, `--name is for one file; ${paths.length} were given`);
      }
      const wanted: Wanted[] = [];
      for (const path of paths)
        wanted.push({
          name: options.name ?? nameOf(path),
          file: await readDefinition(path, io.streams),
        });
      await withClient(options, async (client) => {
        await checkAll(client, wanted, io, options);
        for (const each of wanted) await applyOne(client, each, io, options);
      });
    });
}

/** Shows every finding in every file. @throws CliError failed when one is an error: then nothing is changed */
async function checkAll(
  client: Client,
  wanted: readonly Wanted[],
  io: Io,
  { type }: ApplyOptions,
): Promise<void> {
  let invalid = 0;
  for (const { file } of wanted) {
    const facts = {
      ...(file.format !== undefined && { format: file.format }),
      ...(type !== undefined && { type }),
    };
    const { valid, diagnostics } = await client.validateDefinition(file.text, facts);
    if (!valid) invalid += 1;
    for (const diagnostic of diagnostics)
      io.note(diagnosticLine(file.path, { ...diagnostic, pointer: diagnostic.location }));
  }
  if (invalid > 0) {
    throw new CliError(
      exitCode.failed,
      `${invalid} of ${wanted.length} definitions ${invalid === 1 ? "has" : "have"} errors; nothing was changed`,
      {
        reason: "INVALID_DEFINITION",
      },
    );
  }
}

async function applyOne(
  client: Client,
  { name, file }: Wanted,
  io: Io,
  options: ApplyOptions,
): Promise<void> {
  const before = await client.getStateMachine(name).catch((error: unknown) => {
    if (error instanceof PawlError && error.code === "NOT_FOUND") return undefined;
    throw error;
  });
  const isSame =
    before?.definition === file.text &&
    (options.description === undefined || before.description === options.description) &&
    (options.retention === undefined || (before.retentionSeconds ?? 0) === options.retention) &&
    (options.onTaskLost ?? before.onTaskLost) === before.onTaskLost &&
    (options.maxTaskDeliveries ?? before.maxTaskDeliveries) === before.maxTaskDeliveries;
  const change = before === undefined ? "created" : isSame ? "unchanged" : "updated";
  const { type, description, retention, onTaskLost, maxTaskDeliveries } = options;
  const { dryRun = false, json = false } = options;
  const applied =
    dryRun || isSame
      ? before
      : (
          await client.applyStateMachine({
            name,
            definition: file.text,
            ...(file.format !== undefined && { format: file.format }),
            ...(type !== undefined && { type }),
            ...(description !== undefined && { description }),
            ...(retention !== undefined && { retentionSeconds: retention }),
            ...(onTaskLost !== undefined && { onTaskLost }),
            ...(maxTaskDeliveries !== undefined && { maxTaskDeliveries }),
          })
        ).stateMachine;

  if (json)
    io.json({
      name,
      change,
      dryRun,
      arn: applied?.arn,
      revisionId: dryRun ? undefined : applied?.revisionId,
    });
  else io.line(shown`${name} ${dryRun && !isSame ? `would be ${change}` : change}`);
}

const lossPolicies: readonly TaskLossPolicy[] = [
  "REDELIVER",
  "RETRY_AS_TIMEOUT",
  "FAIL",
  "PAUSE",
  "SKIP",
];

const examples = `
The name is the file's name without .json, .yaml or .yml (and .asl). All files are checked before one is applied.
Executions that run keep the definition they started with.

Examples:
  $ pawl apply orders.yaml
  $ pawl apply machines/*.json --dry-run
  $ pawl apply build/definition.json --name orders --type EXPRESS`;
