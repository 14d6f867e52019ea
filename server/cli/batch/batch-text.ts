import type { Batch } from "@pawl/sdk";
import type { Io } from "../io.ts";
import { duration } from "../text/duration.ts";
import { shown } from "../text/plain.ts";

/** A batch for people: how it stands, and why. */
export function batchLines({ id, name, status, statusReason, counts, ...batch }: Batch): string {
  const named = name === id ? id : shown`${name} (${id})`;
  const why = statusReason === "" ? "" : shown`: ${statusReason}`;
  const ending = batch.endTime === undefined && isOverSoon(status) ? ", items still run" : "";
  const lines = [`${named} is ${status}${why}${ending}`, countsText({ counts })];
  const { lastAction } = batch;
  if (lastAction !== undefined && lastAction.operator !== "")
    lines.push(shown`last changed by ${lastAction.operator}: ${lastAction.reason}`);
  return lines.join("\n");
}

/** `10 items: 7 succeeded, 1 failed, 2 running`. */
export function countsText({ counts }: Pick<Batch, "counts">): string {
  const { total, succeeded, failed, skipped, running, pending } = counts;
  const parts = Object.entries({ succeeded, failed, skipped, running, pending })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  return `${total} items${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

/** `████████░░░░░░░░  52 %  5,200 of 10,000, 31 failed, 2,410/s, 2.0 s left`. */
export function progressBar({ status, counts }: Batch): string {
  const { total, succeeded, failed, skipped, itemsPerSecond, estimatedRemainingMs } = counts;
  const done = succeeded + failed + skipped;
  const share = total === 0 ? 1 : done / total;
  const full = Math.floor(share * barWidth);
  const parts = [
    `${done} of ${total}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(status === "RUNNING" ? [] : [status]),
    ...(itemsPerSecond > 0 ? [`${itemsPerSecond.toFixed(itemsPerSecond < 10 ? 1 : 0)}/s`] : []),
    ...(estimatedRemainingMs === undefined ? [] : [`${duration(estimatedRemainingMs)} left`]),
  ];
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${parts.join(", ")}`;
}

const barWidth = 24;

export function printBatch(io: Io, json: boolean | undefined, batch: Batch): void {
  if (json === true) io.json(batch);
  else io.line(batchLines(batch));
}

function isOverSoon(status: Batch["status"]): boolean {
  return status === "FAILED" || status === "CANCELLED";
}
