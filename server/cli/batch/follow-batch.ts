import type { Batch, BatchItem, Client } from "@pawl/sdk";
import { exitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { Screen } from "../screen.ts";
import { shown } from "../text/plain.ts";
import { printBatch, progressBar } from "./batch-text.ts";

/**
 * Shows a batch until it has ended: a bar on a terminal, a line for each item that fails, and what it came
 * to. With `json` every update is a line.
 */
export async function followBatch(
  client: Client,
  id: string,
  { io, json }: { readonly io: Io; readonly json: boolean | undefined },
): Promise<void> {
  const screen = new Screen(io.streams.stderr);
  let batch: Batch | undefined;
  screen.keepStatus(() => (batch === undefined ? "" : progressBar(batch)));
  try {
    for await (const update of client.watchBatch(id, { items: true, fromStart: true })) {
      if (json === true) io.json(update);
      if (update.type === "progress") ({ batch } = update);
      else if (update.item.status === "FAILED") screen.line(failedLine(update.item));
    }
  } finally {
    screen.close();
  }
  if (batch === undefined) return;
  if (json !== true) printBatch(io, json, batch);
  io.exitCode = batch.status === "SUCCEEDED" ? exitCode.ok : exitCode.failed;
}

function failedLine({ index, execution, error }: BatchItem): string {
  const { error: name = "", cause = "" } = error ?? {};
  const why = cause === "" ? name : `${name}: ${cause}`;
  return execution === ""
    ? shown`item ${String(index)} failed: ${why}`
    : shown`item ${String(index)} failed (${execution}): ${why}`;
}
