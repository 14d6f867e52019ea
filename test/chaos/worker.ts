/**
 * A worker of the chaos test. Writes what it did and what it was told to a file, line by line:
 * `run` when a handler has made its output, `told` when the server has acknowledged an outcome.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLog, TaskError, Worker, type TaskContext } from "@pawl/sdk";

interface Work {
  readonly n: number;
  readonly runs: readonly string[];
}

const [address = "", logFile = ""] = process.argv.slice(2);
const note = (line: object): void => appendFileSync(logFile, `${JSON.stringify(line)}\n`);
const worker = new Worker({
  address,
  log: silentLog,
  onOutcome: ({ taskToken, status }) =>
    note({ told: status, token: Buffer.from(taskToken).toString("base64url") }),
});

async function add(work: Work, ctx: TaskContext): Promise<Work> {
  const run = randomUUID();
  note({
    run,
    token: Buffer.from(ctx.taskToken).toString("base64url"),
    execution: ctx.execution,
    attempt: ctx.attempt,
  });
  return { ...work, n: work.n + 1, runs: [...work.runs, run] };
}

worker.task<Work, Work>("chaos:add", { concurrency: 50 }, add);
worker.task<Work, Work>("chaos:flaky", { concurrency: 50 }, async (work, ctx) => {
  await sleep(Math.random() * 30);
  if (ctx.attempt === 1 && work.n % 5 === 0)
    throw new TaskError("Chaos.Flaky", "the first attempt of every fifth fails");
  return add(work, ctx);
});
worker.task<Work, Work>("chaos:slow", { concurrency: 50 }, async (work, ctx) => {
  await sleep(1_500 + Math.random() * 1_500, undefined, { signal: ctx.signal });
  return add(work, ctx);
});
await worker.run();
