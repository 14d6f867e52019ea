/** One batch, from the call that creates it to the end that a watcher hears of. */
import { Client } from "@pawl/sdk";
import { inputOf, type Load } from "./scenarios.ts";

const { address, stateMachine, load } = JSON.parse(process.argv[2]!) as {
  address: string;
  stateMachine: string;
  load: Load;
};
const client = new Client({ address });
const inputs = Array.from({ length: load.executions }, (_, index) => inputOf(load, index));
const began = performance.now();
const { id } = await client.createBatch({ stateMachine, inputs, maxConcurrency: load.inFlight });
let succeeded = 0;
for await (const update of client.watchBatch(id, { minIntervalMs: 100 }))
  if (update.type === "progress") succeeded = update.batch.counts.succeeded;
const seconds = (performance.now() - began) / 1000;
if (succeeded !== load.executions) throw new Error(`${succeeded} of ${load.executions} succeeded`);
const cpu = process.cpuUsage();
process.stdout.write(
  `${JSON.stringify({ seconds, perSecond: load.executions / seconds, cpuMs: (cpu.user + cpu.system) / 1000 })}\n`,
);
client.close();
