import { Command, Option } from "commander";
import type { StateMachineAlias, StateMachineRoute } from "@pawl/sdk";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countOf, pagesFor, routesOf } from "../option-values.ts";
import { dateTime } from "../text/duration.ts";
import { shown } from "../text/plain.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

/** `pawl alias`: names that route starts to versions. */
export function aliasCommand(io: Io): Command {
  return new Command("alias")
    .description("set, list and delete aliases, which route starts to versions")
    .addCommand(setCommand(io))
    .addCommand(listCommand(io))
    .addCommand(deleteCommand(io));
}

interface SetOptions extends GlobalOptions {
  readonly description?: string;
}

type SetArguments = [machine: string, alias: string, routes: readonly StateMachineRoute[]];

function setCommand(io: Io): Command {
  return new Command("set")
    .description("create an alias or replace it")
    .argument("<machine>", "name or ARN")
    .argument("<alias>", "for example live")
    .argument("<routes...>", "a version, or two as VERSION=PERCENT", routesOf)
    .option("-d, --description <text>", "what it is for")
    .addHelpText("after", setExamples)
    .action(async function (this: Command) {
      const [machine, name, routes] = this.processedArgs as SetArguments;
      const options = this.optsWithGlobals<SetOptions>();
      const { description } = options;
      const alias = await withClient(options, (client) =>
        client.putStateMachineAlias({
          stateMachine: machine,
          name,
          routes,
          ...(description !== undefined && { description }),
        }),
      );
      if (options.json === true) io.json(aliasJson(alias));
      else io.line(shown`${alias.stateMachine}:${alias.name} routes to ${routesText(alias)}`);
    });
}

interface ListOptions extends GlobalOptions {
  readonly limit: number;
}

function listCommand(io: Io): Command {
  return new Command("list")
    .description("list the aliases of a state machine")
    .argument("<machine>", "name or ARN; MACHINE:VERSION for those that route to it")
    .addOption(
      new Option("-n, --limit <count>", "at most this many").default(50).argParser(countOf),
    )
    .action(async (machine: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const aliases = await withClient(options, (client) =>
        all(client.listStateMachineAliases(machine, pagesFor(options.limit))),
      );
      if (options.json === true) {
        for (const alias of aliases) io.json(aliasJson(alias));
        return;
      }
      if (aliases.length === 0)
        return io.note("no aliases; make one with `pawl alias set MACHINE ALIAS VERSION`");
      const rows = aliases.map((alias) => [
        alias.name,
        routesText(alias),
        dateTime(alias.updateTime),
        alias.description,
      ]);
      io.line(table(["ALIAS", "ROUTES", "UPDATED", "DESCRIPTION"], rows, io.width));
    });
}

function deleteCommand(io: Io): Command {
  return new Command("delete")
    .description("delete an alias; executions started through it go on")
    .argument("<machine>", "name or ARN")
    .argument("<alias>", "its name")
    .action(async (machine: string, name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withClient(options, (client) => client.deleteStateMachineAlias(machine, name));
      if (options.json === true) io.json({ stateMachine: machine, name, deleted: true });
      else io.line(shown`${machine}:${name} deleted`);
    });
}

function routesText({ routes }: StateMachineAlias): string {
  return routes.map(({ version, weight }) => `${version} (${weight} %)`).join(", ");
}

function aliasJson({
  stateMachine,
  name,
  description,
  routes,
  etag,
  updateTime,
}: StateMachineAlias): object {
  return { stateMachine, name, description, routes, etag, updateTime };
}

const setExamples = `
Each start through the alias goes to one of its versions, by their percentages.

Examples:
  $ pawl alias set orders live 7
  $ pawl alias set orders live 7=90 8=10
  $ pawl start orders:live --input @order.json`;
