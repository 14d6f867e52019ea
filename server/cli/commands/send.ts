import { Command, Option } from "commander";
import { JsonText, type SendMessage } from "@pawl/sdk";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { spanOf } from "../option-values.ts";
import { readInput } from "../read-input.ts";
import { shown } from "../text/plain.ts";
import { withClient } from "../with-client.ts";

interface SendOptions extends GlobalOptions {
  readonly data?: string;
  readonly id?: string;
  readonly ttl?: number;
  readonly match: NonNullable<SendMessage["match"]>;
  readonly machine?: string;
}

/** `pawl send`: a message for the Message states that wait for it. */
export function sendCommand(io: Io): Command {
  return new Command("send")
    .description("send a message to the executions that wait for it")
    .argument("<key>", "the CorrelationKey they wait for")
    .argument("<value>", "the correlation value: JSON, or a word that is taken as a text")
    .addOption(
      new Option("-d, --data <json>", "JSON, @file, or - for standard input (default: {})"),
    )
    .option("--id <id>", "sent twice with this id, it is received once")
    .addOption(
      new Option("--ttl <time>", "keep it so long if nobody waits yet, for example 10m").argParser(
        spanOf,
      ),
    )
    .addOption(
      new Option("--match <policy>", "who gets it when several wait")
        .choices(["ALL", "OLDEST", "EXACTLY_ONE"])
        .default("ALL"),
    )
    .option("-m, --machine <name>", "only executions of this state machine")
    .addHelpText("after", examples)
    .action(async (key: string, value: string, _options, command: Command) => {
      const options = command.optsWithGlobals<SendOptions>();
      const { id, ttl, match, machine } = options;
      const data =
        options.data === undefined ? undefined : await readInput(options.data, io.streams);
      const sent = await withClient(options, (client) =>
        client.sendMessage({
          correlationKey: key,
          correlationValue: new JsonText(jsonOf(value)),
          match,
          ...(data !== undefined && { data: new JsonText(data) }),
          ...(id !== undefined && { messageId: id }),
          ...(ttl !== undefined && { timeToLiveMs: ttl }),
          ...(machine !== undefined && { stateMachine: machine }),
        }),
      );
      if (options.json === true) return io.json(sent);
      for (const execution of sent.executions) io.line(shown`${execution} received it`);
      if (sent.duplicate) io.note("a message of this id was sent before; nothing was done");
      else if (sent.buffered) io.note("nobody waits for it yet; it is kept");
      else if (sent.executions.length === 0) io.note("nobody waits for it");
    });
}

/** `ORD-7` stands for `"ORD-7"`; what is JSON is that. */
function jsonOf(value: string): string {
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

const examples = `
Examples:
  $ pawl send orderId ORD-7 --data '{"approved": true}'
  $ pawl send invoice 42 --id payment-981 --ttl 1h
  $ pawl send invoice '"42"'          the text, not the number`;
