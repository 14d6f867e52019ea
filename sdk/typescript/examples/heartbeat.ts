/** Serves `payments:charge` slowly: says how far it is, and goes on where the attempt before was lost. node heartbeat.ts [ADDRESS] */
import { setTimeout } from "node:timers/promises";
import { Worker } from "@pawl/sdk";

const pages = 10;

const worker = new Worker({ address: process.argv[2] ?? "localhost:7300" });

// Only what the handler says keeps its task: if it hangs, HeartbeatSeconds pass and the task is lost.
worker.task(
  "payments:charge",
  { autoHeartbeat: false },
  async ({ total }: { total: number }, ctx) => {
    const { page: first = 0 } = (ctx.lastHeartbeatDetails ?? {}) as { page?: number };
    for (let page = first + 1; page <= pages; page += 1) {
      await setTimeout(200, undefined, { signal: ctx.signal }); // the work; rejects when the result is not wanted any more
      ctx.heartbeat({ page }, page / pages);
      console.log(`page ${page} of ${pages}`);
    }
    return { charged: total };
  },
);

await worker.run({ graceMs: 5_000 });
