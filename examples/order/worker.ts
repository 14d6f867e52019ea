import { TaskError } from "@pawl/sdk";
import type { Worker } from "@pawl/sdk";

interface Item {
  readonly sku: string;
  readonly quantity: number;
  readonly price: number;
}

/** The names are those of order.yaml, whatever their spelling there: an ARN leads to the name in it. */
export default function register(worker: Worker): void {
  worker.task("process:order", ({ items }: { items: Item[] }) => {
    if (items.length === 0) throw new TaskError("Order.Invalid", "the order has no items");
    const total = items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
    return { items, total: Math.round(total * 100) / 100 };
  });

  worker.task("review:order", ({ total }: { total: number }) => ({ reviewed: true, total }));

  worker.task(
    "process:payment",
    ({ orderId, amount }: { orderId: string; amount: number }, ctx) => {
      if (amount > 5_000)
        throw new TaskError("Payment.Declined", { orderId, amount }, { nonRetryable: true });
      // the same for every attempt: a payment provider charges once per key
      return { charged: amount, key: ctx.idempotencyKey };
    },
  );

  worker.task("send:notification", ({ to, text }: { to: string; text: string }) => ({ to, text }));

  worker.task("ship-order", ({ items }: { items: Item[] }) => ({
    parcels: Math.ceil(items.reduce((sum, { quantity }) => sum + quantity, 0) / 5),
  }));
}
