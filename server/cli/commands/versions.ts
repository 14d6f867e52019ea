import { Command, Option } from "commander";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countOf, pagesFor, versionOf } from "../option-values.ts";
import { dateTime } from "../text/duration.ts";
import { shown } from "../text/plain.ts";
import { table } from "../text/table.ts";
import { versionJson } from "../version-json.ts";
import { withClient } from "../with-client.ts";

interface VersionsOptions extends GlobalOptions {
  readonly limit: number;
  readonly delete?: number;
}

/** `pawl versions`: what was published, newest first. */
export function versionsCommand(io: Io): Command {
  return new Command("versions")
    .description("list the versions of a state machine, or delete one")
    .argument("<machine>", "name or ARN")
    .addOption(
      new Option("-n, --limit <count>", "at most this many").default(50).argParser(countOf),
    )
    .addOption(new Option("--delete <version>", "delete this one").argParser(versionOf))
    .addHelpText("after", examples)
    .action(async (machine: string, _options, command: Command) => {
      const options = command.optsWithGlobals<VersionsOptions>();
      await (options.delete === undefined
        ? list(machine, io, options)
        : remove(machine, options.delete, io, options));
    });
}

async function list(machine: string, io: Io, options: VersionsOptions): Promise<void> {
  const versions = await withClient(options, (client) =>
    all(client.listStateMachineVersions(machine, pagesFor(options.limit))),
  );
  if (options.json === true) {
    for (const version of versions) io.json(versionJson(version));
    return;
  }
  if (versions.length === 0) return io.note("no versions; make one with `pawl publish MACHINE`");
  const rows = versions.map(({ version, createTime, revisionId, description }) => [
    String(version),
    dateTime(createTime),
    revisionId.slice(0, 13),
    description,
  ]);
  io.line(table(["VERSION", "PUBLISHED", "REVISION", "DESCRIPTION"], rows, io.width));
}

async function remove(
  machine: string,
  version: number,
  io: Io,
  options: VersionsOptions,
): Promise<void> {
  await withClient(options, (client) => client.deleteStateMachineVersion(machine, version));
  if (options.json === true) io.json({ name: machine, version, deleted: true });
  else io.line(shown`${machine}:${version} deleted`);
}

const examples = `
Executions of a deleted version go on. A version that an alias routes to is not deleted (exit code 5).

Examples:
  $ pawl versions orders
  $ pawl versions orders --delete 3`;
