/**
 * A worker of the chaos test. Writes what it did and what it was told to a file, line by line:
 * `run` when a handler has made its output, `told` when the server has acknowledged an outcome.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, PawlError, silentLog, TaskError, Worker, type TaskContext } from "@pawl/sdk";

interface Work {
  readonly n: number;
  readonly runs: readonly string[];
}

const [address = "", logFile = ""] = process.argv.slice(2);
const note = (line: object): void => appendFileSync(logFile, `${JSON.stringify(line)}\n`);
const client = new Client({ address: address.split(",") });
const worker = new Worker({
  address,
  log: silentLog,
  onOutcome: ({ taskToken, status }) =>
    note({ told: status, token: Buffer.from(taskToken).toString("base64url") }),
});

async function add(work: Work, ctx: TaskContext): Promise<Work> {
  return done(work, Buffer.from(ctx.taskToken).toString("base64url"));
}

function done(work: Work, token: string): Work {
  const run = randomUUID();
  note({ run, token });
  return { ...work, n: work.n + 1, runs: [...work.runs, run] };
}

/** Reports under the token later, as if from elsewhere; the state's timeout is for the case that this dies before. */
async function callBack(token: string, work: Work): Promise<void> {
  await sleep(Math.random() * 300);
  const output = done(work, token);
  for (;;) {
    try {
      await client.completeTask(token, output);
      note({ told: "RECORDED", token });
      return;
    } catch (error) {
      if (!(error instanceof PawlError)) throw error;
      if (error.code !== "UNAVAILABLE" && error.code !== "DEADLINE_EXCEEDED") return;
      await sleep(100);
    }
  }
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
worker.task<{ token: string; work: Work }, null>(
  "chaos:ask",
  { concurrency: 50 },
  async (asked) => {
    void callBack(asked.token, asked.work);
    return null;
  },
);
await worker.run();
