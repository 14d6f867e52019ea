import type { Worker } from "@pawl/sdk";

interface Order {
  readonly orderId: string;
}

/** Go's `registry.RegisterGoFunction("process:order", ...)` and its like, in a process of their own. */
export default function register(worker: Worker): void {
  worker.task("process:order", ({ orderId }: Order) => ({ orderId, status: "processed" }));
  worker.task("validate:payment", ({ orderId }: Order) => ({ orderId, paid: true }));
  worker.task("send:notification", () => ({ sent: true }));
  worker.task("create:account", ({ user }: { user: string }) => ({ account: `${user}-1` }));
  worker.task("ship:order", ({ orderId }: Order) => ({ parcel: `P-${orderId}` }));

  worker.task("clean:data", ({ number }: { number: number }) => ({
    number,
    isOdd: number % 2 === 1,
  }));
  worker.task("make:report", ({ title }: { title: string }) => `report ${title}`);

  worker.task("validate-order", () => ({ valid: true }));
  worker.task("send-email", ({ to, shipping }: { to: string; shipping: string }) => ({
    mail: `${to}: ${shipping}`,
  }));
  worker.task("update-inventory", () => ({ reserved: true }));
}
