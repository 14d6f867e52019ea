/** Serves the tasks `payments:charge` until Ctrl-C, which lets running ones finish. node worker.ts [ADDRESS] */
import { TaskError, Worker } from "@pawl/sdk";

interface Order {
  readonly orderId: number;
  readonly total: number;
}

const worker = new Worker({ address: process.argv[2] ?? "localhost:7300" });

worker.task("payments:charge", { concurrency: 20 }, ({ orderId, total }: Order, ctx) => {
  if (total > 1_000)
    throw new TaskError("Payment.Declined", { orderId, total }, { nonRetryable: true });
  // A payment provider would take the key: a task that runs twice charges once.
  return { charged: total, key: ctx.idempotencyKey };
});

await worker.run();
