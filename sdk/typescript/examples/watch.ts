/** Starts an execution of `orders` and prints its events as they happen. node watch.ts [ADDRESS] */
import { Client } from "@pawl/sdk";

using client = new Client({ address: process.argv[2] ?? "localhost:7300" });

const { execution } = await client.startExecution({
  stateMachine: "orders",
  input: { orderId: 8, total: 42 },
});
for await (const update of client.watchExecution(execution.id, { afterEventId: 1 })) {
  if (update.type === "event")
    console.log(update.event.id, update.event.type, update.event.stateName);
  else console.log(update.execution.status);
}
