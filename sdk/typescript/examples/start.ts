/** Makes the state machine `orders`, runs it once and prints what came of it. node start.ts [ADDRESS] */
import { Client } from "@pawl/sdk";

using client = new Client({ address: process.argv[2] ?? "localhost:7300" });

await client.applyStateMachine({
  name: "orders",
  definition: {
    StartAt: "Charge",
    States: {
      Charge: {
        Type: "Task",
        Resource: "payments:charge",
        HeartbeatSeconds: 10,
        Retry: [{ ErrorEquals: ["States.Timeout"] }],
        End: true,
      },
    },
  },
});
const execution = await client.runExecution({
  stateMachine: "orders",
  input: { orderId: 7, total: 42 },
});
console.log(execution.status, execution.outputText || execution.error);
