/** The programs of the library's README, as programs of `@pawl/sdk`. A worker must serve their tasks. */
import { readFile } from "node:fs/promises";
import type { Client, Execution } from "@pawl/sdk";

/** Go: `statemachine.New(...)`, then `sm.Execute(ctx, input)`. */
export async function quickStart(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "quick-start.json");
  return client.runExecution({ stateMachine, input: { orderId: "ORD-1" } });
}

/** Go: a Parallel state. Here branches may hold any state, and Retry and Catch work. */
export async function parallel(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "parallel.yaml");
  return client.runExecution({ stateMachine, input: { user: "ada", seats: 12 } });
}

/** Go: `exec.Message(ctx, request)` resumes what waits. Here nobody has to wait yet, if the message may be kept. */
export async function payment(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "payment.yaml");
  const input = { orderId: "ORD-2", patienceSeconds: 300 };
  const { execution } = await client.startExecution({ stateMachine, input });
  await client.sendMessage({
    correlationKey: "order_id",
    correlationValue: "ORD-2",
    data: { amount: 42 },
    timeToLiveMs: 60_000,
  });
  return client.waitForExecution(execution.id);
}

/** Go: the timeout of a Message state, with `Catch` on `States.Timeout`. */
export async function paymentTimeout(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "payment.yaml");
  return client.runExecution({ stateMachine, input: { orderId: "ORD-3", patienceSeconds: 1 } });
}

/** `order-processing.yaml` is what `pawl import-seed library/order_processing.yaml` makes. */
export async function orderProcessing(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "order-processing.yaml");
  const input = { order: { total: 250 }, customer: { email: "ada@example.com" } };
  return client.runExecution({ stateMachine, input });
}

async function apply(client: Client, file: string): Promise<string> {
  const definition = await readFile(new URL(file, import.meta.url), "utf8");
  const name = `seed-${file.replace(/\.\w+$/, "")}`;
  const { stateMachine } = await client.applyStateMachine({ name, definition });
  return stateMachine.name;
}
