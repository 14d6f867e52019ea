import { Command, Option } from "commander";
import type { Batch, BatchFilter, BatchItem, Client } from "@pawl/sdk";
import { all } from "../all.ts";
import { countsText, printBatch } from "../batch/batch-text.ts";
import { followBatch } from "../batch/follow-batch.ts";
import { timeOf } from "../execution-filters.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countOf, pagesFor } from "../option-values.ts";
import { jsonText } from "../text/json-text.ts";
import { dateTime } from "../text/duration.ts";
import { shown } from "../text/plain.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";
import { batchDeleteCommand } from "./batch-delete.ts";
import { batchStartCommand } from "./batch-start.ts";

interface BatchListOptions extends GlobalOptions {
  readonly status?: NonNullable<BatchFilter["status"]>;
  readonly name?: string;
  readonly after?: Date;
  readonly before?: Date;
  readonly limit: number;
}

interface ActionOptions extends GlobalOptions {
  readonly by?: string;
  readonly reason?: string;
  readonly resetWindow?: boolean;
  readonly stopStarted?: boolean;
}

/** `pawl batch`: many executions as one. */
export function batchCommand(io: Io): Command {
  const resume = actionCommand(io, "resume", "go on with a batch that is paused").option(
    "--reset-window",
    "forget the failures so far",
  );
  const cancel = actionCommand(io, "cancel", "begin nothing more, for good").option(
    "--stop-started",
    "also stop what it has started",
  );
  return new Command("batch")
    .description("start, stop, redrive and delete many executions as one")
    .addCommand(batchStartCommand(io))
    .addCommand(batchDeleteCommand(io))
    .addCommand(listCommand(io))
    .addCommand(getCommand(io))
    .addCommand(watchCommand(io))
    .addCommand(actionCommand(io, "pause", "begin nothing more for now; what has begun goes on"))
    .addCommand(resume)
    .addCommand(cancel)
    .addCommand(resultsCommand(io));
}

function listCommand(io: Io): Command {
  return new Command("list")
    .description("list batches, newest first")
    .argument("[machine]", "only those that start executions of this machine")
    .addOption(new Option("-s, --status <status>", "only with this status").choices(statuses))
    .option("--name <name>", "only with this name; nightly-* is every name that begins so")
    .addOption(new Option("--after <time>", "only those created after this").argParser(timeOf))
    .addOption(new Option("--before <time>", "only those created before this").argParser(timeOf))
    .addOption(
      new Option("-n, --limit <count>", "at most this many").default(20).argParser(countOf),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  $ pawl batch list\n  $ pawl batch list orders --status PAUSED",
    )
    .action(async (machine: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<BatchListOptions>();
      const query = { ...filterOf(machine, options), ...pagesFor(options.limit) };
      const batches = await withClient(options, (client) => all(client.listBatches(query)));
      if (options.json === true) {
        for (const batch of batches) io.json(batch);
        return;
      }
      if (batches.length === 0) return io.note("no batches");
      const rows = batches.map((batch) => [
        batch.id,
        batch.name === batch.id ? "" : batch.name,
        batch.status,
        dateTime(batch.createTime),
        countsText(batch),
      ]);
      io.line(table(["ID", "NAME", "STATUS", "CREATED", "ITEMS"], rows, io.width));
    });
}

const statuses = [
  "LOADING",
  "RUNNING",
  "PAUSED",
  "SUCCEEDED",
  "FAILED",
  "CANCELLED",
  "COMPLETED_WITH_FAILURES",
];

function filterOf(
  machine: string | undefined,
  { status, name, after, before }: BatchListOptions,
): BatchFilter {
  const isPrefix = name?.endsWith("*") ?? false;
  return {
    ...(machine !== undefined && { stateMachine: machine }),
    ...(status !== undefined && { status }),
    ...(name !== undefined && (isPrefix ? { namePrefix: name.slice(0, -1) } : { name })),
    ...(after !== undefined && { createdAfter: after }),
    ...(before !== undefined && { createdBefore: before }),
  };
}

function getCommand(io: Io): Command {
  return new Command("get")
    .description("show how far a batch is")
    .argument("<batch>", "its id")
    .addHelpText("after", "\nExamples:\n  $ pawl batch get BATCH")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      printBatch(io, options.json, await withClient(options, (client) => client.getBatch(id)));
    });
}

function watchCommand(io: Io): Command {
  return new Command("watch")
    .description("show the progress of a batch until it has ended; exit code 1 unless it succeeded")
    .argument("<batch>", "its id")
    .addHelpText(
      "after",
      "\nExamples:\n  $ pawl batch watch BATCH\n  $ pawl batch watch BATCH --json",
    )
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withClient(options, (client) => followBatch(client, id, { io, json: options.json }));
    });
}

function actionCommand(io: Io, name: "pause" | "resume" | "cancel", description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<batch>", "its id")
    .option("--by <operator>", "who does it; kept with the batch")
    .option("--reason <text>", "why; kept with the batch")
    .addHelpText(
      "after",
      `\nExamples:\n  $ pawl batch ${name} BATCH --by ada --reason "looked at it"`,
    )
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ActionOptions>();
      printBatch(
        io,
        options.json,
        await withClient(options, (client) => act(client, name, id, options)),
      );
    });
}

function act(
  client: Client,
  name: "pause" | "resume" | "cancel",
  id: string,
  { by: operator = "", reason = "", resetWindow = false, stopStarted = false }: ActionOptions,
): Promise<Batch> {
  switch (name) {
    case "pause":
      return client.pauseBatch(id, { operator, reason });
    case "resume":
      return client.resumeBatch(id, { operator, reason, resetWindow });
    case "cancel":
      return client.cancelBatch(id, { operator, reason, stopStarted });
  }
}

function resultsCommand(io: Io): Command {
  return new Command("results")
    .description("print what each item came to, in the order of the items")
    .argument("<batch>", "its id")
    .option("--failed", "only items that failed")
    .addHelpText("after", "\nExamples:\n  $ pawl batch results BATCH --json | jq .output")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { failed?: boolean }>();
      await withClient(options, async (client) => {
        const items = client.listBatchItems(id, {
          payloads: "FULL",
          pageSize: 100,
          ...(options.failed === true && { status: "FAILED" }),
        });
        for await (const item of items)
          if (options.json === true) io.json(item);
          else io.line(itemLine(item));
      });
    });
}

function itemLine({ index, status, output, error }: BatchItem): string {
  const { error: name = "", cause = "" } = error ?? {};
  const what = output === undefined ? [name, cause].filter(Boolean).join(": ") : jsonText(output);
  return shown`${String(index)} ${status} ${what}`.trimEnd();
}
