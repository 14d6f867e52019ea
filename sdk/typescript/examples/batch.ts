/** Runs `orders` for a thousand inputs as one batch and prints its progress. node batch.ts [ADDRESS] */
import { Client } from "@pawl/sdk";

using client = new Client({ address: process.argv[2] ?? "localhost:7300" });

const batch = await client.createBatch({
  stateMachine: "orders",
  inputs: readOrders(),
  maxConcurrency: 200,
});
for await (const update of client.watchBatch(batch.id)) {
  if (update.type !== "progress") continue;
  const { status, counts } = update.batch;
  console.log(`${status}: ${counts.succeeded} of ${counts.total}, ${counts.failed} failed`);
}
let charged = 0;
for await (const item of client.listBatchItems(batch.id, { payloads: "FULL", pageSize: 1_000 }))
  charged += (item.output as { charged: number }).charged;
console.log("charged", charged);

/** Any iterable will do; it is read as it is sent. */
function* readOrders(): Generator<{ orderId: number; total: number }> {
  for (let orderId = 1; orderId <= 1_000; orderId += 1) yield { orderId, total: 1 };
}
