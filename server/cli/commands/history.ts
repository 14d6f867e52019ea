import { Command, Option } from "commander";
import type { ExecutionEvent } from "@pawl/sdk";
import { eventJson } from "../execution-json.ts";
import { all } from "../all.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { countOf, pagesFor } from "../option-values.ts";
import { duration } from "../text/duration.ts";
import { table } from "../text/table.ts";
import { withClient } from "../with-client.ts";

interface HistoryOptions extends GlobalOptions {
  readonly reverse?: boolean;
  readonly payloads?: boolean;
  readonly limit: number;
}

/** `pawl history`: the record of an execution. */
export function historyCommand(io: Io): Command {
  return new Command("history")
    .description("print the recorded events of an execution")
    .argument("<execution>", "id, ARN, or MACHINE/NAME")
    .option("-r, --reverse", "newest first")
    .option("--payloads", "show inputs and outputs")
    .addOption(
      new Option("-n, --limit <count>", "at most this many events")
        .default(1000)
        .argParser(countOf),
    )
    .addHelpText("after", examples)
    .action(async (execution: string, _options, command: Command) => {
      const options = command.optsWithGlobals<HistoryOptions>();
      const events = await withClient(options, (client) =>
        all(
          client.listExecutionEvents(execution, {
            reverse: options.reverse ?? false,
            payloads: options.payloads === true || options.json === true ? "FULL" : "NONE",
            ...pagesFor(options.limit),
          }),
        ),
      );
      if (options.json === true) {
        for (const event of events) io.json(eventJson(event));
      } else {
        io.line(historyTable(events, { hasPayloads: options.payloads ?? false, width: io.width }));
        if (events.length === options.limit)
          io.note(`the first ${options.limit} events; more with --limit`);
      }
    });
}

/** Times are since the first event shown, or since the last one when the newest comes first. */
export function historyTable(
  events: readonly ExecutionEvent[],
  options: { hasPayloads: boolean; width: number },
): string {
  const startMs = Math.min(...events.map(({ time }) => time?.getTime() ?? Infinity));
  const rows = events.map((event) => [
    String(event.id),
    event.time === undefined ? "" : `+${duration(event.time.getTime() - startMs)}`,
    event.awsType === "" ? event.type : event.awsType,
    event.statePath === "" ? event.stateName : event.statePath,
    aboutOf(event, options.hasPayloads),
  ]);
  return table(["ID", "TIME", "EVENT", "STATE", "ABOUT"], rows, options.width);
}

function aboutOf(event: ExecutionEvent, hasPayloads: boolean): string {
  const { attempt, resource, worker, error, delayMs } = event;
  return [
    attempt > 1 ? `attempt ${attempt}` : "",
    resource,
    worker === "" ? "" : `on ${worker}`,
    error === undefined ? "" : [error.error, error.cause].filter((part) => part !== "").join(": "),
    delayMs === undefined ? "" : `for ${duration(delayMs)}`,
    hasPayloads && event.inputText !== "" ? `input ${event.inputText}` : "",
    hasPayloads && event.outputText !== "" ? `output ${event.outputText}` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

const examples = `
Examples:
  $ pawl history orders/order-7
  $ pawl history orders/order-7 --payloads
  $ pawl history 0199d8f2-5c1e-7c1a-9b57-3f1de0a8c111 --reverse --limit 20 --json`;
